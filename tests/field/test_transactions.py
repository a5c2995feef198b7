"""T1-T19: a transaction message is always acknowledged, exactly once in effect, whatever the station sends."""

import asyncio
import contextlib
import json
import time
from datetime import UTC, datetime, timedelta

import pytest

from tests.field.box import BOOT, Box, sample, value
from tests.line.post import Post, rfid
from tests.line.scripted import Scripted, moment
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


async def test_t10_every_start_is_answered_with_id_and_verdict_and_ids_are_unique_across_restarts(
    network, system, card
):
    address = network.station()
    async with Box(address) as station:
        first = await station.start(card, at_s=-600)
        unknown = await station.start("04FFFFFF", connector=2, at_s=-600, says="Invalid")
        await station.stop(first, at_s=-300)
        [ended] = network.settled(1, state="ended")
        assert (ended.power_w, ended.charging_state) == (None, "")
    for role in ("gateway", "desk"):
        system.roles[role].terminate()
        system.roles[role].wait(15)
    system.start("gateway", "desk")
    async with Box(address) as station:
        third = await station.start(card, at_s=-200)
        fourth = await station.start("04FFFFFF", connector=2, at_s=-200, says="Invalid")
    assert len({first, unknown, third, fourth}) == 4
    assert all(0 < each < 2**31 for each in (first, unknown, third, fourth))


async def start_16(station, card):
    answer = await station.call(
        "StartTransaction", {"connectorId": 1, "idTag": card, "meterStart": 0, "timestamp": moment(-60)}
    )
    return answer["idTagInfo"]["status"]


async def start_2x(station, card):
    payload = {
        "eventType": "Started",
        "timestamp": moment(-60),
        "triggerReason": "Authorized",
        "seqNo": 0,
        "transactionInfo": {"transactionId": f"tx-{station.url[-8:]}"},
        "evse": {"id": 1, "connectorId": 1},
        "idToken": rfid(card),
    }
    return (await station.call("TransactionEvent", payload))["idTokenInfo"]["status"]


VERSIONS = [
    pytest.param("ocpp1.6", start_16, id="1.6"),
    pytest.param("ocpp2.0.1", start_2x, id="2.0.1"),
    pytest.param("ocpp2.1", start_2x, id="2.1"),
]


@pytest.mark.parametrize(("version", "start"), VERSIONS)
async def test_t11_one_card_one_session_is_the_same_rule_in_every_version(network, card, version, start):
    async with Scripted(network.station(), version) as one, Scripted(network.station(), version) as two:
        assert await start(one, card) == "Accepted"
        network.settled(1, state="running")
        assert await start(two, card) == "ConcurrentTx"


async def test_t11_a_card_that_was_concurrent_is_still_a_valid_card(network, card):
    async with Box(network.station()) as busy, Box(network.station()) as station:
        await busy.start(card)
        network.settled(1, state="running")
        await station.start(card, at_s=-60, says="ConcurrentTx")
        assert (await station.call("Authorize", {"idTag": card}))["idTagInfo"]["status"] == "Accepted"


async def test_t11_a_card_entered_twice_is_refused_and_every_stop_is_answered(network, card):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.drivers.actions import create_token

    with pytest.raises(ValueError, match="04"):
        create_token(network.organisation, "04:a1:b2:c3", by=SYSTEM)
    async with Box(network.station()) as station:
        started = await station.start("04-a1-b2-c3")
        assert await station.stop(started, idTag="04a1b2c3") == {"idTagInfo": {"status": "Accepted"}}
    network.settled(1, state="ended", energy_wh=5_000)


@pytest.mark.parametrize(("version", "start"), VERSIONS)
async def test_t12_blocked_and_expired_are_answered_as_such(network, version, start):
    blocked = network.card("04000001", status="blocked")
    expired = network.card("04000002", valid_to=datetime.now(UTC) - timedelta(days=1))
    async with Scripted(network.station(), version) as one, Scripted(network.station(), version) as two:
        assert await start(one, blocked) == "Blocked"
        assert await start(two, expired) == "Expired"
    for session in network.settled(2, state="refused"):
        assert session.verdict in ("blocked", "expired")


async def test_t13_readings_after_the_stop_are_recorded_and_not_billed(network, card):
    async with Box(network.station()) as station:
        started = await station.start(card, at_s=-2 * HOUR_S)
        await station.stop(started, at_s=-HOUR_S)
        for quarter in range(1, 4):
            await station.meter(started, value(-HOUR_S + quarter * 900, sample(6_000 + quarter * 100)))
        network.folded()
        [session] = network.settled(1, flags=["spoken_of_after_end"])
    assert (session.state, session.energy_wh, session.end_register_wh) == ("ended", 5_000, 6_000)
    assert [reading.register_wh for reading in network.readings(station.url)] == [6_100, 6_200, 6_300]


async def test_t14_a_reboot_into_preparing_ends_the_stale_session(network, card):
    address = network.station()
    async with Box(address) as station:
        started = await station.start(card)
        await station.status("Charging", at_s=-1_700)
        await station.meter(started, value(-600, sample(4_000)))
        network.settled(1, state="running", energy_wh=3_000)
    async with Box(address) as station:
        await station.boot()
        await station.status("Preparing", at_s=1)
        [session] = network.settled(1, state="ended")
    assert (session.energy_wh, session.stop_reason, session.flags) == (3_000, "reboot", ["ended_by_reboot"])


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(lambda: moment()[:19] + "Z", id="whole seconds"),
        pytest.param(lambda: moment(-5), id="before its boot was told"),
        pytest.param(lambda: moment(-120), id="clock two minutes behind"),
    ],
)
async def test_t14_the_reboot_counts_whatever_time_its_plug_says(network, card, written):
    address = network.station()
    async with Box(address) as station:
        started = await station.start(card)
        await station.status("Charging", at_s=-1_700)
        await station.meter(started, value(-600, sample(4_000)))
        network.settled(1, state="running", energy_wh=3_000)
    async with Box(address) as station:
        await station.boot()
        told = {"connectorId": 1, "status": "Available", "errorCode": "NoError", "timestamp": written()}
        assert await station.call("StatusNotification", told) == {}
        [session] = network.settled(1, state="ended")
    assert (session.energy_wh, session.flags) == (3_000, ["ended_by_reboot"])


async def test_t14_our_own_restart_keeps_open_sessions(network, system, card):
    address = network.station()
    async with Box(address) as station:
        started = await station.start(card)
        await station.meter(started, value(-600, sample(4_000)))
        network.settled(1, state="running", energy_wh=3_000)
    for role in ("gateway", "desk", "worker"):
        system.roles[role].terminate()
        system.roles[role].wait(15)
    system.start("desk", "gateway", "worker")
    async with Box(address) as station:
        network.folded()
        network.settled(1, state="running", energy_wh=3_000)
        await station.stop(started)
    [session] = network.settled(1, state="ended")
    assert (session.energy_wh, session.flags) == (5_000, [])


async def test_t15_a_remote_start_shows_each_of_its_states_to_the_person_who_asked(network, card):
    from ohmstead.station.commands import StartSession
    from ohmstead.station.tokens import PresentedToken

    start = StartSession(token=PresentedToken(card), evse=1, remote_start_id=7)
    async with Box(network.station()) as station:
        row = network.ask(station.url, start)
        assert await station.expect("RemoteStartTransaction", {"status": "Accepted"}) == {
            "idTag": card,
            "connectorId": 1,
        }
        network.ended(row, "accepted")
        row = network.ask(station.url, start)
        await station.expect("RemoteStartTransaction", {"status": "Rejected"})
        network.ended(row, "rejected")
    until(lambda: not network.at(station.url).online, why="the station is offline")
    network.ended(network.ask(station.url, start), "offline")
    assert network.sessions() == []


async def test_t16_a_card_that_expires_during_its_session_may_still_stop_it(network, card):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.drivers.actions import set_validity
    from ohmstead.drivers.models import Token

    async with Box(network.station()) as station, Box(network.station()) as other:
        started = await station.start(card)
        network.settled(1, state="running")
        token = Token.objects.get(organisation=network.organisation)
        set_validity(token, valid_from=None, valid_to=datetime.now(UTC) - timedelta(seconds=1), by=SYSTEM)
        await other.start(card, says="Expired")
        answer = await station.stop(started, idTag=card)
        assert answer["idTagInfo"]["status"] == "Accepted"
    network.settled(1, state="ended", energy_wh=5_000, token_uid=CARD)


async def test_t17_ids_are_unique_across_the_connectors_of_a_station(network, card):
    from ohmstead.drivers.models import Token

    Token.objects.filter(organisation=network.organisation).delete()
    async with Box(network.station()) as station:
        at = moment(-600)
        started = [
            (
                await station.call(
                    "StartTransaction", {"connectorId": number, "idTag": CARD, "meterStart": 0, "timestamp": at}
                )
            )["transactionId"]
            for number in range(1, 5)
        ]
    assert len(set(started)) == 4


async def test_t17_a_concurrent_start_and_a_stop_minus_one_create_no_session(network, card):
    async with Box(network.station()) as busy, Box(network.station()) as station:
        await busy.start(card)
        network.settled(1, state="running")
        await station.start(card, at_s=-60, says="ConcurrentTx")
        await station.stop(-1, meter=1_000, idTag=card)
        network.folded()
        assert network.charged(station.url) == []
        assert [s.state for s in network.charged(busy.url)] == ["running"]


async def test_t18_power_loss_without_a_register_closes_with_the_last_reading_and_a_flag(network, card):
    async with Box(network.station()) as station:
        started = await station.start(card)
        await station.meter(started, value(-600, sample(4_000)))
        await station.stop(started, meter=None, at_s=-500, reason="PowerLoss")
        [session] = network.settled(1, state="ended")
        network.folded()
    assert (session.energy_wh, session.end_register_wh, session.stop_reason) == (3_000, 4_000, "power_loss")
    assert session.flags == ["end_unmetered"]
    assert "field_missing" in network.deviations(station.url)


async def test_t18_power_loss_without_a_stop_closes_with_the_last_reading_and_a_flag(network, card):
    address = network.station()
    async with Box(address) as station:
        started = await station.start(card)
        await station.meter(started, value(-600, sample(4_000)))
    async with Box(address) as station:
        await station.boot()
        await station.status("Available", at_s=1)
    [session] = network.settled(1, state="ended")
    assert (session.energy_wh, session.flags) == (3_000, ["ended_by_reboot"])


async def test_t18_a_fault_does_not_lock_the_card(network, card):
    async with Box(network.station()) as hot, Box(network.station()) as cool:
        started = await hot.start(card)
        network.settled(1, state="running")
        await hot.status("Faulted", errorCode="HighTemperature", info="71 C")
        await hot.stop(started, reason="Other")
        network.settled(1, state="ended", energy_wh=5_000)
        network.folded()
        assert network.evses(hot.url) == {1: "faulted"}
        await cool.start(card, at_s=-1)
    network.settled(1, state="running")


async def test_t19_a_storm_of_stations_with_backlogs_does_not_slow_authorisation(network, card):
    """40 stations come back with three sessions each; meanwhile one card is asked for again and again."""
    cards = [network.card(f"05{number:06X}") for number in range(40)]
    addresses = [network.station() for _ in cards]
    slowest_s, storming = 0.0, True

    async def tell_all(address, uid):
        async with Box(address) as station:
            await station.call("BootNotification", BOOT)
            for number in range(3):
                began = -10_000 + number * 3_000
                started = await station.start(uid, at_s=began, meter=number * 1_000)
                await station.meter(started, value(began + 600, sample(number * 1_000 + 500)))
                await station.stop(started, at_s=began + 1_200, meter=number * 1_000 + 1_000)

    async def ask_on():
        nonlocal slowest_s
        async with Box(network.station()) as station:
            while storming:
                asked_at = time.monotonic()
                answer = await station.call("Authorize", {"idTag": card})
                slowest_s = max(slowest_s, time.monotonic() - asked_at)
                assert answer["idTagInfo"]["status"] == "Accepted"

    asking = asyncio.create_task(ask_on())
    await asyncio.gather(*(tell_all(*each) for each in zip(addresses, cards, strict=True)))
    storming = False
    await asking
    assert slowest_s < 5
    sessions = network.settled(120, state="ended")
    assert {session.energy_wh for session in sessions} == {1_000}


async def test_t19_a_2x_backlog_told_in_any_order_is_whole(network, card):
    async with Post(network.station()) as station:
        await station.connected_before_session()
        later = station.seq_no, station.at_s
        station.seq_no, station.at_s = 2, station.at_s + 600
        await station.event("Ended", "EVDeparted", stoppedReason="Local")
        station.seq_no, station.at_s = later
        await station.event("Updated", "Authorized", token=card)
    [session] = network.settled(1, state="ended", token_uid=CARD)
    assert "seq_gap" not in session.flags
