"""Scripted 2.0.1 stations walk the public sequences of the certification scenarios that need no operator.

One test per scenario, named by its id; the diagrams lie in shared/vectors/octt-csms-sequences/2.0.1.
"""

import secrets

import pytest
import websockets

from tests.line.post import EVSE, Post, meter
from tests.line.scripted import Refused, moment

BOOT = {"reason": "PowerUp", "chargingStation": {"model": "Post", "vendorName": "Example"}}


@pytest.fixture
def cards(network):
    return {
        "valid": network.card("04A1B2C3", parent_uid="GROUP-1"),
        "second": network.card("04A1B2C4", parent_uid="GROUP-1"),
        "invalid": "04FFFFFF",
    }


def post(network, **options):
    return Post(network.station(), **options)


async def test_tc_b_02_pending_then_accepted(network):
    identity = f"OHM-{secrets.token_hex(4)}"
    from ohmstead.access.actors import SYSTEM
    from ohmstead.network import actions

    async with Post(network.address(identity)) as station:
        first = await station.call("BootNotification", BOOT)
        assert first["status"] == "Pending"
        actions.accept_station(network.row(identity), by=SYSTEM)
        for _ in range(50):
            again = await station.call("BootNotification", BOOT)
            if again["status"] == "Accepted":
                break
        assert again["status"] == "Accepted"
        await station.plug("Available")


async def test_tc_b_30_pending_station_gets_security_error(network):
    async with Post(network.address(f"OHM-{secrets.token_hex(4)}")) as station:
        assert (await station.call("BootNotification", BOOT))["status"] in ("Pending", "Rejected")
        payload = {"timestamp": moment(), "connectorStatus": "Available", "evseId": 1, "connectorId": 1}
        with pytest.raises(Refused) as refused:
            await station.call("StatusNotification", payload)
        assert refused.value.code == "SecurityError"
        with pytest.raises(Refused) as refused:
            await station.notify("Connector", "AvailabilityState", "Available")
        assert refused.value.code == "SecurityError"


async def test_tc_b_58_subprotocol(network):
    address = network.station()
    with pytest.raises((websockets.InvalidStatus, websockets.NegotiationError)):
        await Post(address, offered=["ocpp0.1"]).__aenter__()
    async with Post(address, offered=["ocpp0.1", "ocpp2.0.1"]) as station:
        assert station.socket.subprotocol == "ocpp2.0.1"


async def test_tc_c_08_cached_token(network, cards):
    async with post(network) as station:
        await station.connected_before_session()
        answer = await station.event("Updated", "Authorized", token=cards["valid"])
        assert answer["idTokenInfo"]["status"] == "Accepted"


async def test_tc_c_20_cached_invalid_token(network, cards):
    async with post(network) as station:
        await station.connected_before_session()
        answer = await station.event("Updated", "Authorized", token=cards["invalid"])
        assert answer["idTokenInfo"]["status"] in ("Invalid", "Unknown")


async def test_tc_c_39_group_id(network, cards):
    async with post(network) as station:
        await station.connected_before_session()
        group = {"groupIdToken": {"idToken": "GROUP-1"}}
        assert (await station.authorise(cards["second"]))["groupIdToken"]["idToken"] == "GROUP-1"
        answer = await station.event("Updated", "Authorized", token=cards["valid"])
        assert answer["idTokenInfo"]["groupIdToken"]["idToken"] == group["groupIdToken"]["idToken"]
        await station.event("Updated", "ChargingStateChanged", chargingState="Charging")
        assert (await station.authorise(cards["second"]))["groupIdToken"]["idToken"] == "GROUP-1"
        stopped = await station.event("Updated", "StopAuthorized", token=cards["second"])
        assert stopped["idTokenInfo"]["status"] == "Accepted"
        assert stopped["idTokenInfo"]["groupIdToken"]["idToken"] == "GROUP-1"
        await station.event("Updated", "ChargingStateChanged", chargingState="EVConnected")
        await station.disconnected()
    [session] = network.settled(1, state="ended")
    assert session.energy_wh == 5_000
    assert session.token_uid == cards["valid"]


async def test_tc_c_40_group_id_from_the_local_list(network, cards):
    async with post(network) as station:
        await station.connected_before_session()
        answer = await station.event("Updated", "Authorized", token=cards["valid"])
        assert answer["idTokenInfo"]["groupIdToken"]["idToken"] == "GROUP-1"
        await station.event("Updated", "ChargingStateChanged", chargingState="Charging")
        await station.connected_after_session(cards["second"])
        await station.disconnected()
    network.settled(1, state="ended", energy_wh=5_000)


async def test_tc_c_48_master_pass_with_ui(network):
    driver, master = network.card("04000001"), network.card("04000009", parent_uid="MASTER")
    async with post(network) as station:
        await station.energy_transfer(driver)
        assert (await station.authorise(master))["groupIdToken"]["idToken"] == "MASTER"
        ended = await station.event("Ended", "StopAuthorized", token=master, stoppedReason="MasterPass")
        assert ended["idTokenInfo"]["status"] == "Accepted"
        assert ended["idTokenInfo"]["groupIdToken"]["idToken"] == "MASTER"
    [session] = network.settled(1, state="ended")
    assert session.token_uid == driver


async def test_tc_c_49_master_pass_without_ui(network):
    driver = network.card("04000001", parent_uid="MASTER")
    other = network.card("04000002", parent_uid="MASTER")
    master = network.card("04000009", parent_uid="MASTER")
    first = network.station()
    async with Post(first) as station, post(network) as second:
        await station.energy_transfer(driver)
        await second.energy_transfer(other)
        assert (await station.authorise(master))["groupIdToken"]["idToken"] == "MASTER"
        for post_, token in ((station, driver), (second, other)):
            ended = await post_.event("Ended", "StopAuthorized", token=token, stoppedReason="MasterPass")
            assert ended["idTokenInfo"]["status"] == "Accepted"
            assert ended["idTokenInfo"]["groupIdToken"]["idToken"] == "MASTER"
    network.settled(2, state="ended")


async def test_tc_e_07_power_path_closed_local_stop(network, cards):
    async with post(network) as station:
        await station.energy_transfer(cards["valid"])
        await station.event("Ended", "StopAuthorized", stoppedReason="Local", token=cards["valid"])
    network.settled(1, state="ended", stop_reason="driver")


async def test_tc_e_08_energy_transfer_stopped(network, cards):
    async with post(network) as station:
        await station.energy_transfer(cards["valid"])
        await station.event("Updated", "StopAuthorized", token=cards["valid"])
        await station.event("Ended", "ChargingStateChanged", chargingState="EVConnected", stoppedReason="Local")
    network.settled(1, state="ended")


async def test_tc_e_10_start_when_authorised(network, cards):
    async with post(network) as station:
        await station.authorise(cards["valid"])
        answer = await station.event("Started", "Authorized", token=cards["valid"], evse=EVSE)
        assert answer["idTokenInfo"]["status"] == "Accepted"
    network.settled(1, state="running")


async def test_tc_e_11_start_when_data_signed(network, cards):
    from ohmstead.charging.models import Session

    async with post(network) as station:
        await station.authorise(cards["valid"])
        await station.plug("Occupied")
        answer = await station.event(
            "Started",
            "SignedDataReceived",
            token=cards["valid"],
            chargingState="SuspendedEVSE",
            meters=[meter(1_000, "Transaction.Begin", at_s=station.at_s, signed=True)],
        )
        assert answer["idTokenInfo"]["status"] == "Accepted"
        await station.event("Updated", "ChargingStateChanged", chargingState="Charging")
    [session] = network.settled(1, state="running", charging_state="charging")
    assert isinstance(session, Session)


async def test_tc_e_14_disconnected_at_the_station(network, cards):
    async with post(network) as station:
        await station.energy_transfer(cards["valid"])
        await station.connected_after_session(cards["valid"])
        await station.disconnected()
    network.settled(1, state="ended", stop_reason="car_unplugged", energy_wh=5_000)


async def test_tc_e_15_stop_authorised_locally(network, cards):
    async with post(network) as station:
        await station.energy_transfer(cards["valid"])
        ended = await station.event("Ended", "StopAuthorized", stoppedReason="Local", token=cards["second"])
        assert ended["idTokenInfo"]["status"] == "Accepted"
    network.settled(1, state="ended")


async def test_tc_e_16_deauthorised(network, cards):
    async with post(network) as station:
        answer = await station.event("Started", "Authorized", token=cards["invalid"])
        assert answer["idTokenInfo"]["status"] in ("Invalid", "Unknown")
        await station.event("Ended", "Deauthorized", stoppedReason="DeAuthorized")
    network.settled(1, state="refused", stop_reason="deauthorised", energy_wh=0)


async def test_tc_e_19_parking_bay_left(network, cards):
    async with post(network) as station:
        await station.energy_transfer(cards["valid"])
        await station.plug("Available")
        await station.event("Updated", "EVCommunicationLost", chargingState="Idle")
        await station.event("Ended", "EVDeparted", stoppedReason="Local")
    network.settled(1, state="ended")


async def test_tc_e_20_disconnected_at_the_car(network, cards):
    async with post(network) as station:
        await station.energy_transfer(cards["valid"])
        await station.event("Updated", "ChargingStateChanged", chargingState="SuspendedEV")
        await station.disconnected()
    network.settled(1, state="ended", stop_reason="car_unplugged")


async def test_tc_e_22_stopped_by_the_car(network, cards):
    async with post(network) as station:
        await station.energy_transfer(cards["valid"])
        await station.event("Ended", "ChargingStateChanged", chargingState="SuspendedEV", stoppedReason="StoppedByEV")
    network.settled(1, state="ended")


async def test_tc_e_26_cable_out_and_in_again(network, cards):
    async with post(network) as station:
        await station.energy_transfer(cards["valid"])
        await station.event("Updated", "ChargingStateChanged", chargingState="SuspendedEV")
        await station.event("Updated", "EVCommunicationLost", chargingState="Idle")
        await station.plug("Available")
        await station.event("Updated", "CablePluggedIn", chargingState="EVConnected")
        await station.event("Updated", "ChargingStateChanged", chargingState="Charging")
    network.settled(1, state="running", charging_state="charging")


async def test_tc_e_39_nobody_plugged_in(network, cards):
    async with post(network) as station:
        await station.authorise(cards["valid"])
        await station.event("Started", "Authorized", token=cards["valid"])
        await station.event("Ended", "EVConnectTimeout", stoppedReason="Timeout")
    network.settled(1, state="ended", stop_reason="timeout", energy_wh=0)


async def test_tc_g_20_lock_failure(network):
    async with post(network) as station:
        assert await station.notify("ConnectorPlugRetentionLock", "Problem", "true") == {}


@pytest.mark.parametrize(
    "signed", [pytest.param(False, id="tc_j_03_clock_aligned"), pytest.param(True, id="tc_j_04_signed")]
)
async def test_clock_aligned_values_in_the_end(network, cards, signed):
    async with post(network) as station:
        await station.energy_transfer(cards["valid"])
        values = [
            meter(2_000, "Sample.Clock", at_s=station.at_s - 40, signed=signed),
            meter(4_000, "Sample.Clock", at_s=station.at_s - 20, signed=signed),
            meter(6_000, "Transaction.End", at_s=station.at_s, signed=signed),
        ]
        await station.disconnected(values)
    network.settled(1, state="ended", energy_wh=5_000)


async def test_tc_k_48_external_limit(network):
    async with post(network) as station:
        limit = {"chargingLimit": {"chargingLimitSource": "EMS"}}
        assert await station.call("NotifyChargingLimit", limit) == {}


async def test_tc_k_50_external_limit_released(network):
    async with post(network) as station:
        assert await station.call("ClearedChargingLimit", {"chargingLimitSource": "EMS"}) == {}


async def test_tc_k_51_external_limit_released_in_a_transaction(network, cards):
    async with post(network) as station:
        await station.energy_transfer(cards["valid"])
        assert await station.call("ClearedChargingLimit", {"chargingLimitSource": "EMS", "evseId": 1}) == {}
        await station.event("Updated", "ChargingRateChanged")


async def test_tc_n_24_periodic_event(network):
    async with post(network) as station:
        for _ in range(3):
            kind = {"trigger": "Periodic", "eventNotificationType": "HardWiredMonitor"}
            assert await station.notify("EVSE", "AvailabilityState", "Available", **kind) == {}


async def test_tc_n_49_alert_cleared_after_reboot(network):
    async with post(network) as station:
        kind = {"trigger": "Alerting", "cleared": True, "eventNotificationType": "HardWiredMonitor"}
        assert await station.notify("EVSE", "AvailabilityState", "0", **kind) == {}


async def test_tc_p_02_data_transfer(network):
    async with post(network) as station:
        answer = await station.call("DataTransfer", {"vendorId": "org.example", "messageId": "unknown"})
        assert answer["status"] in ("UnknownVendorId", "UnknownMessageId", "Rejected")


async def test_tc_p_03_custom_data(network):
    custom = {"vendorId": "org.example", "colour": "green"}
    async with post(network) as station:
        payload = {"timestamp": moment(), "connectorStatus": "Occupied", "evseId": 1, "connectorId": 1}
        assert await station.call("StatusNotification", {**payload, "customData": custom}) == {}
        event = {
            "eventType": "Started",
            "timestamp": moment(),
            "triggerReason": "CablePluggedIn",
            "seqNo": 0,
            "transactionInfo": {"transactionId": "c1", "customData": custom},
            "evse": EVSE,
            "customData": custom,
        }
        assert await station.call("TransactionEvent", event) == {}
    network.settled(1, state="running")
