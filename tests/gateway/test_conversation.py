"""What stations say: answered in order, each with one effect, and never before it is stored."""

import asyncio
import json

import psycopg
import pytest

from ohmstead.gateway.settings import Limits, Policy
from ohmstead.journal.entry import EntryKind
from ohmstead.journal.interpret import interpret
from ohmstead.station.answers import Admission
from ohmstead.station.events import Alive, Booted, Connected, FrameRejected, MeterSampled
from ohmstead.station.tokens import TokenVerdict
from tests.gateway.station import (
    BOOT_2X,
    BOOT_16,
    METER_VALUES_16,
    Station,
    masked,
    raw_station,
    start_16,
    until,
    until_the_end,
)


async def test_boot_heartbeat_and_meter_values_are_answered_and_stand_in_the_journal(gateway, desk):
    known = desk.knows("CP1", heartbeat_s=240)
    async with Station(gateway.port, "CP1") as station:
        boot = await station.call("BootNotification", BOOT_16)
        assert (boot["status"], boot["interval"]) == ("Accepted", 240)
        assert "currentTime" in await station.call("Heartbeat", {})
        assert await station.call("MeterValues", METER_VALUES_16) == {}
    await until(lambda: not gateway.board.links)
    await gateway.journal.flush()

    entries = gateway.entries()
    assert [entry.kind for entry in entries] == [
        EntryKind.CONNECTED,
        EntryKind.RECEIVED,
        EntryKind.RECEIVED,
        EntryKind.RECEIVED,
        EntryKind.DISCONNECTED,
    ]
    assert {entry.station_id for entry in entries} == {known.station_id}
    assert {entry.epoch for entry in entries} == {1}
    events = [type(event) for entry in entries for event in interpret(entry).events]
    assert events[:4] == [Connected, Booted, Alive, MeterSampled]


async def test_t4_s7_what_was_answered_is_already_committed(gateway, desk, database):
    """Another connection sees the entry the moment the station has its answer."""
    desk.knows("CP1")
    query = "SELECT count(*) FROM journal.entry WHERE action = 'StartTransaction'"
    with psycopg.connect(database, autocommit=True) as connection:
        async with Station(gateway.port, "CP1") as station:
            for number in range(1, 6):
                started = await station.call("StartTransaction", start_16(f"CARD{number}"))
                assert started["idTagInfo"]["status"] == "Accepted"
                assert connection.execute(query).fetchone() == (number,)


async def test_t4_nothing_is_answered_while_nothing_can_be_stored(gateway, desk, database):
    desk.knows("CP1")
    with psycopg.connect(database, autocommit=True) as connection:
        async with Station(gateway.port, "CP1") as station:
            await station.call("Heartbeat", {})
            connection.execute("ALTER TABLE journal.entry ADD CONSTRAINT disk_full CHECK (seq < 0) NOT VALID")
            try:
                await station.say("StartTransaction", start_16())
                await until(lambda: gateway.journal.counts.refusals >= 2)
                answers = gateway.counts.answers
            finally:
                connection.execute("ALTER TABLE journal.entry DROP CONSTRAINT disk_full")
            assert answers == 1, "only the heartbeat was answered"
            assert (await station.hear())[2]["transactionId"] > 0


async def test_t6_a_call_repeated_gets_the_same_answer_and_has_one_effect(gateway, desk):
    desk.knows("CP1")
    async with Station(gateway.port, "CP1") as station:
        first = await station.call("StartTransaction", start_16(), "once")
        again = await station.call("StartTransaction", start_16(), "once")
        assert again == first
    starts = [entry for entry in gateway.entries() if entry.action == "StartTransaction"]
    assert len(starts) == 1
    assert gateway.counts.duplicate_calls == 1
    assert len(desk.authorisations) == 1


async def test_a_station_with_one_id_for_everything_loses_nothing(gateway, desk):
    """The same state comes again: it is news, not a repetition."""
    desk.knows("CP1")
    async with Station(gateway.port, "CP1") as station:
        for state in ("Available", "Preparing", "Available"):
            status = {"connectorId": 1, "status": state, "errorCode": "NoError"}
            assert await station.call("StatusNotification", status, "1") == {}
        assert await station.call("StatusNotification", status, "1") == {}
        first = await station.call("Heartbeat", {}, "1")
        assert (await station.call("Heartbeat", {}, "1"))["currentTime"] >= first["currentTime"]
    assert gateway.counts.duplicate_calls == 1
    actions = [entry.action for entry in gateway.entries()]
    assert (actions.count("StatusNotification"), actions.count("Heartbeat")) == (3, 2)


async def test_t6_a_call_repeated_before_its_answer_has_one_effect(gateway, desk):
    """The station loses patience while the desk still thinks."""
    desk.knows("CP1")
    desk.slow = asyncio.Event()
    async with Station(gateway.port, "CP1") as station:
        for _ in range(3):
            await station.say("StartTransaction", start_16(), "impatient")
        await until(lambda: gateway.counts.duplicate_calls == 2)
        desk.slow.set()
        answer = await station.hear()
        assert answer[:2] == [3, "impatient"]
    assert len(desk.authorisations) == 1
    assert len([entry for entry in gateway.entries() if entry.action == "StartTransaction"]) == 1


async def test_t6_the_same_start_with_a_new_message_id_gets_the_same_transaction(gateway, desk):
    desk.knows("CP1")
    async with Station(gateway.port, "CP1") as station:
        ids = {(await station.call("StartTransaction", start_16()))["transactionId"] for _ in range(3)}
    async with Station(gateway.port, "CP1") as station:
        ids.add((await station.call("StartTransaction", start_16()))["transactionId"])
    assert len(ids) == 1


async def test_one_id_used_for_everything_is_still_one_effect_each(gateway, desk):
    """Some stations number nothing: what differs is a new call."""
    desk.knows("CP1")
    async with Station(gateway.port, "CP1") as station:
        for number in range(5):
            await station.call("StartTransaction", start_16(f"CARD{number}"), "0")
    assert len([entry for entry in gateway.entries() if entry.action == "StartTransaction"]) == 5


async def test_what_is_said_just_before_the_line_ends_is_heard_before_its_end(gateway, desk):
    desk.knows("CP1")
    async with Station(gateway.port, "CP1") as station:
        await station.call("Heartbeat", {})
        for _ in range(5):
            await station.say("MeterValues", METER_VALUES_16)
    await until(lambda: EntryKind.DISCONNECTED in [entry.kind for entry in gateway.entries()])
    entries = gateway.entries()
    assert [entry.kind for entry in entries] == [EntryKind.CONNECTED, *[EntryKind.RECEIVED] * 6, EntryKind.DISCONNECTED]


async def test_answers_come_in_the_order_of_the_calls(gateway, desk):
    """One that waits for a decision holds up the ones behind it, and only those."""
    desk.knows("CP1")
    desk.knows("CP2")
    desk.slow = asyncio.Event()
    async with Station(gateway.port, "CP1") as station, Station(gateway.port, "CP2") as other:
        sent = [await station.say("Authorize", {"idTag": "CARD"})]
        sent += [await station.say("Heartbeat", {}) for _ in range(5)]
        assert "currentTime" in await other.call("Heartbeat", {})
        desk.slow.set()
        assert [(await station.hear())[1] for _ in range(6)] == sent
    kinds = [entry.action for entry in gateway.entries() if entry.action]
    assert kinds[1:7] == ["Authorize", *["Heartbeat"] * 5]


@pytest.mark.parametrize(
    ("purpose", "action", "payload", "policy", "status"),
    [
        pytest.param("authorise", "Authorize", {"idTag": "X"}, Policy(verdict_s=0.1), "Invalid", id="authorize"),
        pytest.param("start", "StartTransaction", start_16("X"), Policy(verdict_s=0.1), "Accepted", id="start"),
        pytest.param(
            "start",
            "StartTransaction",
            start_16("X"),
            Policy(verdict_s=0.1, start_unanswered=TokenVerdict.INVALID),
            "Invalid",
            id="start, stricter policy",
        ),
    ],
)
async def test_when_the_desk_is_silent_the_stated_policy_answers(
    start_gateway, desk, purpose, action, payload, policy, status
):
    gateway = await start_gateway(policy=policy)
    desk.knows("CP1")
    desk.silent_about = {"X"}
    async with Station(gateway.port, "CP1") as station:
        assert (await station.call(action, payload))["idTagInfo"]["status"] == status
    assert desk.authorisations[0].purpose == purpose
    assert gateway.counts.verdicts_unanswered == 1


async def test_a_card_known_from_before_is_still_good_when_the_desk_is_silent(start_gateway, desk):
    gateway = await start_gateway(policy=Policy(verdict_s=0.1, verdict_fresh_s=0.0))
    desk.knows("CP1")
    desk.verdicts = {"GOOD": TokenVerdict.ACCEPTED, "BAD": TokenVerdict.BLOCKED}
    async with Station(gateway.port, "CP1") as station:
        said = [(await station.call("Authorize", {"idTag": tag}))["idTagInfo"]["status"] for tag in ("GOOD", "BAD")]
        desk.silent_about = {"GOOD", "BAD"}
        again = [(await station.call("Authorize", {"idTag": tag}))["idTagInfo"]["status"] for tag in ("GOOD", "BAD")]
    assert said == again == ["Accepted", "Blocked"]


async def test_a_repeated_authorize_within_seconds_is_not_asked_again(gateway, desk):
    desk.knows("CP1")
    async with Station(gateway.port, "CP1") as station:
        for _ in range(3):
            await station.call("Authorize", {"idTag": "CARD"})
    assert len(desk.authorisations) == 1


async def test_a_stop_is_taken_whatever_the_desk_says_of_the_card_in_time(start_gateway, desk):
    gateway = await start_gateway(policy=Policy(verdict_s=0.1))
    desk.knows("CP1")
    desk.silent_about = {"X"}
    stop = {"transactionId": 5, "idTag": "X", "meterStop": 9, "timestamp": "2026-11-22T13:00:00Z"}
    async with Station(gateway.port, "CP1") as station:
        assert (await station.call("StopTransaction", stop))["idTagInfo"]["status"] == "Accepted"


async def test_a_pending_station_waits_and_is_let_in_without_reconnecting(gateway, desk):
    known = desk.knows("CP1", admission=Admission.PENDING)
    async with Station(gateway.port, "CP1") as station:
        boot = await station.call("BootNotification", BOOT_16)
        assert (boot["status"], boot["interval"]) == ("Pending", 30)
        assert (await station.call("Authorize", {"idTag": "CARD"}))["idTagInfo"]["status"] == "Invalid"
        assert desk.authorisations == []
        await desk.change(known, Admission.ACCEPTED)
        link = gateway.board.links[known.station_id]
        await until(lambda: link.admission is Admission.ACCEPTED)
        assert (await station.call("BootNotification", BOOT_16))["status"] == "Accepted"
    assert {entry.action for entry in gateway.entries()} >= {"BootNotification", "Authorize"}


async def test_a_pending_station_of_2_0_1_may_only_boot(gateway, desk):
    desk.knows("CP1", admission=Admission.PENDING)
    async with Station(gateway.port, "CP1", protocols=("ocpp2.0.1",)) as station:
        assert (await station.call("BootNotification", BOOT_2X))["status"] == "Pending"
        asked = await station.say("Heartbeat", {})
        assert (await station.hear())[:3] == [4, asked, "SecurityError"]
    kept = [entry for entry in gateway.entries() if entry.kind is EntryKind.UNREADABLE]
    assert [entry.action for entry in kept] == ["Heartbeat"]


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        pytest.param('[2,"x","NoSuchAction",{}]', "NotImplemented", id="an action that does not exist"),
        pytest.param('[2,"x","Authorize",{}]', "OccurenceConstraintViolation", id="a field missing"),
        pytest.param('[2,"x","Authorize"]', "FormationViolation", id="a call without payload"),
    ],
)
async def test_what_cannot_be_read_is_kept_and_answered_in_the_words_of_the_protocol(gateway, desk, frame, code):
    desk.knows("CP1")
    async with Station(gateway.port, "CP1") as station:
        await station.socket.send(frame)
        assert (await station.hear())[:3] == [4, "x", code]
        assert "currentTime" in await station.call("Heartbeat", {})
    (kept,) = [entry for entry in gateway.entries() if entry.kind is EntryKind.UNREADABLE]
    assert kept.frame == frame.encode()
    (event,) = interpret(kept).events
    assert isinstance(event, FrameRejected)
    assert event.code == code


@pytest.mark.parametrize(
    "noise", ["", "hello", "{}", "[]", "[9]", '[3,"nobody",{}]', '[4,"nobody","X","",{}]', "[" * 999]
)
async def test_noise_is_survived_and_the_next_call_answered(gateway, desk, noise):
    desk.knows("CP1")
    async with Station(gateway.port, "CP1") as station:
        await station.socket.send(noise)
        assert "currentTime" in await station.call("Heartbeat", {})


async def test_an_answer_to_a_call_we_never_sent_is_counted_and_ignored(gateway, desk):
    desk.knows("CP1")
    async with Station(gateway.port, "CP1") as station:
        await station.socket.send('[3,"never",{"status":"Accepted"}]')
        await station.call("Heartbeat", {})
    assert gateway.counts.unknown_answers == 1
    assert [entry.action for entry in gateway.entries() if entry.action] == ["Heartbeat"]


async def test_a_station_of_2_1_may_send_without_an_answer(gateway, desk):
    desk.knows("CP1")
    stream = {"id": 1, "pending": 0, "basetime": "2026-11-22T12:00:00Z", "data": [{"t": 0, "v": "1"}]}
    async with Station(gateway.port, "CP1", protocols=("ocpp2.1",)) as station:
        await station.socket.send(json.dumps([6, "s1", "NotifyPeriodicEventStream", stream]))
        asked = await station.say("Heartbeat", {})
        assert (await station.hear())[:2] == [3, asked], "nothing but the heartbeat is answered"
    (sent,) = [entry for entry in gateway.entries() if entry.action == "NotifyPeriodicEventStream"]
    assert (sent.kind, sent.reply) == (EntryKind.RECEIVED, None)


async def test_a_flooding_station_is_slowed_then_closed_and_harms_nobody(start_gateway, desk):
    gateway = await start_gateway(sweep_s=0.1, limits=Limits(calls_per_s=200, slowed_s=1))
    desk.knows("FLOOD")
    desk.knows("CALM")
    reader, loud = await raw_station(gateway.port, "FLOOD")

    async def flood() -> None:
        for block in range(100_000):
            for number in range(100):
                loud.write(masked(json.dumps([2, f"{block}.{number}", "Heartbeat", {}]).encode()))
            await loud.drain()

    async with Station(gateway.port, "CALM") as calm:
        flooding = asyncio.create_task(flood())
        for _ in range(10):
            async with asyncio.timeout(5):
                assert "currentTime" in await calm.call("Heartbeat", {})
        heard = await until_the_end(reader)
        flooding.cancel()
        await asyncio.gather(flooding, return_exceptions=True)
        assert "currentTime" in await calm.call("Heartbeat", {})
    assert b"sends more than 200 calls per second without waiting for answers" in heard
    assert gateway.counts.slowed >= 10
    assert gateway.counts.flooders_closed == 1
    loud.close()


async def test_a_station_that_replays_its_queue_is_never_closed(start_gateway, desk):
    """One at a time, as fast as it is answered: that is no flood, however long the queue."""
    gateway = await start_gateway(sweep_s=0.05, limits=Limits(calls_per_s=400, slowed_s=1))
    desk.knows("CP1")
    async with Station(gateway.port, "CP1") as station:
        for _ in range(400):
            await station.call("MeterValues", METER_VALUES_16)
    assert gateway.counts.flooders_closed == 0


async def test_a_station_that_does_not_wait_is_read_no_further_than_the_limit(start_gateway, desk, database):
    gateway = await start_gateway(limits=Limits(unanswered_calls=4, calls_per_s=1_000_000))
    known = desk.knows("CP1")
    with psycopg.connect(database, autocommit=True) as connection:
        async with Station(gateway.port, "CP1") as station:
            await station.call("Heartbeat", {})
            link = gateway.board.links[known.station_id]
            connection.execute("ALTER TABLE journal.entry ADD CONSTRAINT disk_full CHECK (seq < 0) NOT VALID")
            try:
                for number in range(200):
                    await station.say("DataTransfer", {"vendorId": "x", "data": f"{number}" + "y" * 2_000})
                await until(lambda: gateway.journal.counts.refusals >= 2)
                assert 4 <= link.unanswered < 40, "what one read brought in, and no more"
            finally:
                connection.execute("ALTER TABLE journal.entry DROP CONSTRAINT disk_full")
            assert [(await station.hear())[0] for _ in range(200)] == [3] * 200
