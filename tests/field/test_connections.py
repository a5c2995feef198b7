"""C1-C7: lines that die, come back, and carry two directions at once."""

import asyncio
import time

import pytest
import websockets

from tests.field.box import BOOT, Box, sample, value
from tests.field.deaf import Deaf
from tests.line.scripted import moment

PING_S = 1
SETTINGS = {"OHMSTEAD_PING_S": str(PING_S)}
CARD = "04A1B2C3"
PATIENCE_S = 20.0


async def eventually(condition, why):
    """Wait while the sockets of this test go on answering pings."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, f"still waiting until {why}"
        await asyncio.sleep(0.02)


def kinds(network, address):
    return [entry.kind.name for entry in network.journal(address)]


async def test_c1_a_dead_station_is_offline_within_two_pings_and_a_living_one_stays(network):
    dead, living = network.station(), network.station()
    async with Box(living) as alive, Deaf(dead) as station:
        await station.call("Heartbeat", {})
        silent_since = time.monotonic()
        await eventually(lambda: network.at(dead).online, "the station is online")
        await eventually(lambda: not network.at(dead).online, "the dead station is offline")
        assert time.monotonic() - silent_since < 2 * PING_S + 5
        assert network.at(living).online
        assert (await alive.call("Heartbeat"))["currentTime"]
    [ended] = [entry for entry in network.journal(dead) if entry.kind.name == "DISCONNECTED"]
    assert b"no sign of life" in ended.frame
    assert network.at(dead).gateway == ""


async def test_c1_c2_there_are_never_two_live_sockets_for_one_identity(network):
    address = network.station()
    async with Box(address) as first:
        await first.boot()
        async with Box(address) as second, Box(address) as third:
            for old in (first, second):
                await asyncio.wait_for(old.socket.wait_closed(), PATIENCE_S)
                with pytest.raises(websockets.ConnectionClosed):
                    await old.socket.send('[2,"late","Heartbeat",{}]')
            assert (await third.call("Heartbeat"))["currentTime"]
            network.folded()
            assert network.at(address).online
            assert kinds(network, address).count("CONNECTED") - kinds(network, address).count("DISCONNECTED") == 1


async def test_c2_after_a_dirty_disconnect_the_new_connection_wins_at_once(network):
    from ohmstead.station.commands import ResetStation

    address = network.station()
    async with Deaf(address) as gone:
        await gone.call("BootNotification", BOOT)
        began = time.monotonic()
        async with Box(address) as back:
            await back.boot()
            assert time.monotonic() - began < 2 * PING_S
            row = network.ask(address, ResetStation())
            await back.expect("Reset", {"status": "Accepted"})
            await eventually(lambda: row.refresh_from_db() or row.state == "accepted", "the command is accepted")
            await eventually(lambda: "DISCONNECTED" in kinds(network, address), "the old connection is closed")
            network.folded()
            assert network.at(address).online
            assert (await back.call("Heartbeat"))["currentTime"]


async def test_c3_a_station_without_ping_support_stays_and_lives_by_any_frame(network):
    without, ordinary = network.station(), network.station()
    async with Deaf(without) as quirky, Deaf(ordinary) as normal:
        await quirky.call("BootNotification", {**BOOT, "chargePointVendor": "EN+"})
        await normal.call("BootNotification", BOOT)
        await eventually(lambda: network.at(ordinary).online, "both are online")
        await eventually(lambda: not network.at(ordinary).online, "the one that should answer pings is offline")
        assert network.at(without).online
        await quirky.call("Heartbeat", {})
    async with Deaf(network.station(vendor="EN+", heartbeat_interval_s=1)) as silent:
        await silent.call("Heartbeat", {})
        address = silent.url
        await eventually(lambda: network.at(address).online, "it is online")
        await eventually(lambda: not network.at(address).online, "it said nothing for two heartbeats")


async def test_c4_a_long_message_passes_whole_in_both_directions(network):
    from ohmstead.station.commands import RawCommand

    tags = [{"idTag": f"05{number:018X}", "idTagInfo": {"status": "Accepted"}} for number in range(1_000)]
    full = {"listVersion": 1, "updateType": "Full", "localAuthorizationList": tags}
    card = network.card(CARD)
    async with Box(network.station()) as station:
        row = network.ask(station.url, RawCommand(action="SendLocalList", payload=full))
        assert await station.expect("SendLocalList", {"status": "Accepted"}) == full
        await eventually(lambda: row.refresh_from_db() or row.state == "accepted", "the command is accepted")
        started = await station.start(card, at_s=-7_200)
        samples = [value(-7_200 + second, sample(1_000 + second)) for second in range(0, 7_000, 7)]
        await station.stop(started, meter=8_100, transactionData=samples)
    network.settled(1, state="ended", energy_wh=7_100)
    network.folded()
    assert len(network.readings(station.url)) == 1_000


async def test_c5_the_directions_never_block_each_other_and_answers_are_never_misread(network):
    from ohmstead.station.commands import ResetStation, TriggerMessage

    async with Box(network.station()) as station:
        reset = network.ask(station.url, ResetStation())
        trigger = network.ask(station.url, TriggerMessage(message="Heartbeat"))
        async with asyncio.timeout(PATIENCE_S):
            message_id, action, _ = await station.asked.get()
        assert action == "Reset"
        for _ in range(20):
            assert (await station.call("Heartbeat"))["currentTime"]
        await station.socket.send('[3,"never asked",{"status":"Rejected"}]')
        await station.socket.send(f'[3,"{trigger.pk}",{{"status":"Rejected"}}]')
        await station.call("Heartbeat")
        reset.refresh_from_db()
        assert (reset.state, station.asked.qsize()) == ("sent", 0)
        await station.socket.send(f'[3,"{message_id}",{{"status":"Accepted"}}]')
        await station.expect("TriggerMessage", {"status": "NotImplemented"})
        await eventually(lambda: trigger.refresh_from_db() or trigger.state == "rejected", "the trigger is rejected")
        reset.refresh_from_db()
        assert (reset.state, trigger.reason) == ("accepted", "NotImplemented")


async def test_c6_nothing_is_asked_of_a_station_by_itself(network):
    async with Box(network.station()) as station:
        await station.boot(chargePointVendor="ABB", chargePointModel="TAC-W22-T-RD-MC-0")
        await station.status("Available", connector=0)
        await station.status("Available")
        await station.call("Heartbeat")
        network.folded()
        assert station.asked.empty()
    assert "SENT" not in kinds(network, station.url)


async def test_c7_unknown_stations_wait_in_the_inbox_and_block_nobody(network):
    from ohmstead.network.models import Station

    card = network.card(CARD)
    unknown = [network.address(f"NEW-{number}") for number in range(30)]
    async with Box(network.station()) as known:
        started = await known.start(card)

        async def knock(address):
            async with Box(address) as station:
                assert (await station.call("BootNotification", BOOT))["status"] == "Pending"
                answer = await station.call(
                    "StartTransaction", {"connectorId": 1, "idTag": card, "meterStart": 0, "timestamp": moment()}
                )
                assert answer["idTagInfo"]["status"] != "Accepted"

        await asyncio.gather(*(knock(address) for address in unknown))
        await known.stop(started)
    network.settled(1, state="ended", energy_wh=5_000)
    assert Station.objects.filter(organisation=network.organisation, admission="pending").count() == 30


async def test_c7_an_unknown_organisation_is_refused_in_a_sentence(network):
    from ohmstead.network.models import Refusal

    address = f"{network.system.url}/nobody-{network.organisation.slug}/CS-1"
    with pytest.raises(websockets.InvalidStatus) as refused:
        await Box(address).__aenter__()
    assert refused.value.response.status_code == 404
    assert refused.value.response.body
    await eventually(lambda: Refusal.objects.filter(identity="CS-1").exists(), "the refusal is kept for the operator")


async def test_c7_a_cold_boot_names_plugs_nobody_entered(network):
    async with Box(network.station()) as station:
        await station.boot()
        for connector in (0, 1, 7):
            await station.status("Available", connector=connector)
        network.folded()
    assert network.evses(station.url) == {1: "available", 7: "available"}
    assert network.at(station.url).state == "available"
