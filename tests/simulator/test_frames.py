"""Everything a station says is valid by the official schemas."""

import asyncio
import contextlib
from datetime import UTC, datetime
from typing import Any

import pytest

from ohmstead.kit.clock import SystemClock
from ohmstead.simulator import sessions
from ohmstead.simulator.evse import Fault
from ohmstead.simulator.fleet import Fleet, Options
from ohmstead.simulator.scenario import load
from ohmstead.station.tokens import PresentedToken
from tests.simulator.schemas import faults
from tests.simulator.scripted_csms import Csms
from tests.simulator.simulated import fleet_at, saloon

MONDAY_NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = "2030-01-01T00:00:00Z"
CARD = PresentedToken("04A1B2C3")


class NoonClock(SystemClock):
    """Runs like the real one, from noon."""

    def __init__(self) -> None:
        self._ahead = MONDAY_NOON - super().now()

    def now(self) -> datetime:
        return super().now() + self._ahead


async def test_the_town_says_nothing_the_schemas_forbid(csms: Csms) -> None:
    town = load("town")
    odd = frozenset(planned.identity for planned in town.stations if planned.model.quirks)
    options = Options(url=csms.url, speed=3600.0, tick_s=0.1, clock=NoonClock())
    fleet = Fleet(town, options)
    for station in fleet.stations.values():
        station.settings.put("meter_interval_s", "1")
    task = asyncio.create_task(fleet.run())
    try:
        await csms.until(lambda: len(csms.sockets) == 60, 20)
        await csms.until(lambda: len(csms.calls("StopTransaction")) >= 3, 30)
        await csms.until(lambda: len(csms.calls("TransactionEvent")) >= 60, 30)
        await csms.until(lambda: any(e["eventType"] == "Ended" for e in csms.calls("TransactionEvent")), 30)
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    assert faults(csms.frames, skip=odd) == []
    said = {(dialect, frame[2]) for dialect, _, direction, frame in csms.frames if direction == "in" and frame[0] == 2}
    assert {
        ("ocpp1.6", "StartTransaction"), ("ocpp1.6", "StopTransaction"), ("ocpp2.0.1", "TransactionEvent"),
        ("ocpp2.1", "TransactionEvent"), ("ocpp1.6", "Authorize"), ("ocpp2.1", "Authorize"),
    } <= said  # fmt: skip


def schedule(unit: str = "W", limit: float = 4_000.0) -> dict[str, Any]:
    return {"chargingRateUnit": unit, "chargingSchedulePeriod": [{"startPeriod": 0, "limit": limit}]}


PROFILE_16 = {
    "chargingProfileId": 1, "stackLevel": 0, "chargingProfilePurpose": "TxDefaultProfile",
    "chargingProfileKind": "Absolute", "chargingSchedule": schedule(),
}  # fmt: skip
PROFILE_2X = {
    "id": 1, "stackLevel": 0, "chargingProfilePurpose": "TxDefaultProfile",
    "chargingProfileKind": "Absolute", "chargingSchedule": [{"id": 1} | schedule()],
}  # fmt: skip
ISO = {"idToken": "04A1B2C3", "type": "ISO14443"}
SOME_COMPONENT = {"component": {"name": "OCPPCommCtrlr"}, "variable": {"name": "HeartbeatInterval"}}
NO_COMPONENT = {"component": {"name": "Toaster"}, "variable": {"name": "Crumbs"}}

RESERVE_16 = {"connectorId": 2, "expiryDate": LATER, "idTag": "04FF"}
ROOT_16 = "CentralSystemRootCertificate"

ASKED_16: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("SetChargingProfile", {"connectorId": 0, "csChargingProfiles": PROFILE_16}, {"status": "Accepted"}),
    ("SetChargingProfile", {"connectorId": 9, "csChargingProfiles": PROFILE_16}, {"status": "Rejected"}),
    ("GetCompositeSchedule", {"connectorId": 1, "duration": 600}, {"status": "Accepted", "connectorId": 1}),
    ("ClearChargingProfile", {"id": 1}, {"status": "Accepted"}),
    ("ClearChargingProfile", {"id": 1}, {"status": "Unknown"}),
    ("GetConfiguration", {}, {}),
    ("GetConfiguration", {"key": ["HeartbeatInterval", "Toast"]}, {"unknownKey": ["Toast"]}),
    ("ChangeConfiguration", {"key": "MeterValueSampleInterval", "value": "7"}, {"status": "Accepted"}),
    ("ChangeConfiguration", {"key": "MeterValueSampleInterval", "value": "often"}, {"status": "Rejected"}),
    ("ChangeConfiguration", {"key": "NumberOfConnectors", "value": "7"}, {"status": "Rejected"}),
    ("ChangeConfiguration", {"key": "Toast", "value": "7"}, {"status": "NotSupported"}),
    ("SendLocalList", {"listVersion": 3, "updateType": "Full", "localAuthorizationList": [
        {"idTag": "04FF", "idTagInfo": {"status": "Accepted"}}]}, {"status": "Accepted"}),
    ("SendLocalList", {"listVersion": 3, "updateType": "Differential"}, {"status": "VersionMismatch"}),
    ("GetLocalListVersion", {}, {"listVersion": 3}),
    ("ClearCache", {}, {"status": "Accepted"}),
    ("ReserveNow", RESERVE_16 | {"reservationId": 5}, {"status": "Accepted"}),
    ("ReserveNow", RESERVE_16 | {"reservationId": 6}, {"status": "Occupied"}),
    ("CancelReservation", {"reservationId": 5}, {"status": "Accepted"}),
    ("CancelReservation", {"reservationId": 5}, {"status": "Rejected"}),
    ("ChangeAvailability", {"connectorId": 2, "type": "Inoperative"}, {"status": "Accepted"}),
    ("ChangeAvailability", {"connectorId": 0, "type": "Operative"}, {"status": "Accepted"}),
    ("UnlockConnector", {"connectorId": 1}, {"status": "Unlocked"}),
    ("UnlockConnector", {"connectorId": 7}, {"status": "NotSupported"}),
    ("TriggerMessage", {"requestedMessage": "Heartbeat"}, {"status": "Accepted"}),
    ("TriggerMessage", {"requestedMessage": "MeterValues", "connectorId": 1}, {"status": "Accepted"}),
    ("TriggerMessage", {"requestedMessage": "BootNotification"}, {"status": "Accepted"}),
    ("TriggerMessage", {"requestedMessage": "FirmwareStatusNotification"}, {"status": "Accepted"}),
    ("TriggerMessage", {"requestedMessage": "DiagnosticsStatusNotification"}, {"status": "Accepted"}),
    ("ExtendedTriggerMessage", {"requestedMessage": "LogStatusNotification"}, {"status": "Accepted"}),
    ("ExtendedTriggerMessage", {"requestedMessage": "SignChargePointCertificate"}, {"status": "Accepted"}),
    ("RemoteStopTransaction", {"transactionId": 999}, {"status": "Rejected"}),
    ("RemoteStartTransaction", {"idTag": "04FF", "connectorId": 2}, {"status": "Accepted"}),
    ("RemoteStartTransaction", {"idTag": "04FF", "connectorId": 8}, {"status": "Rejected"}),
    ("DataTransfer", {"vendorId": "org.example"}, {"status": "UnknownVendorId"}),
    ("InstallCertificate", {"certificateType": ROOT_16, "certificate": "x"}, {"status": "Rejected"}),
    ("GetInstalledCertificateIds", {"certificateType": ROOT_16}, {"status": "NotFound"}),
    ("CertificateSigned", {"certificateChain": "x"}, {"status": "Rejected"}),
    ("GetDiagnostics", {"location": "ftp://192.0.2.1/up"}, {"fileName": "diagnostics-S16.log"}),
    ("UpdateFirmware", {"location": "http://192.0.2.1/fw-9.9.9.bin", "retrieveDate": "2020-01-01T00:00:00Z"}, {}),
    ("Reset", {"type": "Soft"}, {"status": "Accepted"}),
]  # fmt: skip
FIRMWARE_2X = {"location": "http://192.0.2.1/fw-9.9.9.bin", "retrieveDateTime": "2020-01-01T00:00:00Z"}
ASKED_2X: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("SetChargingProfile", {"evseId": 0, "chargingProfile": PROFILE_2X}, {"status": "Accepted"}),
    ("GetChargingProfiles", {"requestId": 1, "chargingProfile": {"chargingProfileId": [1]}}, {"status": "Accepted"}),
    ("GetCompositeSchedule", {"evseId": 1, "duration": 600, "chargingRateUnit": "A"}, {"status": "Accepted"}),
    ("ClearChargingProfile", {"chargingProfileId": 1}, {"status": "Accepted"}),
    ("GetChargingProfiles", {"requestId": 2, "chargingProfile": {"chargingProfileId": [1]}}, {"status": "NoProfiles"}),
    ("GetVariables", {"getVariableData": [SOME_COMPONENT, NO_COMPONENT]}, {}),
    ("SetVariables", {"setVariableData": [SOME_COMPONENT | {"attributeValue": "77"}]}, {}),
    ("GetBaseReport", {"requestId": 3, "reportBase": "FullInventory"}, {"status": "Accepted"}),
    ("GetReport", {"requestId": 4, "componentVariable": [NO_COMPONENT]}, {"status": "EmptyResultSet"}),
    ("GetReport", {"requestId": 4, "componentVariable": [SOME_COMPONENT]}, {"status": "Accepted"}),
    ("SetMonitoringBase", {"monitoringBase": "All"}, {"status": "Accepted"}),
    ("SetVariableMonitoring", {"setMonitoringData": [
        SOME_COMPONENT | {"value": 1.0, "type": "Delta", "severity": 5}]}, {}),
    ("ClearVariableMonitoring", {"id": [4]}, {}),
    ("SendLocalList", {"versionNumber": 3, "updateType": "Full", "localAuthorizationList": [
        {"idToken": ISO, "idTokenInfo": {"status": "Accepted"}}]}, {"status": "Accepted"}),
    ("GetLocalListVersion", {}, {"versionNumber": 3}),
    ("ClearCache", {}, {"status": "Accepted"}),
    ("ReserveNow", {"id": 5, "expiryDateTime": LATER, "idToken": ISO, "evseId": 1}, {"status": "Accepted"}),
    ("CancelReservation", {"reservationId": 5}, {"status": "Accepted"}),
    ("ChangeAvailability", {"operationalStatus": "Inoperative", "evse": {"id": 1}}, {"status": "Accepted"}),
    ("ChangeAvailability", {"operationalStatus": "Operative"}, {"status": "Accepted"}),
    ("UnlockConnector", {"evseId": 1, "connectorId": 1}, {"status": "Unlocked"}),
    ("TriggerMessage", {"requestedMessage": "StatusNotification", "evse": {"id": 1}}, {"status": "Accepted"}),
    ("TriggerMessage", {"requestedMessage": "MeterValues"}, {"status": "Accepted"}),
    ("TriggerMessage", {"requestedMessage": "SignChargingStationCertificate"}, {"status": "Accepted"}),
    ("TriggerMessage", {"requestedMessage": "LogStatusNotification"}, {"status": "Accepted"}),
    ("TriggerMessage", {"requestedMessage": "BootNotification"}, {"status": "Rejected"}),
    ("GetTransactionStatus", {}, {"messagesInQueue": False}),
    ("RequestStopTransaction", {"transactionId": "nope"}, {"status": "Rejected"}),
    ("RequestStartTransaction", {"idToken": ISO, "remoteStartId": 9, "evseId": 1}, {"status": "Accepted"}),
    ("CostUpdated", {"totalCost": 1.25, "transactionId": "x"}, {}),
    ("SetDisplayMessage", {"message": {"id": 1, "priority": "NormalCycle", "message": {
        "format": "UTF8", "content": "hello"}}}, {"status": "Accepted"}),
    ("GetDisplayMessages", {"requestId": 6}, {"status": "Accepted"}),
    ("ClearDisplayMessage", {"id": 1}, {"status": "Accepted"}),
    ("CustomerInformation", {"requestId": 7, "report": True, "clear": False, "idToken": ISO}, {"status": "Accepted"}),
    ("GetInstalledCertificateIds", {}, {"status": "NotFound"}),
    ("InstallCertificate", {"certificateType": "CSMSRootCertificate", "certificate": "x"}, {"status": "Rejected"}),
    ("CertificateSigned", {"certificateChain": "x"}, {"status": "Rejected"}),
    ("SetNetworkProfile", {"configurationSlot": 1, "connectionData": {
        "ocppVersion": "OCPP20", "ocppTransport": "JSON", "ocppCsmsUrl": "wss://a.example", "messageTimeout": 30,
        "securityProfile": 1, "ocppInterface": "Wired0"}}, {"status": "Accepted"}),
    ("GetLog", {"logType": "DiagnosticsLog", "requestId": 8, "log": {"remoteLocation": "ftp://192.0.2.1/"}},
     {"status": "Accepted"}),
    ("UpdateFirmware", {"requestId": 9, "firmware": FIRMWARE_2X}, {"status": "Accepted"}),
    ("Reset", {"type": "Immediate"}, {"status": "Accepted"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("identity", "asked", "follow"),
    [
        pytest.param("S16", ASKED_16, ["Heartbeat", "MeterValues", "SignCertificate", "FirmwareStatusNotification"]),
        pytest.param("S201", ASKED_2X, ["NotifyReport", "ReportChargingProfiles", "NotifyDisplayMessages"]),
        pytest.param("S21", ASKED_2X, ["NotifyReport", "ReportChargingProfiles", "NotifyCustomerInformation"]),
    ],
    ids=["1.6", "2.0.1", "2.1"],
)
async def test_every_question_gets_a_valid_answer(
    csms: Csms, identity: str, asked: list[tuple[str, dict[str, Any], dict[str, Any]]], follow: list[str]
) -> None:
    async with fleet_at(csms, speed=600.0):
        for action, payload, expected in asked:
            answer = await csms.ask(identity, action, payload)
            assert isinstance(answer, dict), f"{action}: {answer}"
            assert expected.items() <= answer.items(), f"{action}: {answer}"
        for action in follow:
            await csms.until(lambda action=action: csms.calls(action, identity))
        await csms.until(lambda: len(csms.calls("BootNotification", identity)) >= 2)
    assert faults(csms.frames) == []


@pytest.mark.parametrize("identity", ["S16", "S201", "S21"])
async def test_an_unknown_action_is_not_implemented(csms: Csms, identity: str) -> None:
    async with fleet_at(csms):
        answer = await csms.ask(identity, "MakeToast", {})
    assert (answer[0], answer[2]) == (4, "NotImplemented")


@pytest.mark.parametrize(
    ("identity", "code"), [("S16", "FormationViolation"), ("S201", "FormatViolation"), ("S21", "FormatViolation")]
)
@pytest.mark.parametrize("action", ["SetChargingProfile", "ReserveNow", "SendLocalList", "Reset", "GetLog"])
async def test_a_question_without_its_fields_is_refused(csms: Csms, identity: str, code: str, action: str) -> None:
    async with fleet_at(csms):
        answer = await csms.ask(identity, action, {})
        assert (answer[0], answer[2]) == (4, code)
        assert await csms.ask(identity, "ClearCache", {}) == {"status": "Accepted"}


@pytest.mark.parametrize("identity", ["S16", "S201", "S21"])
async def test_faults_and_signed_readings_are_valid_too(csms: Csms, identity: str) -> None:
    async with fleet_at(
        csms, more=", signed: true", settings="start_point: EVConnected, stop_point: EVConnected"
    ) as fleet:
        station = fleet.stations[identity]
        evse = station.evses[0]
        sessions.plug(station, evse, saloon())
        await sessions.present(station, evse, CARD)
        sessions.fail(station, evse, Fault("GroundFailure", "residual current", "E-17"))
        ended = "StopTransaction" if identity == "S16" else "TransactionEvent"
        await csms.until(lambda: csms.calls(ended, identity) and not station.outbox.stored)
        await csms.until(lambda: csms.calls("StatusNotification", identity)[-1].get("errorCode") != "NoError")
    assert faults(csms.frames) == []
