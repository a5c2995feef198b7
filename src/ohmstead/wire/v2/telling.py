"""OCPP 2.x: what a station's messages tell. The structs of both versions fit."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

import msgspec

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
    TransactionUpdated,
)
from ohmstead.station.readings import Reading, ReadingContext
from ohmstead.station.states import PlugState, StopReason
from ohmstead.station.tokens import PresentedToken, TokenVerdict
from ohmstead.wire.hearing import Hearing
from ohmstead.wire.moments import fresh_moment, moment
from ohmstead.wire.readings import Sample, gather
from ohmstead.wire.v2.asking import token_of
from ohmstead.wire.v2.words import CHARGING_STATES, PLUG_STATES, STOP_REASONS, VERDICTS


class _IdTokenInfo(msgspec.Struct):
    status: str


class _Reply(msgspec.Struct, rename="camel"):
    id_token_info: _IdTokenInfo | None = None


def _verdict(hearing: Hearing) -> TokenVerdict | None:
    reply = hearing.answered(_Reply)
    return VERDICTS.get(reply.id_token_info.status) if reply and reply.id_token_info else None


def boot(message: Any, hearing: Hearing) -> AnyEvent:
    station = message.charging_station
    modem = station.modem
    return Booted(
        vendor=station.vendor_name,
        model=station.model,
        serial=station.serial_number,
        firmware=station.firmware_version,
        reason=message.reason,
        iccid=modem.iccid if modem else None,
        imsi=modem.imsi if modem else None,
    )


def heartbeat(message: Any, hearing: Hearing) -> AnyEvent:
    return Alive()


def status(message: Any, hearing: Hearing) -> AnyEvent:
    return PlugStateChanged(
        evse=message.evse_id or None,
        connector=message.connector_id or None,
        state=PLUG_STATES.get(message.connector_status, PlugState.UNKNOWN),
        at=moment(message.timestamp, hearing),
    )


def authorize(message: Any, hearing: Hearing) -> AnyEvent:
    token = token_of(message.id_token, hearing) or PresentedToken(message.id_token.id_token)
    return TokenPresented(token=token, verdict=_verdict(hearing) or TokenVerdict.UNKNOWN)


def transaction_event(message: Any, hearing: Hearing) -> AnyEvent:
    return _TRANSACTION[message.event_type](message, hearing, _common(message, hearing))


def _common(message: Any, hearing: Hearing) -> dict[str, Any]:
    """What started, updated and ended have in common."""
    info = message.transaction_info
    offline = bool(message.offline)
    return {
        "transaction_id": info.transaction_id,
        "evse": message.evse.id if message.evse else None,
        "at": moment(message.timestamp, hearing) if offline else fresh_moment(message.timestamp, hearing),
        "token": token_of(message.id_token, hearing),
        "charging_state": CHARGING_STATES.get(info.charging_state),
        "seq_no": message.seq_no,
        "offline": offline,
        "readings": readings(message.meter_value or (), hearing),
    }


def _started(message: Any, hearing: Hearing, common: dict[str, Any]) -> AnyEvent:
    common["evse"] = common["evse"] or 0  # a driver may be let in before an outlet is chosen
    return TransactionStarted(
        **common,
        connector=message.evse.connector_id if message.evse else None,
        at_as_sent=message.timestamp,
        register_wh=_register(common["readings"], ReadingContext.BEGIN),
        verdict=_verdict(hearing) if common["token"] else None,
        reservation_id=message.reservation_id,
        remote_start_id=message.transaction_info.remote_start_id,
    )


def _updated(message: Any, hearing: Hearing, common: dict[str, Any]) -> AnyEvent:
    return TransactionUpdated(
        **common,
        connector=message.evse.connector_id if message.evse else None,
        trigger=message.trigger_reason or None,
        verdict=_verdict(hearing) if common["token"] else None,
        remote_start_id=message.transaction_info.remote_start_id,
    )


def _ended(message: Any, hearing: Hearing, common: dict[str, Any]) -> AnyEvent:
    reason = message.transaction_info.stopped_reason
    return TransactionEnded(
        **common,
        register_wh=_register(common["readings"], ReadingContext.END),
        reason=STOP_REASONS.get(reason, StopReason.OTHER),
        reason_as_sent=reason,
    )


_TRANSACTION: Final = {"Started": _started, "Updated": _updated, "Ended": _ended}


def meter_values(message: Any, hearing: Hearing) -> AnyEvent:
    return MeterSampled(evse=message.evse_id or None, readings=readings(message.meter_value, hearing))


def firmware_status(message: Any, hearing: Hearing) -> AnyEvent:
    return FirmwareStatusChanged(status=message.status, request_id=message.request_id)


def log_status(message: Any, hearing: Hearing) -> AnyEvent:
    return LogStatusChanged(status=message.status, request_id=message.request_id)


def security_event(message: Any, hearing: Hearing) -> AnyEvent:
    return SecurityEventRaised(kind=message.type, at=moment(message.timestamp, hearing), info=message.tech_info)


def sign_certificate(message: Any, hearing: Hearing) -> AnyEvent:
    purpose = "v2g" if message.certificate_type in ("V2GCertificate", "V2G20Certificate") else "station"
    request_id = getattr(message, "request_id", None)  # since 2.1
    return CertificateRequested(csr_pem=message.csr, purpose=purpose, request_id=request_id)


def _register(values: tuple[Reading, ...], context: ReadingContext) -> Decimal | None:
    return next((r.register_wh for r in values if r.context is context and r.register_wh is not None), None)


def readings(values: Any, hearing: Hearing) -> tuple[Reading, ...]:
    gathered = []
    for value in values:
        at = moment(value.timestamp, hearing)
        reading = gather(at, [_sample(sample) for sample in value.sampled_value], hearing)
        if reading is not None:
            gathered.append(reading)
    return tuple(gathered)


def _sample(sample: Any) -> Sample:
    unit = sample.unit_of_measure
    signed = sample.signed_meter_value
    return Sample(
        sample.value,
        sample.measurand,
        sample.context,
        sample.phase,
        sample.location,
        unit.unit if unit else None,
        (unit.multiplier or 0) if unit else 0,
        signed.signed_meter_data if signed else None,
        _signature(signed) if signed else None,
    )


def _signature(signed: Any) -> dict[str, Any]:
    said = {
        "signingMethod": signed.signing_method,
        "encodingMethod": signed.encoding_method,
        "publicKey": signed.public_key,
    }
    return {name: text for name, text in said.items() if text}


TELLS: Final[dict[str, Callable[[Any, Hearing], AnyEvent]]] = {
    "Authorize": authorize,
    "BootNotification": boot,
    "FirmwareStatusNotification": firmware_status,
    "Heartbeat": heartbeat,
    "LogStatusNotification": log_status,
    "MeterValues": meter_values,
    "SecurityEventNotification": security_event,
    "SignCertificate": sign_certificate,
    "StatusNotification": status,
    "TransactionEvent": transaction_event,
}
