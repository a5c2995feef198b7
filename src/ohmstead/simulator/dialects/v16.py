"""What a 1.6 station says."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from ohmstead.simulator.dialects.v16_asked import HANDLERS
from ohmstead.simulator.dialects.words import CONTEXTS, measured
from ohmstead.simulator.evse import Evse, Session
from ohmstead.simulator.stamps import moment_of, stamp
from ohmstead.simulator.station import Station
from ohmstead.simulator.voice import BootAnswer, Handler, Moment, Payload, Said, Verdict
from ohmstead.station.states import PlugState, StopReason
from ohmstead.station.tokens import PresentedToken
from ohmstead.wire.dialect import Dialect

STATUS = {
    PlugState.AVAILABLE: "Available",
    PlugState.PREPARING: "Preparing",
    PlugState.CHARGING: "Charging",
    PlugState.SUSPENDED_CAR: "SuspendedEV",
    PlugState.SUSPENDED_STATION: "SuspendedEVSE",
    PlugState.FINISHING: "Finishing",
    PlugState.RESERVED: "Reserved",
    PlugState.UNAVAILABLE: "Unavailable",
    PlugState.FAULTED: "Faulted",
}
ERROR_CODES = frozenset(
    (
        "ConnectorLockFailure", "EVCommunicationError", "GroundFailure", "HighTemperature", "InternalError",
        "LocalListConflict", "OtherError", "OverCurrentFailure", "OverVoltage", "PowerMeterFailure",
        "PowerSwitchFailure", "ReaderFailure", "ResetFailure", "UnderVoltage", "WeakSignal",
    )
)  # fmt: skip
REASONS = {
    StopReason.DRIVER: "Local",
    StopReason.REMOTE: "Remote",
    StopReason.CAR_UNPLUGGED: "EVDisconnected",
    StopReason.EMERGENCY_STOP: "EmergencyStop",
    StopReason.DEAUTHORISED: "DeAuthorized",
    StopReason.POWER_LOSS: "PowerLoss",
    StopReason.REBOOT: "Reboot",
    StopReason.HARD_RESET: "HardReset",
    StopReason.SOFT_RESET: "SoftReset",
    StopReason.UNLOCKED: "UnlockCommand",
}


class VoiceV16:
    dialect: Dialect = Dialect.V16
    handlers: Mapping[str, Handler] = MappingProxyType(HANDLERS)

    def boot(self, station: Station, reason: str) -> Said:
        plate = station.nameplate
        return Said(
            "BootNotification",
            {
                "chargePointVendor": plate.vendor,
                "chargePointModel": plate.model,
                "chargePointSerialNumber": plate.serial,
                "firmwareVersion": station.firmware,
                "meterSerialNumber": f"M{plate.serial}"[:25],
                "meterType": "class B",
            },
        )

    def boot_answer(self, result: Payload) -> BootAnswer:
        return BootAnswer(result["status"], result["interval"])

    def heartbeat(self) -> Said:
        return Said("Heartbeat", {})

    def status(self, station: Station, evse: Evse | None) -> Said:
        payload: Payload = {"connectorId": evse.number if evse else 0, "errorCode": "NoError"}
        if evse is None:
            payload["status"] = "Available" if station.operative else "Unavailable"
        else:
            payload["status"] = STATUS[evse.state]
        if evse and evse.fault:
            payload["errorCode"] = evse.fault.code if evse.fault.code in ERROR_CODES else "OtherError"
            if evse.fault.info:
                payload["info"] = evse.fault.info[:50]
            payload["vendorErrorCode"] = (evse.fault.vendor_code or evse.fault.code)[:50]
            payload["vendorId"] = station.nameplate.vendor
        return Said("StatusNotification", payload | {"timestamp": stamp(station.pace.now())})

    def authorise(self, token: PresentedToken, evse: Evse) -> Said:
        return Said("Authorize", {"idTag": token.uid[:20]})

    def verdict(self, result: Payload) -> Verdict:
        info = result["idTagInfo"]
        status = info["status"]
        return Verdict(status == "Accepted", status, info.get("parentIdTag"), moment_of(info.get("expiryDate")))

    def transaction(self, station: Station, evse: Evse, session: Session, moment: Moment) -> Said | None:
        if moment.kind == "began":
            if moment.signed:
                session.begin_data = _meter_value(station, evse, moment, [])
            payload: Payload = {
                "connectorId": evse.number,
                "idTag": session.token.uid[:20] if session.token else "",
                "meterStart": moment.sample.register_wh,
                "timestamp": stamp(moment.at),
            }
            if session.reservation_id is not None:
                payload["reservationId"] = session.reservation_id
            return Said("StartTransaction", payload)
        if moment.kind == "sampled":
            return self.meter_values(station, evse, moment)
        return self._stop(station, evse, session, moment) if moment.kind == "ended" else None

    def _stop(self, station: Station, evse: Evse, session: Session, moment: Moment) -> Said:
        payload: Payload = {
            "meterStop": moment.sample.register_wh,
            "timestamp": stamp(moment.at),
            "transactionId": -1,
            "reason": REASONS.get(moment.reason or StopReason.OTHER, "Other"),
        }
        if moment.token:
            payload["idTag"] = moment.token.uid[:20]
        data = _meter_value(station, evse, moment, station.settings.items("end_measurands"))
        told = [value for value in (session.begin_data, data) if value and value["sampledValue"]]
        if told:
            payload["transactionData"] = told
        return Said("StopTransaction", payload)

    def fill(self, session: Session, payload: Payload) -> Payload:
        """-1 is said by a station that never learned the number."""
        if "meterStart" in payload:
            return payload
        if "meterStop" in payload:
            return payload | {"transactionId": -1 if session.transaction_id is None else session.transaction_id}
        return payload | ({} if session.transaction_id is None else {"transactionId": session.transaction_id})

    def transaction_answer(self, session: Session, action: str, result: Payload) -> Verdict | None:
        if action != "StartTransaction":
            return None
        session.transaction_id = result["transactionId"]
        return self.verdict(result)

    def meter_values(self, station: Station, evse: Evse, moment: Moment) -> Said:
        name = "clock_measurands" if moment.trigger == "clock" else "measurands"
        value = _meter_value(station, evse, moment, station.settings.items(name))
        return Said("MeterValues", {"connectorId": evse.number, "meterValue": [value]})

    def firmware_status(self, status: str, request_id: int | None) -> Said:
        if request_id is not None:
            return Said("SignedFirmwareStatusNotification", {"status": status, "requestId": request_id})
        return Said("FirmwareStatusNotification", {"status": status})

    def log_status(self, status: str, request_id: int | None) -> Said:
        if request_id is not None:
            return Said("LogStatusNotification", {"status": status, "requestId": request_id})
        plain = {"UploadFailure": "UploadFailed", "Uploaded": "Uploaded", "Uploading": "Uploading", "Idle": "Idle"}
        return Said("DiagnosticsStatusNotification", {"status": plain.get(status, "UploadFailed")})

    def security_event(self, kind: str, at: datetime, info: str) -> Said:
        return Said("SecurityEventNotification", {"type": kind[:50], "timestamp": stamp(at), "techInfo": info[:255]})

    def sign_certificate(self, csr_pem: str) -> Said:
        return Said("SignCertificate", {"csr": csr_pem})

    def reservation_over(self, reservation_id: int, status: str) -> Said | None:
        return None  # 1.6 has no such message; the status of the connector tells it


def _meter_value(station: Station, evse: Evse, moment: Moment, measurands: list[str]) -> Payload:
    values: list[Payload] = []
    for measurand, phase, value, unit in measured(evse, moment.sample, measurands):
        sampled: Payload = {
            "value": str(value),
            "context": CONTEXTS[moment.context],
            "measurand": measurand,
            "location": "EV" if measurand == "SoC" else "Outlet",
        }
        if unit != "Hz":  # the schema of 1.6 has no unit for frequency
            sampled["unit"] = unit
        if phase:
            sampled["phase"] = phase
        values.append(sampled)
    if moment.signed:
        values.append({"value": moment.signed.text, "context": CONTEXTS[moment.context], "format": "SignedData"})
    return {"timestamp": stamp(moment.at), "sampledValue": values}
