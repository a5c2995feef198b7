"""Sessions nobody ends: closed by a person or by rule, and running again if their station speaks."""

import pytest

from ohmstead.station.states import PlugState

from .conftest import sessions
from .voices import minute

HOUR = 60


@pytest.fixture
def apply(told):
    """What the worker does about closings every second."""
    from django.db import transaction

    from ohmstead.charging import closings
    from ohmstead.charging.held import Held
    from ohmstead.charging.projection import refold
    from ohmstead.journal.entry import SHARDS

    def apply_closings():
        with transaction.atomic():
            waiting = closings.unapplied(range(SHARDS))
            refold(Held(), list(waiting.values()))
            closings.mark_applied(list(waiting))
        return sessions()

    return apply_closings


def close_silent(at):
    from ohmstead.charging.silence import close_silent

    return close_silent(minute(at))


def commands():
    from ohmstead.network.models import Command

    return [(row.kind, row.command["transaction_id"]) for row in Command.objects.all()]


def test_t1_a_session_silent_beyond_the_limit_is_lost_and_its_station_asked_to_stop(voice, told, apply):
    told(voice.start(0, 0), voice.meter(10, 900))
    assert close_silent(12 * HOUR) == 0
    assert close_silent(12 * HOUR + 11) == 1
    [session] = apply()
    assert (session.state, session.energy_wh, session.ended_at) == ("lost", 900, minute(10))
    assert (session.stop_reason, session.flags) == ("lost", ["lost"])
    assert commands() == [("StopSession", "1")]


def test_a_lost_session_is_given_up_once(voice, told, apply):
    told(voice.start(0, 0), voice.meter(10, 900))
    assert (close_silent(13 * HOUR), close_silent(14 * HOUR)) == (1, 0)
    apply()
    assert close_silent(15 * HOUR) == 0


def test_a_lost_session_runs_again_when_its_station_speaks_of_it(voice, told, apply):
    told(voice.start(0, 0), voice.meter(10, 900))
    close_silent(13 * HOUR)
    apply()
    [session] = told(voice.meter(14 * HOUR, 9900))
    assert (session.state, session.energy_wh, session.flags) == ("running", 9900, [])
    [session] = told(voice.stop(15 * HOUR, 12_000))
    assert (session.state, session.energy_wh) == ("ended", 12_000)


def test_history_that_arrives_late_does_not_reopen_a_lost_session(voice, told, apply):
    told(voice.start(0, 0), voice.meter(10, 900))
    close_silent(13 * HOUR)
    apply()
    [session] = told(voice.meter(5, 400))
    assert (session.state, session.energy_wh) == ("lost", 900)


def test_a_session_whose_plug_is_free_is_given_up_soon(voice, told, apply):
    told(voice.start(0, 0), voice.meter(10, 900), voice.plug(12, PlugState.AVAILABLE))
    assert (close_silent(20), close_silent(28)) == (0, 1)
    [session] = apply()
    assert session.state == "lost"


def test_t18_a_session_whose_plug_is_faulted_is_given_up_soon_and_goes_on_when_it_charges_again(voice, told, apply):
    told(voice.start(0, 0), voice.meter(10, 900), voice.plug(12, PlugState.FAULTED))
    assert (close_silent(20), close_silent(28)) == (0, 1)
    [session] = apply()
    assert session.state == "lost"
    [session] = told(voice.plug(40, PlugState.CHARGING))
    assert session.state == "running"


def test_a_session_that_is_spoken_of_is_left_alone(voice, told):
    told(voice.start(0, 0), voice.meter(10 * HOUR, 900))
    assert close_silent(13 * HOUR) == 0


def test_a_car_that_still_charges_keeps_its_session_though_no_reading_comes(voice, told):
    told(voice.start(0, 0), voice.plug(10 * HOUR, PlugState.CHARGING))
    assert close_silent(13 * HOUR) == 0


def test_t1_closed_by_hand_it_ends_with_its_last_reading_and_the_station_is_asked_to_stop(voice, told, apply):
    from ohmstead.access.actors import Actor
    from ohmstead.access.models import AuditEntry
    from ohmstead.charging.actions import close_session

    [session] = told(voice.start(0, 0), voice.meter(10, 900))
    close_session(session, by=Actor("user", "Mia"), reason="The driver called.")
    [session] = apply()
    assert (session.state, session.energy_wh, session.flags) == ("ended", 900, ["closed_by_hand"])
    assert commands() == [("StopSession", "1")]
    assert AuditEntry.objects.get().verb == "session.closed"


def test_a_session_that_has_ended_cannot_be_closed(voice, told):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.charging.actions import SessionNotRunning, close_session

    [session] = told(voice.start(0, 0), voice.stop(10, 900))
    with pytest.raises(SessionNotRunning):
        close_session(session, by=SYSTEM, reason="")


def test_t14_a_plug_whose_clock_is_behind_its_boot_ends_the_stale_session_too(voice, told):
    [session] = told(voice.start(0, 0), voice.meter(10, 900), voice.boot(12), voice.plug(11.9, PlugState.AVAILABLE))
    assert (session.state, session.energy_wh, session.flags) == ("ended", 900, ["ended_by_reboot"])
