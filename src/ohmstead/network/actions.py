"""The writes of the network: each is one transaction with its audit row."""

import secrets
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from ohmstead.access.actors import Actor
from ohmstead.access.audit import record
from ohmstead.access.models import Organisation
from ohmstead.network import certificates, commands
from ohmstead.network.authority import IssuedWithKey
from ohmstead.network.errors import BadPassword, BadProfile, PasswordUnderWay, StationExists
from ohmstead.network.models import Announcement, Certificate, Command, Refusal, Site, Station
from ohmstead.network.rules.door import PROFILE_SAYS
from ohmstead.network.rules.secrets import password_command
from ohmstead.station.answers import Admission
from ohmstead.station.commands import AnyCommand, ChangePassword
from ohmstead.station.identity import station_identity
from ohmstead.station.passwords import new_password, password_hash

PASSWORD_LENGTHS = range(16, 41)  # OCPP 2.0.1 A00.FR.205; hashed fast, so it must be hard to guess


@transaction.atomic(durable=True)
def create_site(
    organisation: Organisation,
    name: str,
    *,
    by: Actor,
    address: str = "",
    city: str = "",
    latitude: float | None = None,
    longitude: float | None = None,
    time_zone: str = "UTC",
) -> Site:
    site = Site.objects.create(
        organisation=organisation,
        name=name[:120],
        address=address[:200],
        city=city[:80],
        latitude=latitude,
        longitude=longitude,
        time_zone=time_zone,
    )
    record(by, "site.created", site)
    return site


@transaction.atomic(durable=True)
def create_station(
    organisation: Organisation,
    identity: str,
    *,
    by: Actor,
    site: Site | None = None,
    name: str = "",
    security_profile: int = 0,
) -> Station:
    """Accepted from the start: whoever adds a station knows it. Raises InvalidIdentity, StationExists, BadProfile."""
    _check_profile(security_profile)
    try:
        with transaction.atomic():
            station = Station.objects.create(
                organisation=organisation,
                identity=station_identity(identity),
                site=site,
                name=name[:120],
                admission=Admission.ACCEPTED,
                security_profile=security_profile,
            )
    except IntegrityError:
        raise StationExists(f"{organisation.name} already has a station {identity}, perhaps in the inbox.") from None
    _forget_refusals(station, "unknown_station")
    record(by, "station.created", station, security_profile=security_profile)
    return station


@transaction.atomic(durable=True)
def accept_station(station: Station, *, by: Actor, site: Site | None = None) -> None:
    """Let a station from the inbox work. Its open connection is told at once."""
    station = _locked(station)
    if site is not None and site != station.site:
        station.site = site
        station.save(update_fields=["site"])
    if station.admission == Admission.ACCEPTED:
        return
    station.admission = Admission.ACCEPTED
    station.save(update_fields=["admission"])
    _forget_refusals(station, "station_refused")
    _announce(station)
    record(by, "station.accepted", station)


@transaction.atomic(durable=True)
def refuse_station(station: Station, *, by: Actor, reason: str = "") -> None:
    """Keep a station out; an open connection is closed."""
    station = _locked(station)
    if station.admission == Admission.REFUSED:
        return
    station.admission = Admission.REFUSED
    station.save(update_fields=["admission"])
    _announce(station, close="The operator refused this station.")
    record(by, "station.refused", station, reason=reason)


@transaction.atomic(durable=True)
def rename_station(station: Station, name: str, *, by: Actor) -> None:
    station = _locked(station)
    before, station.name = station.name, name.strip()[:120]
    station.save(update_fields=["name"])
    record(by, "station.renamed", station, before=before, after=station.name)


@transaction.atomic(durable=True)
def move_station(station: Station, site: Site | None, *, by: Actor) -> None:
    station = _locked(station)
    station.site = site
    station.save(update_fields=["site"])
    record(by, "station.moved", station, site=str(site) if site else "")


@transaction.atomic(durable=True)
def set_security_profile(station: Station, security_profile: int, *, by: Actor) -> None:
    """The least the station must use from now on. A connection that uses less is not cut: the next one is refused."""
    _check_profile(security_profile)
    station = _locked(station)
    before, station.security_profile = station.security_profile, security_profile
    station.save(update_fields=["security_profile"])
    record(by, "station.security_profile_set", station, before=before, after=security_profile)


@transaction.atomic(durable=True)
def set_password(station: Station, *, by: Actor, password: str | None = None) -> str:
    """Store a new password for the installer to type in; the one time it can be read is the return value.

    From now on the station must bring one. Raises BadPassword, PasswordUnderWay.
    """
    station = _locked(station)
    _no_password_under_way(station)
    secret = new_password() if password is None else _checked_password(password)
    station.password_hash, station.next_password_hash = _hash(secret), ""
    station.security_profile = max(station.security_profile, 1)
    station.save(update_fields=["password_hash", "next_password_hash", "security_profile"])
    _forget_refusals(station, "password_not_set", "password_wrong")
    record(by, "station.password_set", station)
    return secret


@transaction.atomic(durable=True)
def change_password_over_the_air(station: Station, *, by: Actor) -> Command:
    """Send the station a new random password. The old one stays valid until it has confirmed the new one.

    Raises PasswordUnderWay.
    """
    row = _queue(station, ChangePassword(password=_hexadecimal_password()), by)
    record(by, "station.password_sent", station, command_id=str(row.pk))
    return row


@transaction.atomic(durable=True)
def ask_station(station: Station, command: AnyCommand, *, by: Actor) -> Command:
    """Queue a command; its row tells how it goes on. An offline station is answered for at once.

    A password that is set by way of a setting counts as one, or the station would lock itself out.
    Raises PasswordUnderWay, BadPassword, CommandRefused.
    """
    row = _queue(station, password_command(command), by)
    record(by, "station.asked", station, command=row.kind, command_id=str(row.pk))
    return row


@transaction.atomic(durable=True)
def close_connection(station: Station, *, by: Actor, reason: str = "Closed by the operator.") -> None:
    """Cut the socket; the station comes back by itself."""
    _announce(station, close=reason)
    record(by, "station.connection_closed", station, reason=reason)


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
        _announce(certificate.station, close="The certificate was revoked.")
    record(by, "certificate.revoked", certificate, reason=reason)


def _queue(station: Station, command: AnyCommand, by: Actor) -> Command:
    """A new password is valid from the moment it is on its way."""
    if isinstance(command, ChangePassword):
        _locked(station)
        _no_password_under_way(station)
        station.next_password_hash = _hash(_checked_password(command.password))
        station.save(update_fields=["next_password_hash"])
    return commands.queue(station.pk, command, at=timezone.now(), by=by)


def _locked(station: Station) -> Station:
    """The caller's object, fresh: an action decides on what is stored, not on what a page once read."""
    station.refresh_from_db(from_queryset=Station.objects.select_for_update(no_key=True))
    return station


def _announce(station: Station, close: str = "") -> None:
    Announcement.objects.create(station=station, admission=station.admission, close=close[:120])
    commands.wake_dispatch()


def _forget_refusals(station: Station, *codes: str) -> None:
    """What the operator just mended is no longer a complaint."""
    Refusal.objects.filter(
        organisation_id=station.organisation_id, identity__iexact=station.identity, code__in=codes
    ).delete()


def _hash(password: str) -> str:
    return password_hash(settings.SECRET_KEY, password)


def _no_password_under_way(station: Station) -> None:
    """Two at a time would leave us guessing which one the station has."""
    open_ones = Command.objects.filter(station=station, kind=ChangePassword.__name__, state__in=commands.OPEN)
    if open_ones.exists():
        raise PasswordUnderWay(f"A new password is on its way to {station.identity}. Try again when it has answered.")


def _hexadecimal_password() -> str:
    """40 digits, as the security whitepaper of OCPP 1.6 wants them.

    Some 1.6 stations send them as they are, some as the 20 bytes they stand for: the byte ff is never UTF-8, so the
    gateway sees which it is.
    """
    return "ff" + secrets.token_hex(19)


def _checked_password(password: str) -> str:
    if len(password) not in PASSWORD_LENGTHS or not password.isascii() or not password.isprintable():
        raise BadPassword("A station password has 16 to 40 characters, plain ones that any keyboard has.")
    return password


def _check_profile(security_profile: int) -> None:
    if security_profile not in PROFILE_SAYS:
        raise BadProfile(f"{security_profile} is not a security profile; 0 to 3 are.")
