"""The shortest whole story, in each dialect, over a real socket."""

import pytest

from ohmstead.simulator import sessions
from ohmstead.station.tokens import PresentedToken
from tests.simulator.scripted_csms import Csms
from tests.simulator.simulated import fleet_at, saloon

CARD = PresentedToken("04A1B2C3")


async def test_a_1_6_station_boots_charges_and_stops(csms: Csms) -> None:
    async with fleet_at(csms) as fleet:
        station = fleet.stations["S16"]
        evse = station.evses[1]
        sessions.plug(station, evse, saloon())
        assert (await sessions.present(station, evse, CARD)).accepted
        await csms.until(lambda: len(csms.calls("MeterValues", "S16")) >= 2)
        assert (await sessions.present(station, evse, CARD)).accepted
        sessions.unplug(station, evse)
        await csms.until(lambda: csms.calls("StopTransaction", "S16"))
        await csms.until(lambda: csms.calls("StatusNotification", "S16")[-1]["status"] == "Available")
    (start,), (stop,) = csms.calls("StartTransaction", "S16"), csms.calls("StopTransaction", "S16")
    assert (start["connectorId"], start["idTag"], stop["idTag"]) == (2, "04A1B2C3", "04A1B2C3")
    assert stop["transactionId"] == 1
    assert stop["meterStop"] > start["meterStart"]
    assert stop["reason"] == "Local"
    states = [s["status"] for s in csms.calls("StatusNotification", "S16") if s["connectorId"] == 2]
    assert states == ["Available", "Preparing", "Charging", "Finishing", "Available"]


@pytest.mark.parametrize("identity", ["S201", "S21"])
async def test_a_2_x_station_boots_charges_and_stops(csms: Csms, identity: str) -> None:
    async with fleet_at(csms) as fleet:
        station = fleet.stations[identity]
        evse = station.evses[0]
        assert (await sessions.present(station, evse, CARD)).accepted
        sessions.plug(station, evse, saloon())
        await csms.until(lambda: len(csms.calls("TransactionEvent", identity)) >= 4)
        await sessions.present(station, evse, CARD)
        sessions.unplug(station, evse)
        await csms.until(lambda: csms.calls("TransactionEvent", identity)[-1]["eventType"] == "Ended")
    events = csms.calls("TransactionEvent", identity)
    assert [e["seqNo"] for e in events] == list(range(len(events)))
    assert events[0]["eventType"] == "Started"
    assert events[0]["idToken"] == {"idToken": "04A1B2C3", "type": "ISO14443"}
    assert [e["triggerReason"] for e in events[:3]] == ["Authorized", "ChargingStateChanged", "MeterValuePeriodic"]
    assert events[-1]["transactionInfo"]["stoppedReason"] == "Local"
    registers = [
        v["value"]
        for e in events
        for m in e.get("meterValue", [])
        for v in m["sampledValue"]
        if "Energy" in v["measurand"]
    ]
    assert registers == sorted(registers)
    assert registers[-1] > registers[0]
