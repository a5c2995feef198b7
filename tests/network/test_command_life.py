"""A command that waits for its station, is taken back, repeated, or asked twice by mistake."""

from datetime import timedelta

import pytest

from ohmstead.station.commands import ChangePassword, CommandOutcome, GetInventory, ResetStation, UnlockConnector
from tests.network.heard import NOON, minutes

HOUR = timedelta(hours=1)


@pytest.fixture
def by(database):
    from ohmstead.access.actors import Actor
    from ohmstead.access.models import User

    return Actor.of_user(User.objects.create_user("ann@hill.example", name="Ann"))


@pytest.fixture
def actions(database):
    from ohmstead.network import command_actions

    return command_actions


@pytest.fixture
def dispatch(database):
    from ohmstead.network import dispatch

    return dispatch


def comes_back(station, at, *, booted=True):
    station.online, station.gateway, station.connected_at = True, "gw-1", at
    station.booted_at = at if booted else None
    station.save()


def states(row):
    row.refresh_from_db()
    return [line["state"] for line in row.history]


def test_a_command_that_may_wait_waits_for_its_station(station, actions, dispatch, by):
    row = actions.ask_station(station, ResetStation(), by=by, wait_until_online=HOUR)
    dispatch.claim(row.asked_at)
    dispatch.not_connected(row.id, row.asked_at)
    assert states(row) == ["queued", "waiting"]
    assert (row.state, row.ended_at) == ("waiting", None)
    assert dispatch.claim(row.asked_at) == []
    comes_back(station, row.asked_at)
    assert [each.id for each in dispatch.claim(row.asked_at)] == [row.id]
    dispatch.end({row.id: CommandOutcome(state="accepted")}, row.asked_at)
    assert states(row) == ["queued", "waiting", "sent", "accepted"]


def test_it_lets_the_station_boot_first(station, actions, dispatch, by):
    row = actions.ask_station(station, ResetStation(), by=by, wait_until_online=HOUR)
    dispatch.claim(row.asked_at)
    dispatch.not_connected(row.id, row.asked_at)
    comes_back(station, row.asked_at, booted=False)
    assert dispatch.claim(row.asked_at + timedelta(seconds=5)) == []
    assert [each.id for each in dispatch.claim(row.asked_at + timedelta(seconds=16))] == [row.id]


def test_it_does_not_wait_for_ever(station, actions, dispatch, by):
    row = actions.ask_station(station, ResetStation(), by=by, wait_until_online=HOUR)
    dispatch.claim(row.asked_at)
    dispatch.not_connected(row.id, row.asked_at)
    assert dispatch.give_up_old(row.asked_at + timedelta(minutes=59)) == {}
    dispatch.give_up_old(row.asked_at + timedelta(minutes=61))
    assert states(row) == ["queued", "waiting", "timed_out"]
    assert row.reason == "The station did not come back in time."


def test_what_waits_does_not_hold_up_what_is_asked_now(station, actions, dispatch, by):
    waiting = actions.ask_station(station, ResetStation(), by=by, wait_until_online=HOUR)
    dispatch.claim(waiting.asked_at)
    dispatch.not_connected(waiting.id, waiting.asked_at)
    now = actions.ask_station(station, UnlockConnector(evse=1), by=by)
    assert [each.id for each in dispatch.claim(now.asked_at)] == [now.id]


@pytest.mark.parametrize("duration", [timedelta(0), timedelta(days=31)])
def test_a_wait_has_bounds(station, actions, by, duration):
    from ohmstead.network.errors import CommandRefused

    with pytest.raises(CommandRefused, match="30 days at most"):
        actions.ask_station(station, ResetStation(), by=by, wait_until_online=duration)


def test_a_queued_command_is_taken_back(station, actions, dispatch, by):
    from ohmstead.access.models import AuditEntry

    row = actions.ask_station(station, ResetStation(), by=by, wait_until_online=HOUR)
    actions.cancel_command(row, by=by)
    actions.cancel_command(row, by=by)
    assert (states(row), row.reason) == (["queued", "cancelled"], "Taken back by Ann.")
    assert dispatch.claim(row.asked_at) == []
    assert [each.verb for each in AuditEntry.objects.order_by("id")] == ["station.asked", "station.command_cancelled"]


def test_a_password_that_is_taken_back_was_never_valid(station, actions, by):
    row = actions.ask_station(station, ChangePassword(password="x" * 20), by=by, wait_until_online=HOUR)
    actions.cancel_command(row, by=by)
    station.refresh_from_db()
    assert station.next_password_hash == ""


def test_a_sent_command_cannot_be_taken_back(station, actions, dispatch, by):
    from ohmstead.network.errors import TooLate

    row = actions.ask_station(station, ResetStation(), by=by)
    dispatch.claim(NOON)
    with pytest.raises(TooLate, match="has been asked already"):
        actions.cancel_command(row, by=by)


def test_a_command_is_repeated_as_a_new_row(station, actions, dispatch, by):
    row = actions.ask_station(station, GetInventory(request_id=77), by=by)
    dispatch.claim(NOON)
    dispatch.end({row.id: CommandOutcome(state="timed_out")}, minutes(1))
    repeated = actions.repeat_command(row, by=by)
    assert (repeated.repeats_id, repeated.kind, repeated.state) == (row.id, "GetInventory", "queued")
    assert repeated.request_id != 77
    assert repeated.command["request_id"] == repeated.request_id


def test_a_secret_cannot_be_repeated(station, actions, dispatch, by):
    from ohmstead.network.errors import CommandRefused

    row = actions.ask_station(station, ChangePassword(password="x" * 20), by=by)
    dispatch.claim(NOON)
    dispatch.end({row.id: CommandOutcome(state="rejected")}, minutes(1))
    row.refresh_from_db()
    with pytest.raises(CommandRefused, match="secrets are not kept"):
        actions.repeat_command(row, by=by)


def test_a_key_makes_two_askings_one(station, actions, by):
    from ohmstead.network.errors import KeyUsedAgain
    from ohmstead.network.models import Command

    first = actions.ask_station(station, ResetStation(), by=by, key="abc")
    assert actions.ask_station(station, ResetStation(), by=by, key="abc") == first
    assert Command.objects.count() == 1
    with pytest.raises(KeyUsedAgain, match="for another command"):
        actions.ask_station(station, UnlockConnector(evse=1), by=by, key="abc")
    assert actions.ask_station(station, ResetStation(), by=by, key="other") != first
