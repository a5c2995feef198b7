"""Writes of station certificates: each is one transaction with its audit row."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from ohmstead.access.actors import Actor
from ohmstead.access.audit import record
from ohmstead.network import certificates
from ohmstead.network.authority import IssuedWithKey
from ohmstead.network.models import Certificate, Station
from ohmstead.network.station_rows import announce


@transaction.atomic(durable=True)
def issue_certificate(station: Station, *, by: Actor, now: datetime | None = None) -> IssuedWithKey:
    """Key and certificate for a station that makes no signing request; the key is not kept here."""
    issued = certificates.authority().issue_client(station.identity, now or timezone.now())
    certificate = certificates.remember(station.pk, issued)
    record(by, "certificate.issued", certificate, serial=issued.serial)
    return issued


@transaction.atomic(durable=True)
def revoke_certificate(certificate: Certificate, *, by: Actor, reason: str = "") -> None:
    """No connection with it is let in again; one that is open is closed."""
    certificate = Certificate.objects.select_for_update().select_related("station").get(pk=certificate.pk)
    if certificate.revoked_at is not None:
        return
    certificate.revoked_at, certificate.revoked_because = timezone.now(), reason[:120]
    certificate.save(update_fields=["revoked_at", "revoked_because"])
    if certificate.station.certificate_fingerprint == certificate.fingerprint:
        announce(certificate.station, close="The certificate was revoked.")
    record(by, "certificate.revoked", certificate, reason=reason)
