"""OCPP 2.1: our answers to a station's calls."""

from functools import partial
from typing import Final

from ohmstead.station.answers import Answer
from ohmstead.wire.asked import Asked
from ohmstead.wire.moments import written
from ohmstead.wire.v2 import answering
from ohmstead.wire.v21 import messages as m


def chain_status(asked: Asked, answer: Answer) -> m.Message:
    """Failed for each certificate: nothing behind us can ask its issuer."""
    statuses = [
        m.CertificateStatus(
            certificate_hash_data=request.certificate_hash_data,
            source=request.source,
            status="Failed",
            next_update=written(answer.now),
        )
        for request in asked.message.certificate_status_requests
    ]
    return m.GetCertificateChainStatusResponse(certificate_status=statuses)


def open_stream(asked: Asked, answer: Answer) -> m.Message:
    return m.OpenPeriodicEventStreamResponse(status="Accepted")


def pull_schedule(asked: Asked, answer: Answer) -> m.Message:
    return m.PullDynamicScheduleUpdateResponse(status="Rejected")


def vat_number(asked: Asked, answer: Answer) -> m.Message:
    """Rejected: it was not checked."""
    return m.VatNumberValidationResponse(
        vat_number=asked.message.vat_number[:20], evse_id=asked.message.evse_id, status="Rejected"
    )


ANSWERS: Final = {action: partial(answer, m) for action, answer in answering.ANSWERS.items()} | {
    "GetCertificateChainStatus": chain_status,
    "OpenPeriodicEventStream": open_stream,
    "PullDynamicScheduleUpdate": pull_schedule,
    "VatNumberValidation": vat_number,
}
