"""T1-T9: a transaction message is always acknowledged, exactly once in effect, whatever the station sends."""

import contextlib
import json
import time

import pytest

from tests.field.box import Box, sample, value
from tests.line.scripted import moment
from tests.line.system import until

CARD = "04A1B2C3"
HOUR_S = 3_600


@pytest.fixture
def card(network):
    return network.card(CARD)


def run_the_silence_rule():
    """What the worker's clock does every five minutes, now."""
    from procrastinate.exceptions import AlreadyEnqueued

    from ohmstead.charging.jobs import close_silent

    with contextlib.suppress(AlreadyEnqueued):
        close_silent.defer(timestamp=int(time.time()))


async def test_t1_a_zombie_is_closed_by_rule_and_its_station_asked_to_stop(network, card):
    async with Box(network.station()) as zombie, Box(network.station()) as alive:
        started = await zombie.start(card, meter=100, at_s=-14 * HOUR_S)
        await zombie.meter(started, value(-13 * HOUR_S, sample(900)))
        other = await alive.start(network.card("04000002"), at_s=-14 * HOUR_S)
        await alive.meter(other, value(-60, sample(5_000)))
        network.settled(2, state="running")
        network.folded()
        run_the_silence_rule()
        asked = await zombie.expect("RemoteStopTransaction", {"status": "Accepted"})
    assert asked == {"transactionId": started}
    [session] = network.settled(1, state="lost")
    assert (session.energy_wh, session.stop_reason, session.flags) == (800, "lost", ["lost"])
    assert [s.transaction_id for s in network.sessions(state="running")] == [str(other)]


async def test_t1_a_zombie_is_closed_by_hand_and_its_station_asked_to_stop(network, card):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.charging.actions import close_session
    from ohmstead.network.models import Command

    async with Box(network.station()) as station:
        started = await station.start(card, meter=100)
        await station.meter(started, value(-600, sample(2_100)))
        [session] = network.settled(1, state="running", energy_wh=2_000)
        close_session(session, by=SYSTEM, reason="The driver called.")
        assert await station.expect("RemoteStopTransaction", {"status": "Accepted"}) == {"transactionId": started}
        [session] = network.settled(1, state="ended")
        assert (session.energy_wh, session.flags) == (2_000, ["closed_by_hand"])
        network.ended(Command.objects.get(station=session.station), "accepted")
        await station.stop(started, meter=2_600, reason="Remote")
    [session] = network.settled(1, state="ended", stop_heard=True)
    assert (session.energy_wh, session.stop_reason, session.flags) == (2_500, "remote", [])


async def test_t1_an_offline_zombie_is_closed_and_the_operator_reads_that_it_was_not_reached(network, card):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.charging.actions import close_session
    from ohmstead.network.models import Command

    async with Box(network.station()) as station:
        await station.start(card)
        [session] = network.settled(1, state="running")
    until(lambda: not network.at(station.url).online, why="the station is offline")
    close_session(session, by=SYSTEM, reason="")
    network.settled(1, state="ended")
    network.ended(Command.objects.get(station=session.station), "offline")


async def test_t2_a_stop_with_id_minus_one_ends_the_session_it_fits(network, card):
    other = network.card("04000002")
    async with Box(network.station()) as station:
        await station.start(card, meter=100_000, connector=1)
        second = await station.start(other, meter=500, connector=2)
        assert await station.stop(-1, meter=103_000, idTag=card)
    [session] = network.settled(1, state="ended")
    assert (session.evse, session.token_uid, session.energy_wh) == (1, CARD, 3_000)
    assert session.flags == ["stop_matched"]
    assert [s.transaction_id for s in network.sessions(state="running")] == [str(second)]
    assert network.deviations(station.url)["transaction_id_impossible"] == "-1"


async def test_t2_a_session_started_offline_and_stopped_online_is_whole_though_its_start_comes_last(network, card):
    async with Box(network.station()) as station:
        await station.stop(-1, meter=4_000, idTag=card)
        await station.start(card, meter=1_000, at_s=-HOUR_S)
    [session] = network.settled(1, state="ended")
    assert (session.energy_wh, session.token_uid) == (3_000, CARD)


async def test_t3_an_unknown_transaction_is_acknowledged_flagged_and_stalls_nothing(network, card):
    async with Box(network.station()) as station:
        await station.boot()
        for _ in range(4):
            assert await station.stop(4_711, meter=9_000, at_s=-30, idTag=card) == {"idTagInfo": {"status": "Accepted"}}
        await station.meter(4_712, value(-20, sample(100)))
        started = await station.start(card)
        await station.stop(started, meter=2_000)
    [known] = network.settled(1, start_heard=True, state="ended")
    assert (known.energy_wh, known.flags) == (1_000, [])
    [stray] = network.settled(1, transaction_id="4711")
    assert (stray.state, stray.energy_wh) == ("ended", 0)
    assert {"start_missing", "energy_unknown"} <= set(stray.flags)
    assert network.quarantined() == 0


async def test_t3_what_cannot_be_understood_is_kept_raw_and_the_next_message_is_served(network):
    async with Box(network.station()) as station:
        await station.socket.send('[2,"odd","StopTransaction",{"transactionId":"three"}]')
        assert (await station.answered("odd"))[0][0] == 4
        assert (await station.call("Heartbeat"))["currentTime"]
    kept = [entry for entry in network.journal(station.url) if entry.kind.name == "UNREADABLE"]
    assert [b'"three"' in entry.frame for entry in kept] == [True]


async def test_t4_an_acknowledged_start_exists_though_worker_and_gateway_die(network, system, card):
    station = await Box(network.station()).__aenter__()
    await station.boot()
    system.roles["worker"].kill()
    system.roles["worker"].wait()
    started = await station.start(card)
    system.roles["gateway"].kill()
    system.roles["gateway"].wait()
    stored = [entry for entry in network.journal(station.url) if entry.action == "StartTransaction"]
    assert [json.loads(entry.reply)[2]["transactionId"] for entry in stored] == [started]
    assert network.sessions() == []
    system.start("gateway", "worker")
    await station.__aexit__()
    [session] = network.settled(1, state="running")
    assert (session.transaction_id, session.token_uid) == (str(started), CARD)
    async with Box(station.url) as again:
        await again.stop(started, meter=3_000)
    [session] = network.settled(1, state="ended")
    assert (session.energy_wh, session.flags) == (2_000, [])


async def test_t5_the_same_card_started_twice_leaves_one_active_session(network, card):
    async with Box(network.station()) as station:
        first = await station.start(card, connector=1, at_s=-600)
        await station.meter(first, value(-300, sample(2_000)))
        network.settled(1, state="running", energy_wh=1_000)
        refused = await station.start(card, connector=2, at_s=-60, says="ConcurrentTx")
        await station.stop(refused, meter=1_000, at_s=-30, reason="DeAuthorized")
        network.settled(1, state="refused")
        await station.start(card, connector=1, at_s=-10, meter=3_000)
        [running] = network.settled(1, state="running", start_register_wh=3_000)
    assert (running.evse, running.token_uid) == (1, CARD)
    [ended] = network.sessions(state="ended")
    assert (ended.energy_wh, ended.flags) == (1_000, ["ended_by_next_start"])


async def test_t6_the_same_start_before_and_after_its_answer_is_one_session_with_one_id(network, card):
    start = {"connectorId": 1, "idTag": card, "meterStart": 1_000, "timestamp": moment(-600)}
    address = network.station()
    async with Box(address) as station:
        for _ in range(3):
            await station.say("same", "StartTransaction", start)
        await station.call("Heartbeat")
        answers = await station.answered("same")
        again = await station.call("StartTransaction", start, message_id="new")
        network.settled(1, state="running")
        later = await station.call("StartTransaction", start, message_id="later")
    async with Box(address) as station:
        reconnected = await station.call("StartTransaction", start, message_id="same")
    network.folded()
    ids = {answer[2]["transactionId"] for answer in answers} | {a["transactionId"] for a in (again, later, reconnected)}
    assert len(ids) == 1
    assert {a["idTagInfo"]["status"] for a in (again, later, reconnected)} == {"Accepted"}
    assert [s.transaction_id for s in network.sessions()] == [str(ids.pop())]


async def test_t7_a_repeated_stop_doubles_neither_readings_nor_energy(network, card):
    data = [value(-600, sample(3_000)), value(0, sample(6_000, context="Transaction.End"))]
    address = network.station()
    async with Box(address) as station:
        started = await station.start(card)
        stop = {"transactionId": started, "meterStop": 6_000, "timestamp": moment(), "transactionData": data}
        await station.call("StopTransaction", stop, message_id="stop")
        await station.call("StopTransaction", stop, message_id="another")
        network.settled(1, state="ended", energy_wh=5_000)
    async with Box(address) as station:
        await station.boot()
        await station.call("StopTransaction", stop, message_id="stop")
    network.folded()
    [session] = network.sessions()
    assert (session.state, session.energy_wh, session.flags) == ("ended", 5_000, [])
    assert [reading.register_wh for reading in network.readings(address)] == [3_000, 6_000]


async def test_t8_a_stop_ends_no_session_of_another_station(network, card):
    async with Box(network.station()) as victim, Box(network.station()) as guesser:
        started = await victim.start(card)
        network.settled(1, state="running")
        assert await guesser.stop(started, meter=99_000) is not None
        network.settled(1, state="ended")
        network.folded()
        [mine] = network.charged(victim.url)
        assert (mine.state, mine.energy_wh) == ("running", 0)
        [guessed] = network.charged(guesser.url)
        assert (guessed.state, guessed.energy_wh, "start_missing" in guessed.flags) == ("ended", 0, True)
        await victim.stop(started, meter=3_000)
    network.settled(1, state="ended", energy_wh=2_000)


async def test_t9_a_stop_without_card_ends_the_session_and_frees_the_card(network, card):
    async with Box(network.station()) as station, Box(network.station()) as other:
        started = await station.start(card)
        network.settled(1, state="running")
        await other.start(card, at_s=-60, says="ConcurrentTx")
        assert await station.stop(started) == {}
        network.settled(1, state="ended", energy_wh=5_000)
        await other.start(card, at_s=-5)
    network.settled(1, state="running")
