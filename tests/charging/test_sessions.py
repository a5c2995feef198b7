"""Each rule by which what was said becomes a session. Numbers like T5 are rows of the list of known complaints."""

from decimal import Decimal

import pytest

from ohmstead.station.readings import ReadingContext
from ohmstead.station.states import ChargingState, PlugState, StopReason
from ohmstead.station.tokens import TokenVerdict

from .voices import minute

REFUSALS = [TokenVerdict.BLOCKED, TokenVerdict.EXPIRED, TokenVerdict.UNKNOWN, TokenVerdict.CONCURRENT_TX]


def test_start_meter_stop_gives_the_register_difference(voice, told):
    [session] = told(voice.start(0, 100_000), voice.meter(10, 101_500, power_w=11_000.0), voice.stop(60, 107_250))
    assert session.state == "ended"
    assert session.energy_wh == Decimal(7250)
    assert (session.start_register_wh, session.end_register_wh) == (100_000, 107_250)
    assert session.token_uid == "CARD1"
    assert session.flags == []


def test_a_transaction_of_ocpp_2_ends_with_the_energy_of_its_readings(voice, told):
    [session] = told(
        voice.start(0, readings=(voice.reading(0, 5000, ReadingContext.BEGIN),), seq_no=0),
        voice.update(5, state=ChargingState.CHARGING, readings=[voice.reading(5, 6000)], seq_no=1),
        voice.stop(9, readings=(voice.reading(9, 6400, ReadingContext.END),), seq_no=2),
    )
    assert (session.state, session.energy_wh, session.flags) == ("ended", 1400, [])


def test_a_running_session_shows_its_energy_and_power(voice, told):
    [session] = told(voice.start(0, 0), voice.meter(1, 150, power_w=9000.0), voice.meter(2, 300, power_w=8000.0))
    assert (session.state, session.energy_wh) == ("running", 300)
    assert (session.power_w, session.max_power_w) == (8000, 9000)


class TestStarts:
    def test_t6_the_same_start_repeated_is_one_session(self, voice, told):
        [session] = told(voice.start(0, 100), voice.start(0, 100), voice.stop(60, 5100))
        assert session.energy_wh == 5000

    def test_t5_the_same_card_started_twice_leaves_no_session_open_for_ever(self, voice, told):
        first, second = told(voice.start(0, 100, tx="1"), voice.start(3, 100, tx="2"), voice.meter(9, 900, tx="2"))
        assert (first.state, first.flags) == ("ended", ["ended_by_next_start", "energy_unknown", "short"])
        assert (second.state, second.energy_wh) == ("running", 800)

    def test_a_second_start_on_a_busy_plug_ends_the_first_with_its_last_reading(self, voice, told):
        first, second = told(
            voice.start(0, 0, tx="1"), voice.meter(20, 3000), voice.start(30, 3100, tx="2", token="CARD2")
        )
        assert (first.state, first.energy_wh, first.ended_at) == ("ended", 3000, minute(20))
        assert "ended_by_next_start" in first.flags
        assert second.state == "running"

    def test_a_start_on_another_plug_ends_nothing(self, voice, told):
        first, second = told(voice.start(0, 0, tx="1", evse=1), voice.start(5, 0, tx="2", evse=2))
        assert (first.state, second.state) == ("running", "running")

    def test_t17_sessions_of_two_plugs_never_mix(self, voice, told):
        first, second = told(
            voice.start(0, 100, tx="1", evse=1),
            voice.start(1, 90_000, tx="2", evse=2),
            voice.meter(2, 400, tx="1", evse=1),
            voice.meter(2, 90_700, tx="2", evse=2),
            voice.stop(9, 91_000, tx="2"),
            voice.stop(9, 1100, tx="1"),
        )
        assert (first.energy_wh, second.energy_wh) == (1000, 1000)

    def test_t14_a_session_superseded_goes_on_when_its_station_speaks_of_it_again(self, voice, told):
        first, _ = told(voice.start(0, 0, tx="1"), voice.start(5, 0, tx="2"), voice.meter(9, 900, tx="1"))
        assert first.state == "running"

    def test_a_refused_start_ends_nobodys_charge(self, voice, told):
        running, refused = told(
            voice.start(0, 1000), voice.start(20, 2000, tx="2", token="CARD2", verdict=TokenVerdict.BLOCKED)
        )
        assert (running.state, refused.state) == ("running", "refused")

    def test_a_start_that_is_let_in_later_ends_what_ran_before(self, voice, told):
        first, second = told(
            voice.start(0, 1000),
            voice.start(20, 2000, tx="2", token="CARD2", verdict=TokenVerdict.BLOCKED),
            voice.update(21, tx="2", token=_token("CARD3"), verdict=TokenVerdict.ACCEPTED),
        )
        assert (first.state, second.state, second.token_uid) == ("ended", "running", "CARD3")

    @pytest.mark.parametrize("verdict", REFUSALS)
    def test_t12_a_refused_start_is_no_running_session(self, voice, told, verdict):
        [session] = told(voice.start(0, 100, verdict=verdict))
        assert (session.state, session.verdict) == ("refused", verdict.value)

    def test_energy_that_flows_in_spite_of_a_refusal_is_a_session_and_flagged(self, voice, told):
        [session] = told(voice.start(0, 100, verdict=TokenVerdict.BLOCKED), voice.meter(5, 900), voice.stop(9, 1100))
        assert (session.state, session.energy_wh) == ("ended", 1000)
        assert "charged_though_refused" in session.flags

    def test_a_session_belongs_to_the_first_token_that_was_let_in(self, voice, told):
        [session] = told(
            voice.start(0, token="CARD9", verdict=TokenVerdict.UNKNOWN),
            voice.update(1, token=_token("CARD1"), verdict=TokenVerdict.ACCEPTED),
        )
        assert (session.token_uid, session.verdict, session.state) == ("CARD1", "accepted", "running")


class TestStops:
    def test_t2_a_stop_without_transaction_id_finds_its_session(self, voice, told):
        [session] = told(voice.start(0, 100), voice.stop(60, 5100, tx=None, token="CARD1"))
        assert (session.state, session.energy_wh, session.flags) == ("ended", 5000, ["stop_matched"])

    def test_t2_it_finds_it_also_when_the_start_comes_later(self, voice, told):
        [session] = told(voice.stop(60, 5100, tx=None, token="CARD1"), voice.start(0, 100, offline=True))
        assert (session.state, session.energy_wh) == ("ended", 5000)

    def test_t2_the_token_tells_two_plugs_apart(self, voice, told):
        first, second = told(
            voice.start(0, 100, tx="1", evse=1, token="CARD1"),
            voice.start(1, 100, tx="2", evse=2, token="CARD2"),
            voice.stop(60, 5100, tx=None, token="CARD1"),
        )
        assert (first.state, second.state) == ("ended", "running")

    def test_t2_the_meter_tells_two_plugs_of_one_card_apart(self, voice, told):
        first, second = told(
            voice.start(0, 700_000, tx="1", evse=1),
            voice.start(1, 100, tx="2", evse=2),
            voice.stop(60, 701_000, tx=None, token="CARD1"),
        )
        assert (first.state, first.energy_wh, second.state) == ("ended", 1000, "running")

    def test_a_stop_that_was_matched_moves_when_a_better_start_arrives(self, voice, told):
        older, better = told(
            voice.start(0, 100, tx="1", evse=1, token=None),
            voice.stop(60, 5100, tx=None, token="CARD1"),
            voice.start(10, 4100, tx="2", evse=2, token="CARD1"),
        )
        assert (older.state, better.state, better.energy_wh) == ("running", "ended", 1000)

    def test_a_real_stop_frees_the_one_that_was_matched(self, voice, told):
        [session] = told(
            voice.start(0, 100), voice.stop(60, 5100, tx=None, token="CARD1"), voice.stop(30, 3100, tx="1")
        )
        assert (session.energy_wh, session.flags) == (3000, [])

    def test_a_session_that_took_a_stop_takes_no_second_one(self, voice, told):
        first, second = told(
            voice.start(0, 1000, tx="1", evse=1),
            voice.stop(10, 2000, tx=None, token="CARD1"),
            voice.stop(30, 2100, tx=None, token="CARD1"),
            voice.start(20, 100, tx="2", evse=2),
        )
        assert (first.energy_wh, second.energy_wh) == (1000, 2000)

    def test_t17_a_refused_start_and_a_stop_without_id_make_no_session(self, voice, told):
        [session] = told(
            voice.start(0, 100, verdict=TokenVerdict.CONCURRENT_TX), voice.stop(1, 100, tx=None, token="CARD1")
        )
        assert session.state == "refused"

    def test_t17_a_stop_without_id_that_fits_nothing_makes_no_session(self, voice, told):
        assert told(voice.stop(1, 100, tx=None, token="CARD1")) == []

    def test_t3_a_stop_of_an_unknown_transaction_is_kept_and_flagged(self, voice, told):
        [session] = told(voice.stop(5, 9000, tx="77"))
        assert (session.state, session.energy_wh) == ("ended", 0)
        assert {"start_missing", "energy_unknown"} <= set(session.flags)

    def test_a_stop_before_its_start_is_the_same_session(self, voice, told):
        [session] = told(voice.stop(60, 5100), voice.start(0, 100))
        assert (session.state, session.energy_wh, session.flags) == ("ended", 5000, [])

    def test_t7_a_repeated_stop_changes_nothing(self, voice, told):
        from ohmstead.charging.models import MeterReading

        end = voice.reading(60, 5100, ReadingContext.END)
        [session] = told(*[voice.start(0, 100)] * 2, *[voice.stop(60, 5100, readings=(end,))] * 3)
        assert (session.energy_wh, session.flags) == (5000, [])
        assert MeterReading.objects.count() == 1

    def test_t7_of_two_different_stops_the_earlier_one_ends_it(self, voice, told):
        [session] = told(voice.start(0, 100), voice.stop(70, 9100), voice.stop(60, 5100))
        assert (session.ended_at, session.energy_wh) == (minute(60), 5000)

    def test_t8_a_stop_ends_only_a_session_of_its_own_station(self, organisation, voice, told):
        from .conftest import new_voice

        mine, _ = told(voice.start(0, 100, tx="1"), new_voice(organisation, "CS-2").stop(5, 900, tx="1"))
        assert mine.state == "running"

    def test_t9_a_stop_without_a_token_ends_the_session(self, voice, told):
        [session] = told(voice.start(0, 100), voice.stop(60, 5100, token=None))
        assert session.state == "ended"

    def test_the_reason_is_kept(self, voice, told):
        [session] = told(voice.start(0, 100), voice.stop(60, 5100, reason=StopReason.EMERGENCY_STOP))
        assert session.stop_reason == "emergency_stop"

    def test_an_end_before_the_start_is_no_negative_time(self, voice, told):
        [session] = told(voice.start(10, 100), voice.stop(5, 5100))
        assert session.ended_at == session.started_at
        assert "clock_backwards" in session.flags


class TestReboots:
    def test_t14_a_reboot_into_preparing_ends_the_stale_session(self, voice, told):
        [session] = told(voice.start(0, 0), voice.meter(10, 900), voice.boot(12), voice.plug(12.5, PlugState.PREPARING))
        assert (session.state, session.energy_wh, session.ended_at) == ("ended", 900, minute(10))
        assert (session.stop_reason, session.flags) == ("reboot", ["ended_by_reboot"])

    def test_t18_power_loss_without_a_stop_closes_with_the_last_reading(self, voice, told):
        [session] = told(voice.start(0, 0), voice.meter(10, 900), voice.boot(40), voice.plug(40.2, PlugState.AVAILABLE))
        assert (session.state, session.energy_wh) == ("ended", 900)

    def test_a_reboot_alone_ends_nothing(self, voice, told):
        [session] = told(voice.start(0, 0), voice.meter(10, 900), voice.boot(12), voice.plug(12.5, PlugState.CHARGING))
        assert session.state == "running"

    def test_a_plug_that_was_free_before_the_reboot_ends_nothing(self, voice, told):
        [session] = told(voice.start(0, 0), voice.plug(1, PlugState.PREPARING), voice.meter(10, 900), voice.boot(12))
        assert session.state == "running"

    def test_a_session_goes_on_when_its_station_speaks_of_it_after_the_reboot(self, voice, told):
        [session] = told(voice.start(0, 0), voice.boot(12), voice.plug(13, PlugState.PREPARING), voice.meter(20, 2000))
        assert (session.state, session.energy_wh) == ("running", 2000)

    def test_a_stop_queued_over_the_reboot_is_the_true_end(self, voice, told):
        [session] = told(
            voice.start(0, 0),
            voice.meter(10, 900),
            voice.boot(40),
            voice.plug(41, PlugState.AVAILABLE),
            voice.stop(11, 1000, reason=StopReason.POWER_LOSS),
        )
        assert (session.energy_wh, session.stop_reason, session.flags) == (1000, "power_loss", [])

    def test_t14_our_own_restart_keeps_open_sessions(self, voice, told):
        from .conftest import sessions, tell_batch

        for heard in (voice.start(0, 0), voice.meter(10, 900), voice.meter(20, 1800)):
            tell_batch([heard])
        [session] = sessions()
        assert (session.state, session.energy_wh) == ("running", 1800)

    def test_a_reboot_after_the_next_start_has_no_say(self, voice, told):
        first, second = told(
            voice.start(0, 0, tx="1"), voice.start(30, 0, tx="2"), voice.boot(40), voice.plug(41, PlugState.AVAILABLE)
        )
        assert ("ended_by_next_start" in first.flags, second.stop_reason) == (True, "reboot")


class TestAfterwards:
    def test_t13_meter_values_after_the_stop_are_recorded_not_billed(self, voice, told):
        from ohmstead.charging.models import MeterReading

        [session] = told(voice.start(0, 100), voice.stop(60, 5100), voice.meter(75, 5900), voice.meter(90, 7000))
        assert (session.energy_wh, session.ended_at) == (5000, minute(60))
        assert session.flags == ["spoken_of_after_end"]
        assert MeterReading.objects.count() == 2

    def test_m8_history_replayed_months_late_stays_in_its_own_time(self, voice, told):
        month = 43_200
        finished = told(voice.start(0, 100), voice.meter(30, 2100), voice.stop(60, 5100))[0]
        again = told(
            voice.start(3 * month, 9000, tx="9"),
            voice.meter(30, 2100, context=ReadingContext.TRIGGER),
            voice.meter(31, 2200, context=ReadingContext.CLOCK),
        )
        assert (again[0].energy_wh, again[0].ended_at) == (finished.energy_wh, finished.ended_at)
        assert (again[1].state, again[1].energy_wh) == ("running", 0)

    def test_an_offline_session_replayed_later_is_whole(self, voice, told):
        [session] = told(
            voice.boot(300),
            voice.start(0, 100, offline=True),
            voice.meter(10, 1100),
            voice.meter(20, 2100),
            voice.stop(30, 3100),
        )
        assert (session.energy_wh, session.flags) == (3000, ["offline"])

    def test_2x_gaps_in_the_numbering_are_flagged(self, voice, told):
        whole, torn = told(
            voice.start(0, 0, tx="a", seq_no=0),
            voice.update(1, tx="a", seq_no=1),
            voice.stop(2, 10, tx="a", seq_no=2),
            voice.start(5, 0, tx="b", seq_no=0),
            voice.stop(9, 10, tx="b", seq_no=4),
        )
        assert ("seq_gap" in whole.flags, "seq_gap" in torn.flags) == (False, True)

    def test_a_gap_that_is_filled_later_is_no_gap(self, voice, told):
        [session] = told(voice.start(0, 0, seq_no=0), voice.stop(9, 10, seq_no=2), voice.update(5, seq_no=1))
        assert "seq_gap" not in session.flags

    def test_zero_energy_and_less_than_a_minute_are_flagged(self, voice, told):
        [session] = told(voice.start(0, 100), voice.stop(0.5, 100))
        assert session.flags == ["short", "zero_energy"]


def _token(uid):
    from ohmstead.station.tokens import PresentedToken

    return PresentedToken(uid)
