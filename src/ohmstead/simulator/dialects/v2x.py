"""What a 2.0.1 or 2.1 station says."""

from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from ohmstead.simulator.dialects.v2x_asked import HANDLERS, HANDLERS_21
from ohmstead.simulator.dialects.words import CONTEXTS, measured
from ohmstead.simulator.evse import Evse, Session, Trigger
from ohmstead.simulator.stamps import moment_of, stamp
from ohmstead.simulator.station import Station
from ohmstead.simulator.voice import BootAnswer, Handler, Moment, Payload, Said, Verdict
from ohmstead.station.states import ChargingState, PlugState, StopReason
from ohmstead.station.tokens import PresentedToken, TokenKind
from ohmstead.wire.dialect import Dialect

STATUS = {
    PlugState.AVAILABLE: "Available",
    PlugState.RESERVED: "Reserved",
    PlugState.UNAVAILABLE: "Unavailable",
    PlugState.FAULTED: "Faulted",
}
CHARGING_STATE = {
    ChargingState.IDLE: "Idle",
    ChargingState.CONNECTED: "EVConnected",
    ChargingState.CHARGING: "Charging",
    ChargingState.SUSPENDED_CAR: "SuspendedEV",
    ChargingState.SUSPENDED_STATION: "SuspendedEVSE",
}
TOKEN_TYPE = {
    TokenKind.RFID: "ISO14443",
    TokenKind.APP: "Central",
    TokenKind.LOCAL: "Local",
    TokenKind.KEYCODE: "KeyCode",
    TokenKind.MAC_ADDRESS: "MacAddress",
    TokenKind.EMAID: "eMAID",
    TokenKind.NO_AUTHORIZATION: "NoAuthorization",
    TokenKind.VIN: "VIN",
    TokenKind.DIRECT_PAYMENT: "DirectPayment",
}
ONLY_21 = frozenset((TokenKind.VIN, TokenKind.DIRECT_PAYMENT))
TRIGGER = {
    Trigger.PLUGGED: "CablePluggedIn",
    Trigger.UNPLUGGED: "EVDeparted",
    Trigger.AUTHORISED: "Authorized",
    Trigger.STOP_AUTHORISED: "StopAuthorized",
    Trigger.DEAUTHORISED: "Deauthorized",
    Trigger.REMOTE_START: "RemoteStart",
    Trigger.REMOTE_STOP: "RemoteStop",
    Trigger.STATE: "ChargingStateChanged",
    Trigger.PERIODIC: "MeterValuePeriodic",
    Trigger.CLOCK: "MeterValueClock",
    Trigger.ASKED: "Trigger",
    Trigger.CAR_TIMEOUT: "EVConnectTimeout",
    Trigger.FAULT: "AbnormalCondition",
    Trigger.RESET: "ResetCommand",
    Trigger.UNLOCKED: "UnlockCommand",
}
REASONS = {
    StopReason.DRIVER: "Local",
    StopReason.REMOTE: "Remote",
    StopReason.CAR_UNPLUGGED: "EVDisconnected",
    StopReason.EMERGENCY_STOP: "EmergencyStop",
    StopReason.DEAUTHORISED: "DeAuthorized",
    StopReason.POWER_LOSS: "PowerLoss",
    StopReason.REBOOT: "Reboot",
    StopReason.HARD_RESET: "ImmediateReset",
    StopReason.SOFT_RESET: "ImmediateReset",
    StopReason.TIMEOUT: "Timeout",
}
FAULTS = {"GroundFailure": "GroundFault", "OverCurrentFailure": "OvercurrentFault"}
EVENT = {"began": "Started", "moved": "Updated", "sampled": "Updated", "ended": "Ended"}


class VoiceV2x:
    """2.1 adds messages and token types to 2.0.1; the words they share are the same."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.handlers: Mapping[str, Handler] = MappingProxyType(
            HANDLERS | HANDLERS_21 if dialect is Dialect.V21 else HANDLERS
        )

    def boot(self, station: Station, reason: str) -> Said:
        plate = station.nameplate
        return Said(
            "BootNotification",
            {
                "reason": reason,
                "chargingStation": {
                    "model": plate.model,
                    "vendorName": plate.vendor,
                    "serialNumber": plate.serial,
                    "firmwareVersion": station.firmware,
                },
            },
        )

    def boot_answer(self, result: Payload) -> BootAnswer:
        return BootAnswer(result["status"], result["interval"])

    def heartbeat(self) -> Said:
        return Said("Heartbeat", {})

    def status(self, station: Station, evse: Evse | None) -> Said:
        known = evse.state if evse else PlugState.AVAILABLE
        return Said(
            "StatusNotification",
            {
                "timestamp": stamp(station.pace.now()),
                "connectorStatus": STATUS.get(known, "Occupied"),
                "evseId": evse.number if evse else 1,
                "connectorId": 1,
            },
        )

    def authorise(self, token: PresentedToken, evse: Evse) -> Said:
        return Said("Authorize", {"idToken": self.token(token)})

    def token(self, token: PresentedToken) -> Payload:
        if token.kind in ONLY_21 and self.dialect is not Dialect.V21:
            return {"idToken": token.uid, "type": "Local"}
        return {"idToken": token.uid, "type": TOKEN_TYPE[token.kind]}

    def verdict(self, result: Payload) -> Verdict:
        info = result["idTokenInfo"]
        group = info.get("groupIdToken") or {}
        until = moment_of(info.get("cacheExpiryDateTime"))
        return Verdict(info["status"] == "Accepted", info["status"], group.get("idToken"), until)

    def transaction(self, station: Station, evse: Evse, session: Session, moment: Moment) -> Said | None:
        about: Payload = {"transactionId": session.key, "chargingState": CHARGING_STATE[session.state]}
        if session.remote_start_id is not None and moment.trigger is Trigger.REMOTE_START:
            about["remoteStartId"] = session.remote_start_id
        if moment.kind == "ended":
            about["stoppedReason"] = _stopped_reason(evse, moment.reason)
        payload: Payload = {
            "eventType": EVENT[moment.kind],
            "timestamp": stamp(moment.at),
            "triggerReason": TRIGGER[moment.trigger],
            "seqNo": session.sequence,
            "transactionInfo": about,
            "evse": {"id": evse.number, "connectorId": 1},
        }
        session.sequence += 1
        if moment.offline:
            payload["offline"] = True
        if session.reservation_id is not None and moment.kind == "began":
            payload["reservationId"] = session.reservation_id
        if session.token_told and session.token:
            payload["idToken"], session.token_told = self.token(session.token), False
        elif moment.token:
            payload["idToken"] = self.token(moment.token)
        if moment.kind != "moved":
            payload["meterValue"] = [_meter_value(station, evse, moment)]
        return Said("TransactionEvent", payload)

    def fill(self, session: Session, payload: Payload) -> Payload:
        return payload

    def transaction_answer(self, session: Session, action: str, result: Payload) -> Verdict | None:
        return self.verdict(result) if "idTokenInfo" in result else None

    def meter_values(self, station: Station, evse: Evse, moment: Moment) -> Said:
        return Said("MeterValues", {"evseId": evse.number, "meterValue": [_meter_value(station, evse, moment)]})

    def firmware_status(self, status: str, request_id: int | None) -> Said:
        payload: Payload = {"status": status}
        if request_id is not None and status != "Idle":
            payload["requestId"] = request_id
        return Said("FirmwareStatusNotification", payload)

    def log_status(self, status: str, request_id: int | None) -> Said:
        payload: Payload = {"status": status}
        if request_id is not None and status != "Idle":
            payload["requestId"] = request_id
        return Said("LogStatusNotification", payload)

    def security_event(self, kind: str, at: datetime, info: str) -> Said:
        return Said("SecurityEventNotification", {"type": kind[:50], "timestamp": stamp(at), "techInfo": info[:255]})

    def sign_certificate(self, csr_pem: str) -> Said:
        return Said("SignCertificate", {"csr": csr_pem, "certificateType": "ChargingStationCertificate"})

    def reservation_over(self, reservation_id: int, status: str) -> Said | None:
        return Said("ReservationStatusUpdate", {"reservationId": reservation_id, "reservationUpdateStatus": status})


def _stopped_reason(evse: Evse, reason: StopReason | None) -> str:
    if reason is StopReason.FAULT and evse.fault:
        return FAULTS.get(evse.fault.code, "Other")
    return REASONS.get(reason or StopReason.OTHER, "Other")


def _meter_value(station: Station, evse: Evse, moment: Moment) -> Payload:
    name = "clock_measurands" if moment.trigger is Trigger.CLOCK else "measurands"
    wanted = station.settings.items("end_measurands") if moment.kind == "ended" else []
    values: list[Payload] = []
    for measurand, phase, value, unit in measured(evse, moment.sample, wanted or station.settings.items(name)):
        sampled: Payload = {
            "value": value,
            "context": CONTEXTS[moment.context],
            "measurand": measurand,
            "location": "EV" if measurand == "SoC" else "Outlet",
            "unitOfMeasure": {"unit": unit},
        }
        if phase:
            sampled["phase"] = phase
        if moment.signed and measurand == "Energy.Active.Import.Register":
            sampled["signedMeterValue"] = {
                "signedMeterData": b64encode(moment.signed.text.encode()).decode(),
                "signingMethod": "ECDSA-secp256r1-SHA256",
                "encodingMethod": "OCMF",
                "publicKey": b64encode(f"oca:base16:asn1:{moment.signed.public_key_hex}".encode()).decode(),
            }
        values.append(sampled)
    return {"timestamp": stamp(moment.at), "sampledValue": values}
