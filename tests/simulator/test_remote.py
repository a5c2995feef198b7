"""What a network asks, and what the station then does."""

from datetime import timedelta
from typing import Any

import pytest

from ohmstead.simulator import sessions
from ohmstead.simulator.evse import Fault
from ohmstead.simulator.fleet import Fleet
from ohmstead.station.states import ChargingState, PlugState
from ohmstead.station.tokens import PresentedToken
from tests.simulator.scripted_csms import Csms
from tests.simulator.simulated import fleet_at, saloon

CARD = PresentedToken("04A1B2C3")
DIALECTS = pytest.mark.parametrize("identity", ["S16", "S201", "S21"])


async def remote_start(csms: Csms, identity: str) -> Any:
    if identity == "S16":
        return await csms.ask(identity, "RemoteStartTransaction", {"idTag": "04FF", "connectorId": 1})
    token = {"idToken": "04FF", "type": "Central"}
    wish = {"idToken": token, "remoteStartId": 11, "evseId": 1}
    return await csms.ask(identity, "RequestStartTransaction", wish)


async def charging(csms: Csms, fleet: Fleet, identity: str) -> None:
    station = fleet.stations[identity]
    sessions.plug(station, station.evses[0], saloon())
    await sessions.present(station, station.evses[0], CARD)
    await csms.until(lambda: not station.outbox.stored and station.evses[0].meter.flow.power_w)


@DIALECTS
async def test_a_remote_start_waits_for_the_car_and_a_remote_stop_ends_it(csms: Csms, identity: str) -> None:
    async with fleet_at(csms) as fleet:
        station = fleet.stations[identity]
        evse = station.evses[0]
        assert (await remote_start(csms, identity))["status"] == "Accepted"
        await csms.until(lambda: evse.state is PlugState.PREPARING)
        sessions.plug(station, evse, saloon())
        await csms.until(lambda: evse.session and not station.outbox.stored)
        session = evse.session
        assert session
        if identity == "S16":
            asked = ("RemoteStopTransaction", {"transactionId": session.transaction_id})
        else:
            asked = ("RequestStopTransaction", {"transactionId": session.key})
        assert (await csms.ask(identity, *asked))["status"] == "Accepted"
        await csms.until(lambda: evse.session is None and not station.outbox.stored)
    if identity == "S16":
        assert csms.calls("StopTransaction")[0]["reason"] == "Remote"
    else:
        events = csms.calls("TransactionEvent", identity)
        assert (events[0]["triggerReason"], events[0]["transactionInfo"]["remoteStartId"]) == ("RemoteStart", 11)
        assert events[-1]["transactionInfo"]["stoppedReason"] == "Remote"


@DIALECTS
async def test_t15_a_remote_start_without_a_car_frees_the_evse_again(csms: Csms, identity: str) -> None:
    async with fleet_at(csms, settings="car_timeout_s: 12") as fleet:
        evse = fleet.stations[identity].evses[0]
        await remote_start(csms, identity)
        await csms.until(lambda: evse.state is PlugState.PREPARING)
        await csms.until(lambda: evse.state is PlugState.AVAILABLE)


@DIALECTS
async def test_a_second_start_on_a_busy_evse_is_rejected(csms: Csms, identity: str) -> None:
    async with fleet_at(csms) as fleet:
        await charging(csms, fleet, identity)
        assert (await remote_start(csms, identity))["status"] == "Rejected"


@pytest.mark.parametrize(
    ("limit", "state", "power_w"),
    [
        pytest.param(6_900.0, ChargingState.CHARGING, 6_900, id="less power"),
        pytest.param(0.0, ChargingState.SUSPENDED_STATION, 0, id="a pause"),
        pytest.param(2_000.0, ChargingState.SUSPENDED_STATION, 0, id="E1 less than 6 A is a pause"),
    ],
)
@pytest.mark.parametrize("identity", ["S16", "S201"])
async def test_a_profile_is_obeyed_at_once(
    csms: Csms, identity: str, limit: float, state: ChargingState, power_w: float
) -> None:
    schedule = {"chargingRateUnit": "W", "chargingSchedulePeriod": [{"startPeriod": 0, "limit": limit}]}
    common = {"stackLevel": 1, "chargingProfilePurpose": "TxDefaultProfile", "chargingProfileKind": "Absolute"}
    async with fleet_at(csms) as fleet:
        await charging(csms, fleet, identity)
        if identity == "S16":
            profile = common | {"chargingProfileId": 3, "chargingSchedule": schedule}
            await csms.ask(identity, "SetChargingProfile", {"connectorId": 0, "csChargingProfiles": profile})
        else:
            profile = common | {"id": 3, "chargingSchedule": [{"id": 1} | schedule]}
            await csms.ask(identity, "SetChargingProfile", {"evseId": 0, "chargingProfile": profile})
        evse = fleet.stations[identity].evses[0]
        await csms.until(lambda: evse.session and evse.session.state is state)
        assert evse.meter.flow.power_w == pytest.approx(power_w)


@DIALECTS
async def test_t12_a_card_the_network_refuses_in_its_answer_ends_the_session(csms: Csms, identity: str) -> None:
    async with fleet_at(csms, settings="pre_authorise: true") as fleet:
        station = fleet.stations[identity]
        evse = station.evses[0]
        await charging(csms, fleet, identity)
        await sessions.present(station, evse, CARD)
        sessions.unplug(station, evse)
        csms.refuse_tokens.add(CARD.uid)
        sessions.plug(station, evse, saloon())
        assert (await sessions.present(station, evse, CARD)).accepted  # the cache still thinks so
        await csms.until(lambda: evse.session is None and not station.outbox.stored)
    if identity == "S16":
        assert csms.calls("StopTransaction")[-1]["reason"] == "DeAuthorized"
    else:
        assert csms.calls("TransactionEvent", identity)[-1]["transactionInfo"]["stoppedReason"] == "DeAuthorized"


@DIALECTS
async def test_a_fault_ends_the_session_with_its_last_reading_and_is_repaired(csms: Csms, identity: str) -> None:
    async with fleet_at(csms) as fleet:
        station = fleet.stations[identity]
        evse = station.evses[0]
        await charging(csms, fleet, identity)
        register_wh = evse.meter.register_wh
        sessions.fail(station, evse, Fault("GroundFailure"))
        await csms.until(lambda: not station.outbox.stored)
        sessions.unplug(station, evse)
        sessions.repair(station, evse)
        connector = "connectorId" if identity == "S16" else "evseId"
        word = "status" if identity == "S16" else "connectorStatus"
        await csms.until(
            lambda: (
                [s[word] for s in csms.calls("StatusNotification", identity) if s[connector] == 1][-1] == "Available"
            )
        )
    assert "Faulted" in [s[word] for s in csms.calls("StatusNotification", identity) if s[connector] == 1]
    if identity == "S16":
        assert csms.calls("StopTransaction")[0]["meterStop"] >= register_wh
    else:
        assert csms.calls("TransactionEvent", identity)[-1]["transactionInfo"]["stoppedReason"] == "GroundFault"


async def test_a_reset_on_idle_waits_for_the_session(csms: Csms) -> None:
    async with fleet_at(csms) as fleet:
        station = fleet.stations["S201"]
        await charging(csms, fleet, "S201")
        assert (await csms.ask("S201", "Reset", {"type": "OnIdle"}))["status"] == "Scheduled"
        await sessions.present(station, station.evses[0], CARD)
        await csms.until(lambda: len(csms.calls("BootNotification", "S201")) == 2)
    assert csms.calls("BootNotification", "S201")[1]["reason"] == "ScheduledReset"
    assert csms.calls("TransactionEvent", "S201")[-1]["transactionInfo"]["stoppedReason"] == "Local"


async def test_t14_a_soft_reset_ends_the_session_before_the_boot(csms: Csms) -> None:
    async with fleet_at(csms) as fleet:
        await charging(csms, fleet, "S16")
        await csms.ask("S16", "Reset", {"type": "Soft"})
        await csms.until(lambda: len(csms.calls("BootNotification", "S16")) == 2)
    assert csms.calls("StopTransaction")[0]["reason"] == "SoftReset"


@DIALECTS
async def test_a_reservation_keeps_others_out_and_ends(csms: Csms, identity: str) -> None:
    async with fleet_at(csms) as fleet:
        station = fleet.stations[identity]
        evse = station.evses[0]
        until = (station.pace.now() + timedelta(seconds=1.5)).isoformat().replace("+00:00", "Z")
        if identity == "S16":
            wish = {"connectorId": 1, "expiryDate": until, "idTag": "04BEEF", "reservationId": 4}
        else:
            token = {"idToken": "04BEEF", "type": "ISO14443"}
            wish = {"id": 4, "expiryDateTime": until, "idToken": token, "evseId": 1}
        assert (await csms.ask(identity, "ReserveNow", wish))["status"] == "Accepted"
        assert evse.state is PlugState.RESERVED
        assert (await sessions.present(station, evse, CARD)).status == "Reserved"
        await csms.until(lambda: evse.state is PlugState.AVAILABLE)
        if identity != "S16":
            (over,) = await csms.until(lambda: csms.calls("ReservationStatusUpdate", identity))
            assert over == {"reservationId": 4, "reservationUpdateStatus": "Expired"}


async def test_the_reserved_card_starts_and_names_its_reservation(csms: Csms) -> None:
    async with fleet_at(csms) as fleet:
        station = fleet.stations["S16"]
        wish = {"connectorId": 1, "expiryDate": "2030-01-01T00:00:00Z", "idTag": CARD.uid, "reservationId": 4}
        await csms.ask("S16", "ReserveNow", wish)
        await charging(csms, fleet, "S16")
        assert station.evses[0].reservation is None
    assert csms.calls("StartTransaction")[0]["reservationId"] == 4


@DIALECTS
async def test_a_session_may_end_before_an_evse_goes_out_of_service(csms: Csms, identity: str) -> None:
    async with fleet_at(csms) as fleet:
        station = fleet.stations[identity]
        await charging(csms, fleet, identity)
        wish = {"connectorId": 1, "type": "Inoperative"}
        if identity != "S16":
            wish = {"operationalStatus": "Inoperative", "evse": {"id": 1}}
        assert (await csms.ask(identity, "ChangeAvailability", wish))["status"] == "Scheduled"
        await sessions.present(station, station.evses[0], CARD)
        sessions.unplug(station, station.evses[0])
        assert station.evses[0].state is PlugState.UNAVAILABLE


async def test_a_local_list_lets_drivers_in_without_asking(csms: Csms) -> None:
    entries = [{"idTag": CARD.uid, "idTagInfo": {"status": "Accepted"}}]
    async with fleet_at(csms, settings="pre_authorise: true") as fleet:
        listed = {"listVersion": 1, "updateType": "Full", "localAuthorizationList": entries}
        await csms.ask("S16", "SendLocalList", listed)
        await charging(csms, fleet, "S16")
    assert csms.calls("Authorize", "S16") == []
    assert len(csms.calls("StartTransaction", "S16")) == 1


async def test_an_evse_with_start_at_the_plug_tells_of_the_car_first(csms: Csms) -> None:
    async with fleet_at(csms, settings="start_point: EVConnected, stop_point: EVConnected") as fleet:
        station = fleet.stations["S201"]
        evse = station.evses[0]
        await charging(csms, fleet, "S201")
        await sessions.present(station, evse, CARD)
        assert evse.state is PlugState.FINISHING
        sessions.unplug(station, evse)
        await csms.until(lambda: csms.calls("TransactionEvent")[-1]["eventType"] == "Ended")
    events = csms.calls("TransactionEvent")
    reasons = [event["triggerReason"] for event in events if event["triggerReason"] != "MeterValuePeriodic"]
    assert reasons == ["CablePluggedIn", "Authorized", "ChargingStateChanged", "StopAuthorized", "EVDeparted"]
    assert "idToken" not in events[0]
    assert events[-1]["transactionInfo"]["stoppedReason"] == "Local"


@DIALECTS
async def test_clock_aligned_readings_come_with_and_without_a_session(csms: Csms, identity: str) -> None:
    async with fleet_at(
        csms,
        settings="clock_interval_s: 1",
    ) as fleet:
        await csms.until(lambda: csms.calls("MeterValues", identity))
        station = fleet.stations[identity]
        station.settings.put("meter_interval_s", "0")
        csms.frames.clear()
        await charging(csms, fleet, identity)
        if identity == "S16":
            await csms.until(lambda: any("transactionId" in m for m in csms.calls("MeterValues", identity)))
        else:
            events = csms.calls
            await csms.until(
                lambda: "MeterValueClock" in [e["triggerReason"] for e in events("TransactionEvent", identity)]
            )
    value = csms.calls("MeterValues", "S201")[0]["meterValue"][0]["sampledValue"]
    assert [one["context"] for one in value] == ["Sample.Clock"]
