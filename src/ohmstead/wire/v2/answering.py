"""OCPP 2.x: our answers to a station's calls, made with the structs of the version that is passed in."""

from collections.abc import Callable
from types import ModuleType
from typing import Any, Final

from ohmstead.station.answers import Admission, Answer
from ohmstead.station.certificates import CertificateState
from ohmstead.station.tokens import TokenVerdict
from ohmstead.wire.asked import Asked
from ohmstead.wire.moments import written
from ohmstead.wire.v2.words import VERDICT_WORDS

_ADMISSIONS: Final = {
    Admission.ACCEPTED: "Accepted",
    Admission.PENDING: "Pending",
    Admission.REFUSED: "Rejected",
}
_CERTIFICATE_STATES: Final = {
    CertificateState.GOOD: "Accepted",
    CertificateState.REVOKED: "CertificateRevoked",
    CertificateState.EXPIRED: "CertificateExpired",
    CertificateState.SIGNATURE_ERROR: "SignatureError",
    CertificateState.CHAIN_ERROR: "CertChainError",
    CertificateState.UNANSWERED: "NoCertificateAvailable",
}
_MAX_TOKEN: Final = 36

type Answers = Callable[[ModuleType, Asked, Answer], Any]


def boot(m: Any, asked: Asked, answer: Answer) -> Any:
    status = _ADMISSIONS[answer.admission]
    return m.BootNotificationResponse(current_time=written(answer.now), interval=answer.interval_s, status=status)


def heartbeat(m: Any, asked: Asked, answer: Answer) -> Any:
    return m.HeartbeatResponse(current_time=written(answer.now))


def authorize(m: Any, asked: Asked, answer: Answer) -> Any:
    said = _CERTIFICATE_STATES[answer.certificate_state] if answer.certificate_state else None
    return m.AuthorizeResponse(id_token_info=_id_token_info(m, answer), certificate_status=said)


def transaction_event(m: Any, asked: Asked, answer: Answer) -> Any:
    return m.TransactionEventResponse(id_token_info=_id_token_info(m, answer) if asked.token else None)


def _id_token_info(m: Any, answer: Answer) -> Any:
    group = answer.parent_uid
    return m.IdTokenInfo(
        status=VERDICT_WORDS[answer.verdict or TokenVerdict.ACCEPTED],
        cache_expiry_date_time=written(answer.verdict_until) if answer.verdict_until else None,
        group_id_token=m.IdToken(id_token=group, type="ISO14443") if group and len(group) <= _MAX_TOKEN else None,
    )


def data_transfer(m: Any, asked: Asked, answer: Answer) -> Any:
    return m.DataTransferResponse(status="UnknownVendorId")


def sign_certificate(m: Any, asked: Asked, answer: Answer) -> Any:
    return m.SignCertificateResponse(status="Accepted")


def ev_certificate(m: Any, asked: Asked, answer: Answer) -> Any:
    return m.Get15118EVCertificateResponse(
        status="Accepted" if answer.certificate_data else "Failed",
        exi_response=answer.certificate_data or "",
        status_info=_why(m, answer),
    )


def certificate_status(m: Any, asked: Asked, answer: Answer) -> Any:
    return m.GetCertificateStatusResponse(
        status="Accepted" if answer.certificate_data else "Failed",
        ocsp_result=answer.certificate_data,
        status_info=_why(m, answer),
    )


def _why(m: Any, answer: Answer) -> Any:
    if answer.certificate_data or not answer.certificate_note:
        return None
    return m.StatusInfo(reason_code="NotFound", additional_info=answer.certificate_note[:512])


def charging_needs(m: Any, asked: Asked, answer: Answer) -> Any:
    """Rejected says: no plan will come from us; the car charges within the limits in force."""
    return m.NotifyEVChargingNeedsResponse(status="Rejected")


def charging_schedule(m: Any, asked: Asked, answer: Answer) -> Any:
    return m.NotifyEVChargingScheduleResponse(status="Accepted")


ANSWERS: Final[dict[str, Answers]] = {
    "Authorize": authorize,
    "BootNotification": boot,
    "DataTransfer": data_transfer,
    "Get15118EVCertificate": ev_certificate,
    "GetCertificateStatus": certificate_status,
    "Heartbeat": heartbeat,
    "NotifyEVChargingNeeds": charging_needs,
    "NotifyEVChargingSchedule": charging_schedule,
    "SignCertificate": sign_certificate,
    "TransactionEvent": transaction_event,
}
