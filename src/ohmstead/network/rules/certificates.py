"""How far a certificate of ours has come."""

from datetime import datetime
from enum import StrEnum


class CertificateStage(StrEnum):
    REVOKED = "revoked"
    EXPIRED = "expired"
    IN_USE = "in_use"  # the station has connected with it
    TAKEN = "taken"  # it said that it has it, and has not connected with it yet
    NOT_TAKEN = "not_taken"
    ON_ITS_WAY = "on_its_way"
    HANDED_OUT = "handed_out"  # given to a person, with its key


def stage_of(
    *, not_after: datetime, revoked: bool, used: bool, delivery: str | None, now: datetime
) -> CertificateStage:
    """`delivery` is the state of the command that carries it; None: no command does."""
    if revoked:
        return CertificateStage.REVOKED
    if not_after <= now:
        return CertificateStage.EXPIRED
    if used:
        return CertificateStage.IN_USE
    if delivery is None:
        return CertificateStage.HANDED_OUT
    if delivery in ("planned", "queued", "waiting", "sent"):
        return CertificateStage.ON_ITS_WAY
    return CertificateStage.TAKEN if delivery == "accepted" else CertificateStage.NOT_TAKEN
