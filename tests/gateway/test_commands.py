"""Our calls to stations: one at a time, in time, and never in the way of theirs."""

import asyncio
import json

import pytest

from ohmstead.gateway.settings import Limits
from ohmstead.journal.entry import EntryKind
from ohmstead.journal.interpret import interpret
from ohmstead.kit.ids import uuid7
from ohmstead.station.commands import (
    Apn,
    ChangePassword,
    GetSettings,
    ResetStation,
    SetNetworkProfile,
    TriggerMessage,
    UnlockConnector,
    Vpn,
)
from ohmstead.station.events import CommandAnswered
from tests.gateway.desk import Known
from tests.gateway.station import Station, until

UNLOCK = UnlockConnector(evse=1)


def kinds(gateway) -> list[EntryKind]:
    return [entry.kind for entry in gateway.entries() if entry.kind in (EntryKind.SENT, EntryKind.ANSWERED)]


async def test_a_command_reaches_the_station_and_its_answer_comes_back_stored(gateway, desk):
    known = desk.knows("CP1")
    async with Station(gateway.port, "CP1") as station:
        await station.call("Heartbeat", {})
        asking = asyncio.create_task(desk.ask(gateway.name, known, ResetStation()))
        call = await station.answer({"status": "Accepted"})
        assert (call[2], call[3]) == ("Reset", {"type": "Soft"})
        reply = await asking
    assert (reply.state, reply.message_id) == ("accepted", call[1])
    assert kinds(gateway) == [EntryKind.SENT, EntryKind.ANSWERED]
    (told,) = interpret(gateway.entries()[3]).events
    assert isinstance(told, CommandAnswered)
    assert told.message_id == call[1]


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        pytest.param([3, {"status": "Rejected"}], "rejected", id="rejected"),
        pytest.param([4, "NotSupported", "no", {}], "failed", id="CALLERROR"),
        pytest.param([4, "InternalError"], "failed", id="CALLERROR without text"),
        pytest.param([3, "nonsense"], "failed", id="an answer that cannot be read"),
    ],
)
async def test_how_a_command_ends(gateway, desk, answer, state):
    known = desk.knows("CP1")
    async with Station(gateway.port, "CP1") as station:
        await station.call("Heartbeat", {})
        asking = asyncio.create_task(desk.ask(gateway.name, known, ResetStation()))
        call = await station.hear()
        await station.socket.send(json.dumps([answer[0], call[1], *answer[1:]]))
        assert (await asking).state == state


async def test_a_station_that_is_not_here_is_offline(gateway, desk):
    reply = await desk.ask(gateway.name, Known(station_id=uuid7()), UNLOCK)
    assert reply.state == "offline"


async def test_a_command_the_dialect_does_not_have_fails_with_a_sentence(gateway, desk):
    known = desk.knows("CP1")
    async with Station(gateway.port, "CP1") as station:
        await station.call("Heartbeat", {})
        reply = await desk.ask(gateway.name, known, ResetStation(evse=2))
        assert reply.state in ("failed", "timed_out") or reply.reason
    assert gateway.counts.commands <= 1


async def test_only_one_command_is_outstanding_and_the_next_follows_its_answer(gateway, desk):
    known = desk.knows("CP1")
    async with Station(gateway.port, "CP1") as station:
        await station.call("Heartbeat", {})
        first = asyncio.create_task(desk.ask(gateway.name, known, ResetStation()))
        await until(lambda: gateway.counts.commands == 1)
        second = asyncio.create_task(desk.ask(gateway.name, known, UNLOCK))
        call = await station.hear()
        assert "currentTime" in await station.call("Heartbeat", {}), "nothing else came in between"
        assert gateway.counts.commands == 1
        await station.socket.send(json.dumps([3, call[1], {"status": "Accepted"}]))
        assert (await station.answer({"status": "Unlocked"}))[2] == "UnlockConnector"
        assert [(await first).state, (await second).state] == ["accepted", "accepted"]


async def test_c5_the_two_directions_never_block_each_other(gateway, desk):
    """While the station owes us an answer, and the desk owes it one, both lines go on."""
    known = desk.knows("CP1")
    desk.slow = asyncio.Event()
    async with Station(gateway.port, "CP1") as station:
        await station.call("Heartbeat", {})
        asked = await station.say("Authorize", {"idTag": "CARD"})
        await until(lambda: desk.authorisations)
        asking = asyncio.create_task(desk.ask(gateway.name, known, ResetStation()))
        await station.answer({"status": "Accepted"})
        assert (await asking).state == "accepted", "answered while their call still waits"

        second = asyncio.create_task(desk.ask(gateway.name, known, UNLOCK))
        call = await station.hear()
        desk.slow.set()
        assert (await station.hear())[:2] == [3, asked], "their answer while our call still waits"
        await station.socket.send(json.dumps([3, call[1], {"status": "Unlocked"}]))
        assert (await second).state == "accepted"


async def test_c5_a_late_answer_is_matched_and_never_misread(gateway, desk):
    known = desk.knows("CP1")
    async with Station(gateway.port, "CP1") as station:
        await station.call("Heartbeat", {})
        reply = await desk.ask(gateway.name, known, ResetStation(), timeout_s=0.1)
        assert (reply.state, reply.reason) == ("timed_out", "The station did not answer.")
        late = await station.hear()
        asking = asyncio.create_task(desk.ask(gateway.name, known, UNLOCK))
        second = await station.hear()
        await station.socket.send(json.dumps([3, late[1], {"status": "Accepted"}]))
        await station.socket.send(json.dumps([3, second[1], {"status": "UnlockFailed"}]))
        assert (await asking).state == "rejected", "the late Accepted was not taken for this one"
    assert gateway.counts.late_answers == 1
    assert kinds(gateway).count(EntryKind.ANSWERED) == 3
    unanswered = [entry for entry in gateway.entries() if entry.kind is EntryKind.ANSWERED and entry.frame is None]
    assert len(unanswered) == 1
    assert unanswered[0].reply is not None
    assert late[1].encode() in unanswered[0].reply


async def test_commands_in_the_queue_of_a_silent_station_end_in_time(gateway, desk):
    known = desk.knows("CP1")
    async with Station(gateway.port, "CP1") as station:
        await station.call("Heartbeat", {})
        asked = [desk.ask(gateway.name, known, UNLOCK, timeout_s=0.2) for _ in range(5)]
        replies = await asyncio.gather(*asked)
    assert {reply.state for reply in replies} == {"timed_out"}


async def test_too_many_commands_for_one_station_are_declined(start_gateway, desk):
    gateway = await start_gateway(limits=Limits(queued_commands=2))
    known = desk.knows("CP1")
    async with Station(gateway.port, "CP1") as station:
        await station.call("Heartbeat", {})
        replies = await asyncio.gather(*(desk.ask(gateway.name, known, UNLOCK, timeout_s=0.5) for _ in range(6)))
    assert sorted(reply.state for reply in replies) == ["failed"] * 3 + ["timed_out"] * 3


async def test_a_line_that_ends_ends_its_commands(gateway, desk):
    known = desk.knows("CP1")
    station = await Station(gateway.port, "CP1").connect()
    await station.call("Heartbeat", {})
    asking = [asyncio.create_task(desk.ask(gateway.name, known, UNLOCK)) for _ in range(3)]
    await until(lambda: gateway.counts.commands == 1)
    station.socket.transport.abort()
    assert {(await each).state for each in asking} == {"offline"}


async def test_a_new_password_never_stands_in_the_journal(gateway, desk):
    known = desk.knows("CP1")
    async with Station(gateway.port, "CP1") as station:
        await station.call("Heartbeat", {})
        secret = "ThisIsTheNewPasswordOfTheStation"
        asking = asyncio.create_task(desk.ask(gateway.name, known, ChangePassword(password=secret)))
        call = await station.answer({"status": "Accepted"})
        assert secret in json.dumps(call) or secret.encode().hex() in json.dumps(call).lower()
        await asking
    kept = b"".join((entry.frame or b"") + (entry.reply or b"") for entry in gateway.entries())
    assert secret.encode() not in kept
    assert secret.encode().hex().encode() not in kept.lower()


async def test_the_passwords_of_a_network_profile_never_stand_in_the_journal(gateway, desk):
    known = desk.knows("CP1")
    async with Station(gateway.port, "CP1", protocols=("ocpp2.0.1",)) as station:
        await station.call("Heartbeat", {})
        apn = Apn(apn="internet", user="them", password="ApnPassword1", sim_pin=48_151)
        vpn = Vpn(server="vpn.example", user="us", password="VpnPassword2", key="VpnKey3", kind="IKEv2")
        profile = SetNetworkProfile(slot=1, url="wss://csms.example/ocpp", security_profile=2, apn=apn, vpn=vpn)
        asking = asyncio.create_task(desk.ask(gateway.name, known, profile))
        sent = json.dumps(await station.answer({"status": "Accepted"}))
        await asking
    secrets = ("ApnPassword1", "VpnPassword2", "VpnKey3", "48151")
    assert all(secret in sent for secret in secrets)
    kept = b"".join((entry.frame or b"") + (entry.reply or b"") for entry in gateway.entries())
    assert b"internet" in kept
    assert not any(secret.encode() in kept for secret in secrets)


async def test_a_pending_station_may_say_what_it_was_asked_for(gateway, desk):
    from ohmstead.station.answers import Admission

    known = desk.knows("CP1", admission=Admission.PENDING)
    async with Station(gateway.port, "CP1", protocols=("ocpp2.0.1",)) as station:
        await until(lambda: gateway.board.links)
        asking = asyncio.create_task(desk.ask(gateway.name, known, TriggerMessage(message="Heartbeat")))
        await station.answer({"status": "Accepted"})
        await asking
        assert "currentTime" in await station.call("Heartbeat", {})


async def test_the_settings_of_a_station_come_back_whole(gateway, desk):
    known = desk.knows("CP1")
    async with Station(gateway.port, "CP1") as station:
        await station.call("Heartbeat", {})
        asking = asyncio.create_task(desk.ask(gateway.name, known, GetSettings()))
        answer = {"configurationKey": [{"key": "HeartbeatInterval", "readonly": False, "value": "300"}]}
        await station.answer(answer)
        reply = await asking
    assert json.loads(bytes(reply.payload)) == answer
