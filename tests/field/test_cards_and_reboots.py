"""T10-T19: cards, ids and reboots, and what comes late."""

import asyncio
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
