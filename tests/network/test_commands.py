"""A command's way: queued, sent, ended; and the password that changes only when the station says so."""

import json
import uuid
from datetime import timedelta

import pytest

from ohmstead.journal.entry import EntryKind
from ohmstead.station.commands import CommandOutcome, ResetStation, SetNetworkProfile, TriggerMessage
from ohmstead.station.commands.settings import Vpn
from ohmstead.station.events import CommandAnswered
from tests.network.heard import NOON, heard, minutes
from tests.network.test_line import project

ACCEPTED = CommandOutcome(state="accepted")


@pytest.fixture
def online(station):
    station.gateway, station.online = "gw-1", True
    station.save()
    return station


@pytest.fixture
def dispatch(database):
    from ohmstead.network import dispatch

    return dispatch


def ask(station, command=None, *, at=NOON):
    from ohmstead.network import commands

    return commands.queue(station.id, command or ResetStation(), at=at)


def state_of(row):
    row.refresh_from_db()
    return row.state


def test_a_queued_command_is_claimed_once(online, dispatch):
    row = ask(online)
    (claimed,) = dispatch.claim(NOON)
    assert (claimed.id, claimed.station_id, claimed.gateway) == (row.id, online.id, "gw-1")
    assert json.loads(claimed.command) == {"type": "ResetStation"}
    assert dispatch.claim(NOON) == []
    assert state_of(row) == "sent"
    dispatch.end({row.id: ACCEPTED}, minutes(1))
    assert (state_of(row), row.ended_at) == ("accepted", minutes(1))


def test_commands_of_one_station_go_one_after_the_other(online, dispatch):
    first, second = ask(online), ask(online, at=minutes(1))
    assert [each.id for each in dispatch.claim(NOON)] == [first.id]
    assert dispatch.claim(NOON) == []
    dispatch.end({first.id: ACCEPTED}, NOON)
    assert [each.id for each in dispatch.claim(NOON)] == [second.id]


def test_a_command_for_an_offline_station_names_no_gateway(station, dispatch):
    row = ask(station)
    (claimed,) = dispatch.claim(NOON)
    assert claimed.gateway == ""
    dispatch.end({row.id: dispatch.OFFLINE}, NOON)
    assert (state_of(row), row.reason) == ("offline", "The station is not connected.")


def test_what_never_left_is_still_queued(online, dispatch):
    row = ask(online)
    dispatch.claim(NOON)
    dispatch.give_back([row.id])
    assert (state_of(row), row.sent_at) == ("queued", None)


def test_an_old_command_is_given_up(online, dispatch):
    late, lost, fresh = ask(online), ask(online), ask(online, at=minutes(9))
    lost.state, lost.sent_at = "sent", NOON
    lost.save()
    assert dispatch.give_up_old(NOON + timedelta(minutes=10)) == {online.organisation_id: {late.id, lost.id}}
    assert [state_of(each) for each in (late, lost, fresh)] == ["timed_out", "timed_out", "queued"]
    assert lost.reason == "No answer reached us."


def answer(station, row, payload, *, frame=b"[3]", error=None, action="Reset"):
    event = CommandAnswered(message_id=str(row.id), action=action, payload=payload, error_code=error)
    return heard(station.id, event, kind=EntryKind.ANSWERED, frame=frame, at=minutes(2))


def test_the_journal_ends_a_command_whose_desk_died(online, dispatch):
    row = ask(online)
    dispatch.claim(NOON)
    project(answer(online, row, {"status": "Accepted"}))
    assert (state_of(row), row.ended_at, row.answer) == ("accepted", minutes(2), {"status": "Accepted"})
    dispatch.end({row.id: CommandOutcome(state="timed_out")}, minutes(3))
    assert state_of(row) == "accepted"


def test_c5_an_answer_after_the_time_out_is_matched(online, dispatch):
    row = ask(online)
    dispatch.claim(NOON)
    dispatch.end({row.id: CommandOutcome(state="timed_out")}, minutes(1))
    project(answer(online, row, None, frame=None, error="Timeout"))
    assert state_of(row) == "timed_out"
    project(answer(online, row, {"status": "Rejected"}))
    assert state_of(row) == "rejected"


def test_an_answer_to_nothing_of_ours_changes_nothing(online, dispatch):
    row = ask(online)
    other = CommandAnswered(message_id="4711", action="Reset", payload={"status": "Accepted"})
    unknown = CommandAnswered(message_id=str(uuid.uuid4()), action="Reset", payload={"status": "Accepted"})
    project(heard(online.id, other, kind=EntryKind.ANSWERED), heard(online.id, unknown, kind=EntryKind.ANSWERED))
    assert state_of(row) == "queued"


@pytest.mark.parametrize(
    ("state", "old_works", "new_works"),
    [
        pytest.param(None, True, True, id="on its way"),
        pytest.param("accepted", False, True, id="accepted"),
        pytest.param("rejected", True, False, id="rejected"),
        pytest.param("offline", True, False, id="never delivered"),
        pytest.param("failed", True, False, id="not understood"),
        pytest.param("timed_out", True, True, id="nobody knows"),
    ],
)
def test_a_password_over_the_air(online, dispatch, state, old_works, new_works):
    from django.conf import settings

    from ohmstead.access.actors import SYSTEM
    from ohmstead.network import actions, command_actions
    from ohmstead.station.passwords import password_hash
    from tests.network.test_admission import admit, request

    old = actions.set_password(online, by=SYSTEM)
    row = command_actions.change_password_over_the_air(online, by=SYSTEM)
    new = json.loads(dispatch.claim(NOON)[0].command)["password"]
    if state:
        dispatch.end({row.id: CommandOutcome(state=state)}, NOON)
        row.refresh_from_db()
        assert new not in json.dumps(row.command)

    def works(password):
        hashed = password_hash(settings.SECRET_KEY, password)
        return admit(request(profile=1, password_hash=hashed))[0].http_status == 101

    assert (works(old), works(new)) == (old_works, new_works)


def test_a_second_new_password_waits_for_the_first(online, dispatch):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.network import actions, command_actions
    from ohmstead.network.errors import PasswordUnderWay

    row = command_actions.change_password_over_the_air(online, by=SYSTEM)
    for act in (command_actions.change_password_over_the_air, actions.set_password):
        with pytest.raises(PasswordUnderWay, match="on its way to ST-1"):
            act(online, by=SYSTEM)
    dispatch.end({row.id: ACCEPTED}, NOON)
    assert actions.set_password(online, by=SYSTEM)


def test_a_password_over_the_air_suits_stations_that_send_bytes_and_those_that_send_digits(online, dispatch):
    from base64 import b64encode

    from ohmstead.access.actors import SYSTEM
    from ohmstead.gateway.upgrade import read_password
    from ohmstead.network import command_actions

    command_actions.change_password_over_the_air(online, by=SYSTEM)
    sent = json.loads(dispatch.claim(NOON)[0].command)["password"]
    assert len(sent) == 40
    for raw in (sent.encode(), bytes.fromhex(sent)):
        header = "Basic " + b64encode(b"ST-1:" + raw).decode()
        assert read_password(header, "ST-1") == sent


def test_a_station_that_comes_with_the_new_password_has_switched(online, dispatch):
    from django.conf import settings

    from ohmstead.access.actors import SYSTEM
    from ohmstead.network import actions, command_actions
    from ohmstead.station.passwords import password_hash
    from tests.network.test_admission import admit, request

    actions.set_password(online, by=SYSTEM)
    command_actions.change_password_over_the_air(online, by=SYSTEM)
    new = password_hash(settings.SECRET_KEY, json.loads(dispatch.claim(NOON)[0].command)["password"])
    admit(request(profile=1, password_hash=new))
    online.refresh_from_db()
    assert (online.password_hash, online.next_password_hash) == (new, "")


def test_a_trigger_keeps_what_was_asked(online, dispatch):
    ask(online, TriggerMessage(message="StatusNotification", evse=2))
    (claimed,) = dispatch.claim(NOON)
    assert json.loads(claimed.command) == {"type": "TriggerMessage", "message": "StatusNotification", "evse": 2}


def test_what_the_gateways_must_hear_stays_until_it_was_said(station, dispatch):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.network import actions

    actions.close_connection(station, by=SYSTEM, reason="Cable work.")
    (row,) = dispatch.announcements()
    assert (row.station_id, row.admission.value, row.close) == (station.id, "accepted", "Cable work.")
    assert dispatch.announcements() == [row]
    dispatch.announced([row.id])
    assert dispatch.announcements() == []


def test_secrets_of_a_command_are_gone_from_its_row_when_it_ends(online, dispatch):
    from django.db import transaction

    from ohmstead.network import commands

    vpn = Vpn(server="vpn.example", user="ohm", password="hush-1", key="hush-2", kind="IPSec")
    row = ask(online, SetNetworkProfile(slot=1, url="wss://charge.example/ocpp", security_profile=2, vpn=vpn))
    assert "hush-1" in str(row.command)
    with transaction.atomic():
        commands.settle({row.pk: ACCEPTED}, NOON)
    row.refresh_from_db()
    assert "hush" not in str(row.command)
    assert row.command["vpn"]["server"] == "vpn.example"
