"""Reads of certificates: what we issued and how far it came, what stations trust."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from ohmstead.access.models import Organisation
from ohmstead.network.authority import CLOCK_SLACK, RENEW_BEFORE
from ohmstead.network.certificates import SIGNING, TAKEN_OR_COMING
from ohmstead.network.models import Certificate, Command, CommandState, InstalledCertificate, Station, StationEvent
from ohmstead.network.rules.certificates import CertificateStage, stage_of
from ohmstead.station.commands import TriggerMessage


@dataclass(frozen=True, slots=True)
class IssuedCertificate:
    """`reason` is the station's word when it did not take it, or why it was revoked."""

    certificate: Certificate
    stage: CertificateStage
    reason: str


@dataclass(frozen=True, slots=True)
class CertificateLife:
    """`renewal`: the newest request that the station should ask for a new one, and its state and reason."""

    issued: list[IssuedCertificate]
    renewal: Command | None
    renew_from: datetime | None  # when we ask by ourselves


def life(station: Station, now: datetime | None = None) -> CertificateLife:
    """Newest first: two queries."""
    now = now or timezone.now()
    rows = list(Certificate.objects.filter(station=station).select_related("delivery").order_by("-not_before", "-id"))
    asked = Command.objects.filter(station=station, kind=TriggerMessage.__name__, command__message=SIGNING)
    lasting = [each for each in rows if each.revoked_at is None]
    ends = [each.not_after for each in [each for each in lasting if _is_had(each)] or lasting]
    return CertificateLife(
        issued=[_issued(each, now) for each in rows],
        renewal=asked.order_by("-asked_at").first(),
        renew_from=max(ends) - RENEW_BEFORE if ends else None,
    )


def _is_had(row: Certificate) -> bool:
    return row.used_at is not None or (row.delivery is not None and row.delivery.state in TAKEN_OR_COMING)


def _issued(row: Certificate, now: datetime) -> IssuedCertificate:
    delivery = row.delivery
    stage = stage_of(
        not_after=row.not_after,
        revoked=row.revoked_at is not None,
        used=row.used_at is not None,
        delivery=delivery.state if delivery else None,
        now=now,
    )
    refused = delivery is not None and delivery.state not in (CommandState.ACCEPTED, CommandState.SENT)
    return IssuedCertificate(row, stage, row.revoked_because or (delivery.reason if delivery and refused else ""))


def refused_since_newest(station: Station, life: CertificateLife) -> StationEvent | None:
    """The newest signing request that we refused, unless we have signed one since."""
    refused = StationEvent.objects.filter(station=station, kind="certificate").order_by("-at").first()
    signed = [each.certificate.not_before + CLOCK_SLACK for each in life.issued]
    return None if refused is None or any(at > refused.at for at in signed) else refused


def installed(station: Station) -> QuerySet[InstalledCertificate]:
    """By kind; a chain's members follow the certificate itself (`place`)."""
    return InstalledCertificate.objects.filter(station=station).order_by("kind", "id")


def ending(organisation: Organisation, before: datetime) -> QuerySet[Certificate]:
    """Certificates in use that end before a time, the next to end first."""
    return (
        Certificate.objects.filter(
            station__organisation=organisation, revoked_at=None, used_at__isnull=False, not_after__lt=before
        )
        .select_related("station")
        .order_by("not_after")
    )
