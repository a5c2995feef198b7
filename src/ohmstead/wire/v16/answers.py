"""OCPP 1.6: our answers to a station's calls."""

from collections.abc import Callable
from typing import Final

from ohmstead.station.answers import Admission, Answer
from ohmstead.station.tokens import TokenVerdict
from ohmstead.wire.asked import Asked
from ohmstead.wire.moments import written
from ohmstead.wire.v16 import messages as m
from ohmstead.wire.v16.verdicts import WORDS

_ADMISSIONS: Final[dict[Admission, m.BootNotificationResponseStatus]] = {
    Admission.ACCEPTED: "Accepted",
    Admission.PENDING: "Pending",
    Admission.REFUSED: "Rejected",
}
_MAX_TAG: Final = 20


def boot(asked: Asked, answer: Answer) -> m.Message:
    return m.BootNotificationResponse(
        status=_ADMISSIONS[answer.admission], current_time=written(answer.now), interval=answer.interval_s
    )


def heartbeat(asked: Asked, answer: Answer) -> m.Message:
    return m.HeartbeatResponse(current_time=written(answer.now))


def authorize(asked: Asked, answer: Answer) -> m.Message:
    return m.AuthorizeResponse(id_tag_info=_id_tag_info(answer))


def start(asked: Asked, answer: Answer) -> m.Message:
    assert asked.transaction_id is not None  # derived for every start
    return m.StartTransactionResponse(id_tag_info=_id_tag_info(answer), transaction_id=int(asked.transaction_id))


def stop(asked: Asked, answer: Answer) -> m.Message:
    return m.StopTransactionResponse(id_tag_info=_id_tag_info(answer) if asked.token else None)


def data_transfer(asked: Asked, answer: Answer) -> m.Message:
    return m.DataTransferResponse(status="UnknownVendorId")


def sign_certificate(asked: Asked, answer: Answer) -> m.Message:
    return m.SignCertificateResponse(status="Accepted")


def _id_tag_info(answer: Answer) -> m.IdTagInfo:
    verdict = answer.verdict or TokenVerdict.ACCEPTED
    parent = answer.parent_uid
    return m.IdTagInfo(
        status=WORDS.get(verdict, "Invalid"),  # type: ignore[arg-type]
        expiry_date=written(answer.verdict_until) if answer.verdict_until else None,
        parent_id_tag=parent if parent and len(parent) <= _MAX_TAG else None,
    )


ANSWERS: Final[dict[str, Callable[[Asked, Answer], m.Message]]] = {
    "Authorize": authorize,
    "BootNotification": boot,
    "DataTransfer": data_transfer,
    "Heartbeat": heartbeat,
    "SignCertificate": sign_certificate,
    "StartTransaction": start,
    "StopTransaction": stop,
}
