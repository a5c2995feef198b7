"""Scripted 1.6 stations walk the public sequences of the certification scenarios that need no operator.

One test per scenario, named by its id; the diagrams lie in shared/vectors/octt-csms-sequences/1.6.
"""

import secrets

import pytest
import websockets

from tests.line.scripted import Scripted, moment

BOOT = {"chargePointVendor": "Example", "chargePointModel": "Post"}


@pytest.fixture
def cards(network):
    return {
        "valid": network.card("04A1B2C3"),
        "blocked": network.card("04BB0001", status="blocked"),
        "invalid": "04FFFFFF",
    }


def scripted(network, **fields):
    return Scripted(network.station(**fields), "ocpp1.6")


async def status(station, state, connector=1, error="NoError"):
    payload = {"connectorId": connector, "status": state, "errorCode": error, "timestamp": moment()}
    assert await station.call("StatusNotification", payload) == {}


async def start(station, card, *, meter=1_000, at_s=-1_800):
    payload = {"connectorId": 1, "idTag": card, "meterStart": meter, "timestamp": moment(at_s)}
    return await station.call("StartTransaction", payload)


async def stop(station, started, *, meter=6_000, reason="Local", at_s=0):
    payload = {
        "transactionId": started["transactionId"],
        "meterStop": meter,
        "timestamp": moment(at_s),
        "reason": reason,
    }
    return await station.call("StopTransaction", payload)


async def charging(station, card):
    """The shared state: authorised, plugged in, charging."""
    assert (await station.call("Authorize", {"idTag": card}))["idTagInfo"]["status"] == "Accepted"
    await status(station, "Preparing")
    started = await start(station, card)
    assert started["idTagInfo"]["status"] == "Accepted"
    await status(station, "Charging")
    return started


async def test_tc_001_cold_boot(network):
    async with scripted(network) as station:
        boot = await station.call("BootNotification", BOOT)
        assert boot["status"] == "Accepted"
        assert boot["interval"] > 0
        await status(station, "Available", connector=0)
        await status(station, "Available")
        assert (await station.call("Heartbeat"))["currentTime"]


async def test_tc_003_plugin_first(network, cards):
    async with scripted(network) as station:
        await status(station, "Preparing")
        await charging(station, cards["valid"])
    network.settled(1, state="running")


async def test_tc_004_1_identification_first(network, cards):
    async with scripted(network) as station:
        await charging(station, cards["valid"])
    network.settled(1, state="running")


async def test_tc_005_1_ev_side_disconnected(network, cards):
    async with scripted(network) as station:
        started = await charging(station, cards["valid"])
        await status(station, "SuspendedEV")
        await stop(station, started, reason="EVDisconnected")
        await status(station, "Finishing")
        await status(station, "Available")
    [session] = network.settled(1, state="ended")
    assert session.energy_wh == 5_000
    assert session.stop_reason == "car_unplugged"


async def test_tc_007_cached_id(network, cards):
    async with scripted(network) as station:
        await status(station, "Preparing")
        assert (await start(station, cards["valid"]))["idTagInfo"]["status"] == "Accepted"
        await status(station, "Charging")
    network.settled(1, state="running")


async def test_tc_023_1_authorize_invalid(network, cards):
    async with scripted(network) as station:
        answer = await station.call("Authorize", {"idTag": cards["invalid"]})
        assert answer["idTagInfo"]["status"] == "Invalid"


async def test_tc_023_blocked_card_is_told_so(network, cards):
    async with scripted(network) as station:
        answer = await station.call("Authorize", {"idTag": cards["blocked"]})
        assert answer["idTagInfo"]["status"] == "Blocked"


async def test_tc_024_lock_failure(network, cards):
    async with scripted(network) as station:
        await station.call("Authorize", {"idTag": cards["valid"]})
        await status(station, "Preparing")
        await status(station, "Faulted", error="ConnectorLockFailure")
    assert network.sessions() == []


async def test_tc_032_1_power_failure(network, cards):
    address = network.station()
    async with Scripted(address, "ocpp1.6") as station:
        started = await charging(station, cards["valid"])
    async with Scripted(address, "ocpp1.6") as station:
        assert (await station.call("BootNotification", BOOT))["status"] == "Accepted"
        await status(station, "Finishing")
        await status(station, "Available", connector=0)
        await status(station, "Available", connector=2)
        await stop(station, started, reason="PowerLoss")
    [session] = network.settled(1, state="ended")
    assert session.energy_wh == 5_000
    assert session.stop_reason == "power_loss"


async def test_tc_037_1_offline_start_valid(network, cards):
    async with scripted(network) as station:
        assert (await start(station, cards["valid"], at_s=-900))["idTagInfo"]["status"] == "Accepted"
        await status(station, "Charging")
    network.settled(1, state="running")


async def test_tc_037_3_offline_start_invalid(network, cards):
    async with scripted(network) as station:
        started = await start(station, cards["invalid"], at_s=-900)
        assert started["idTagInfo"]["status"] == "Invalid"
        assert started["transactionId"] > 0
        await status(station, "Charging")
        await stop(station, started, meter=1_010, reason="DeAuthorized")
        await status(station, "Finishing")
    [session] = network.settled(1, state="ended")
    assert session.energy_wh == 10
    assert session.stop_reason == "deauthorised"


async def test_tc_064_data_transfer(network):
    async with scripted(network) as station:
        answer = await station.call("DataTransfer", {"vendorId": "org.example.unknown", "messageId": "x", "data": "y"})
        assert answer["status"] in ("Rejected", "UnknownMessageId", "UnknownVendorId")


async def test_tc_085_basic_authentication(network):
    password = secrets.token_hex(16)
    address = network.station(security_profile=1, password=password)
    with pytest.raises(websockets.InvalidStatus) as refused:
        await Scripted(address, "ocpp1.6").__aenter__()
    assert refused.value.response.status_code == 401
    async with Scripted(address, "ocpp1.6", password=password) as station:
        assert (await station.call("BootNotification", BOOT))["status"] == "Accepted"
        await status(station, "Available", connector=0)
        await status(station, "Available")


async def test_tc_088_subprotocol(network):
    address = network.station()
    with pytest.raises((websockets.InvalidStatus, websockets.NegotiationError)):
        await Scripted(address, "ocpp1.6", offered=["ocpp0.1"]).__aenter__()
    async with Scripted(address, "ocpp1.6", offered=["ocpp0.1", "ocpp1.6"]) as station:
        assert station.socket.subprotocol == "ocpp1.6"
        assert (await station.call("BootNotification", BOOT))["status"] == "Accepted"
