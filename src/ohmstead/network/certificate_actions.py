"""Writes of station certificates: each is one transaction with its audit row."""

from datetime import datetime, timedelta

from cryptography import x509
from django.db import transaction
from django.utils import timezone

from ohmstead.access.actors import Actor
from ohmstead.access.audit import record
from ohmstead.network import certificates, commands
from ohmstead.network.authority import IssuedWithKey
from ohmstead.network.errors import CommandRefused
from ohmstead.network.models import Certificate, Command, InstalledCertificate, Station
from ohmstead.network.station_rows import announce
from ohmstead.station.commands import (
    AnyCommand,
    CertificateId,
    DeleteCertificate,
    InstallCertificate,
    ListCertificates,
    TriggerMessage,
)
from ohmstead.station.commands.certificates import RootKind


@transaction.atomic(durable=True)
def issue_certificate(station: Station, *, by: Actor, now: datetime | None = None) -> IssuedWithKey:
    """Key and certificate for a station that makes no signing request; the key is not kept here."""
    issued = certificates.authority().issue_client(station.identity, now or timezone.now())
    certificate = certificates.remember(station.pk, issued)
    record(by, "certificate.issued", certificate, serial=issued.serial)
    return issued


@transaction.atomic(durable=True)
def renew_certificate(station: Station, *, by: Actor, wait_until_online: timedelta | None = None) -> Command:
    """Ask the station to make a signing request now; what we sign goes back to it by itself."""
    row = commands.row_of(station.pk, TriggerMessage(message=certificates.SIGNING), at=timezone.now(), by=by)
    row.expires_at = row.asked_at + wait_until_online if wait_until_online else None
    row.save(force_insert=True)
    commands.wake_dispatch()
    record(by, "certificate.renewal_asked", station, command_id=str(row.pk))
    return row


@transaction.atomic(durable=True)
def install_root(station: Station, kind: RootKind, certificate_pem: str, *, by: Actor) -> list[Command]:
    """Let the station trust a root, and list what it trusts then. Raises CommandRefused for what is no certificate."""
    try:
        x509.load_pem_x509_certificate(certificate_pem.encode())
    except ValueError:
        raise CommandRefused("That is no certificate in PEM.") from None
    now = timezone.now()
    wishes: list[AnyCommand] = [InstallCertificate(kind=kind, certificate_pem=certificate_pem.strip() + "\n")]
    rows = [commands.queue(station.pk, each, at=now, by=by) for each in [*wishes, ListCertificates(kinds=(kind,))]]
    record(by, "station.root_installed", station, kind=kind, command_id=str(rows[0].pk))
    return rows


@transaction.atomic(durable=True)
def delete_installed(certificate: InstalledCertificate, *, by: Actor) -> Command:
    """Take a certificate off its station; the station may refuse, as it must for one that it needs."""
    named = CertificateId(
        hash_algorithm=certificate.hash_algorithm,  # type: ignore[arg-type]
        issuer_name_hash=certificate.issuer_name_hash,
        issuer_key_hash=certificate.issuer_key_hash,
        serial_number=certificate.serial_number,
    )
    row = commands.queue(certificate.station_id, DeleteCertificate(certificate=named), at=timezone.now(), by=by)
    record(by, "station.root_deleted", certificate.station, kind=certificate.kind, command_id=str(row.pk))
    return row


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
