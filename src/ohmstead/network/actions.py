"""Writes of sites and stations: each is one transaction with its audit row."""

from django.db import IntegrityError, transaction

from ohmstead.access.actors import Actor
from ohmstead.access.audit import record
from ohmstead.access.models import Organisation
from ohmstead.network import passwords
from ohmstead.network.errors import BadProfile, StationExists
from ohmstead.network.models import Site, Station
from ohmstead.network.rules.door import PROFILE_SAYS
from ohmstead.network.station_rows import announce, forget_refusals, locked
from ohmstead.station.answers import Admission
from ohmstead.station.identity import station_identity
from ohmstead.station.passwords import new_password


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
    forget_refusals(station, "unknown_station")
    record(by, "station.created", station, security_profile=security_profile)
    return station


@transaction.atomic(durable=True)
def accept_station(station: Station, *, by: Actor, site: Site | None = None) -> None:
    """Let a station from the inbox work. Its open connection is told at once."""
    station = locked(station)
    if site is not None and site != station.site:
        station.site = site
        station.save(update_fields=["site"])
    if station.admission == Admission.ACCEPTED:
        return
    station.admission = Admission.ACCEPTED
    station.save(update_fields=["admission"])
    forget_refusals(station, "station_refused")
    announce(station)
    record(by, "station.accepted", station)


@transaction.atomic(durable=True)
def refuse_station(station: Station, *, by: Actor, reason: str = "") -> None:
    """Keep a station out; an open connection is closed."""
    station = locked(station)
    if station.admission == Admission.REFUSED:
        return
    station.admission = Admission.REFUSED
    station.save(update_fields=["admission"])
    announce(station, close="The operator refused this station.")
    record(by, "station.refused", station, reason=reason)


@transaction.atomic(durable=True)
def rename_station(station: Station, name: str, *, by: Actor) -> None:
    station = locked(station)
    before, station.name = station.name, name.strip()[:120]
    station.save(update_fields=["name"])
    record(by, "station.renamed", station, before=before, after=station.name)


@transaction.atomic(durable=True)
def move_station(station: Station, site: Site | None, *, by: Actor) -> None:
    station = locked(station)
    station.site = site
    station.save(update_fields=["site"])
    record(by, "station.moved", station, site=str(site) if site else "")


@transaction.atomic(durable=True)
def set_security_profile(station: Station, security_profile: int, *, by: Actor) -> None:
    """The least the station must use from now on. A connection that uses less is not cut: the next one is refused."""
    _check_profile(security_profile)
    station = locked(station)
    before, station.security_profile = station.security_profile, security_profile
    station.save(update_fields=["security_profile"])
    record(by, "station.security_profile_set", station, before=before, after=security_profile)


@transaction.atomic(durable=True)
def set_password(station: Station, *, by: Actor, password: str | None = None) -> str:
    """Store a new password for the installer to type in; the one time it can be read is the return value.

    From now on the station must bring one. Raises BadPassword, PasswordUnderWay.
    """
    station = locked(station)
    passwords.none_under_way(station)
    secret = new_password() if password is None else passwords.checked(password)
    station.password_hash, station.next_password_hash = passwords.hashed(secret), ""
    station.security_profile = max(station.security_profile, 1)
    station.save(update_fields=["password_hash", "next_password_hash", "security_profile"])
    forget_refusals(station, "password_not_set", "password_wrong")
    record(by, "station.password_set", station)
    return secret


@transaction.atomic(durable=True)
def close_connection(station: Station, *, by: Actor, reason: str = "Closed by the operator.") -> None:
    """Cut the socket; the station comes back by itself."""
    announce(station, close=reason)
    record(by, "station.connection_closed", station, reason=reason)


def _check_profile(security_profile: int) -> None:
    if security_profile not in PROFILE_SAYS:
        raise BadProfile(f"{security_profile} is not a security profile; 0 to 3 are.")
