"""OCPP 1.6: what a station's messages ask and what they tell."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

import msgspec

from ohmstead.station.answers import Need
from ohmstead.station.events import (
    Alive,
    AnyEvent,
    Booted,
    CertificateRequested,
    FirmwareStatusChanged,
    LogStatusChanged,
    MeterSampled,
    PlugStateChanged,
    SecurityEventRaised,
    TokenPresented,
    TransactionEnded,
    TransactionStarted,
)
from ohmstead.station.readings import Reading
from ohmstead.station.states import PlugState, StopReason
from ohmstead.station.tokens import PresentedToken, TokenKind, TokenVerdict
from ohmstead.wire.asked import Asking
from ohmstead.wire.hearing import Hearing
from ohmstead.wire.moments import moment
from ohmstead.wire.readings import Sample, gather
from ohmstead.wire.tokens import presented
from ohmstead.wire.usual import usual_reading
from ohmstead.wire.v16 import messages as m
from ohmstead.wire.v16.transactions import derived_id, known_id
from ohmstead.wire.v16.verdicts import VERDICTS

_STATES: Final = {
    "Available": PlugState.AVAILABLE,
    "Preparing": PlugState.PREPARING,
    "Charging": PlugState.CHARGING,
    "SuspendedEV": PlugState.SUSPENDED_CAR,
    "SuspendedEVSE": PlugState.SUSPENDED_STATION,
    "Finishing": PlugState.FINISHING,
    "Reserved": PlugState.RESERVED,
    "Unavailable": PlugState.UNAVAILABLE,
    "Faulted": PlugState.FAULTED,
}
_REASONS: Final = {
    None: StopReason.DRIVER,  # 1.6 6.49: may be left out when it is Local
    "Local": StopReason.DRIVER,
    "DeAuthorized": StopReason.DEAUTHORISED,
    "EmergencyStop": StopReason.EMERGENCY_STOP,
    "EVDisconnected": StopReason.CAR_UNPLUGGED,
    "HardReset": StopReason.HARD_RESET,
    "SoftReset": StopReason.SOFT_RESET,
    "PowerLoss": StopReason.POWER_LOSS,
    "Reboot": StopReason.REBOOT,
    "Remote": StopReason.REMOTE,
    "UnlockCommand": StopReason.UNLOCKED,
}


class _Reply(msgspec.Struct, rename="camel"):
    """What we answered to a call with a token, as far as it matters afterwards."""

    id_tag_info: m.IdTagInfo | None = None
    transaction_id: int | None = None

    @property
    def verdict(self) -> TokenVerdict | None:
        return VERDICTS.get(self.id_tag_info.status) if self.id_tag_info else None


def _token(id_tag: str | None, hearing: Hearing) -> PresentedToken | None:
    return presented(id_tag, TokenKind.RFID, hearing)


def asks_boot(message: m.BootNotificationRequest, hearing: Hearing) -> Asking:
    return Asking(Need.ADMISSION)


def asks_authorize(message: m.AuthorizeRequest, hearing: Hearing) -> Asking:
    return Asking(Need.VERDICT, _token(message.id_tag, hearing) or PresentedToken(""), "authorise")


def asks_start(message: m.StartTransactionRequest, hearing: Hearing) -> Asking:
    token = _token(message.id_tag, hearing) or PresentedToken("")  # whether a start without card is free, policy says
    return Asking(Need.VERDICT, token, "start", message.connector_id, str(derived_id(message, hearing)))


def asks_stop(message: m.StopTransactionRequest, hearing: Hearing) -> Asking:
    token = _token(message.id_tag, hearing)
    transaction_id = known_id(message.transaction_id, hearing)
    if token is None:
        return Asking(transaction_id=transaction_id)
    return Asking(Need.VERDICT, token, "stop", None, transaction_id)


def boot(message: m.BootNotificationRequest, hearing: Hearing) -> AnyEvent:
    return Booted(
        vendor=message.charge_point_vendor,
        model=message.charge_point_model,
        serial=message.charge_point_serial_number or message.charge_box_serial_number,
        firmware=message.firmware_version,
        iccid=message.iccid,
        imsi=message.imsi,
        meter_type=message.meter_type,
        meter_serial=message.meter_serial_number,
    )


def heartbeat(message: m.HeartbeatRequest, hearing: Hearing) -> AnyEvent:
    return Alive()


def status(message: m.StatusNotificationRequest, hearing: Hearing) -> AnyEvent:
    error = message.error_code
    return PlugStateChanged(
        evse=message.connector_id or None,
        state=_STATES.get(message.status, PlugState.UNKNOWN),
        at=hearing.received_at if message.timestamp is None else moment(message.timestamp, hearing),
        error_code=None if error == "NoError" else error,
        vendor_error_code=message.vendor_error_code or None,
        info=message.info or None,
    )


def authorize(message: m.AuthorizeRequest, hearing: Hearing) -> AnyEvent:
    reply = hearing.answered(_Reply)
    token = _token(message.id_tag, hearing) or PresentedToken(message.id_tag)
    return TokenPresented(token=token, verdict=(reply and reply.verdict) or TokenVerdict.UNKNOWN)


def start(message: m.StartTransactionRequest, hearing: Hearing) -> AnyEvent:
    reply = hearing.answered(_Reply)
    given = reply.transaction_id if reply else None
    return TransactionStarted(
        transaction_id=str(given or derived_id(message, hearing)),
        evse=message.connector_id,
        at=moment(message.timestamp, hearing),
        at_as_sent=message.timestamp,
        register_wh=_register(message.meter_start),
        token=_token(message.id_tag, hearing),
        verdict=reply.verdict if reply else None,
        reservation_id=message.reservation_id or None,  # some stations send 0 for none
    )


def stop(message: m.StopTransactionRequest, hearing: Hearing) -> AnyEvent:
    return TransactionEnded(
        transaction_id=known_id(message.transaction_id, hearing),
        at=moment(message.timestamp, hearing),
        register_wh=_register(message.meter_stop),
        token=_token(message.id_tag, hearing),
        reason=_REASONS.get(message.reason, StopReason.OTHER),
        reason_as_sent=message.reason,
        readings=_readings(message.transaction_data or (), hearing),
    )


def meter_values(message: m.MeterValuesRequest, hearing: Hearing) -> AnyEvent:
    return MeterSampled(
        evse=message.connector_id or None,
        transaction_id=known_id(message.transaction_id, hearing),
        readings=_readings(message.meter_value, hearing),
    )


def diagnostics_status(message: m.DiagnosticsStatusNotificationRequest, hearing: Hearing) -> AnyEvent:
    return LogStatusChanged(status=message.status)


def log_status(message: m.LogStatusNotificationRequest, hearing: Hearing) -> AnyEvent:
    return LogStatusChanged(status=message.status, request_id=message.request_id)


def firmware_status(message: m.FirmwareStatusNotificationRequest, hearing: Hearing) -> AnyEvent:
    return FirmwareStatusChanged(status=message.status)


def signed_firmware_status(message: m.SignedFirmwareStatusNotificationRequest, hearing: Hearing) -> AnyEvent:
    return FirmwareStatusChanged(status=message.status, request_id=message.request_id)


def security_event(message: m.SecurityEventNotificationRequest, hearing: Hearing) -> AnyEvent:
    return SecurityEventRaised(kind=message.type, at=moment(message.timestamp, hearing), info=message.tech_info)


def sign_certificate(message: m.SignCertificateRequest, hearing: Hearing) -> AnyEvent:
    return CertificateRequested(csr_pem=message.csr)


def _register(wh: float | None) -> Decimal | None:
    return None if wh is None else Decimal(repr(wh))


def _readings(values: Any, hearing: Hearing) -> tuple[Reading, ...]:
    gathered = []
    for value in values:
        at = moment(value.timestamp, hearing)
        samples = value.sampled_value
        reading = usual_reading(at, samples, hearing.quirks) or gather(at, map(_sample, samples), hearing)
        if reading is not None:
            gathered.append(reading)
    return tuple(gathered)


def _sample(sample: Any) -> Sample:
    if sample.format == "SignedData":
        return Sample(None, sample.measurand, sample.context, None, None, None, 0, sample.value)
    return Sample(sample.value, sample.measurand, sample.context, sample.phase, sample.location, sample.unit)


type Asks = Callable[[Any, Hearing], Asking]
type Tells = Callable[[Any, Hearing], AnyEvent]

ASKS: Final[dict[str, Asks]] = {
    "Authorize": asks_authorize,
    "BootNotification": asks_boot,
    "StartTransaction": asks_start,
    "StopTransaction": asks_stop,
}
TELLS: Final[dict[str, Tells]] = {
    "Authorize": authorize,
    "BootNotification": boot,
    "DiagnosticsStatusNotification": diagnostics_status,
    "FirmwareStatusNotification": firmware_status,
    "Heartbeat": heartbeat,
    "LogStatusNotification": log_status,
    "MeterValues": meter_values,
    "SecurityEventNotification": security_event,
    "SignCertificate": sign_certificate,
    "SignedFirmwareStatusNotification": signed_firmware_status,
    "StartTransaction": start,
    "StatusNotification": status,
    "StopTransaction": stop,
}
