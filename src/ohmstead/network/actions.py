"""Writes of stations and of who is let in: each is one transaction with its audit row."""

from typing import Any, Unpack

from django.db import IntegrityError, transaction
from django.utils import timezone

from ohmstead.access.actors import Actor
from ohmstead.access.audit import record
from ohmstead.access.models import Organisation
from ohmstead.network import announcing, passwords
from ohmstead.network.errors import BadProfile, BadValues, StationExists, StationNotInService
from ohmstead.network.models import Site, Station
from ohmstead.network.row_changes import changed, with_whole_position, write
from ohmstead.network.rules.door import PROFILE_SAYS
from ohmstead.network.rules.station_facts import StationValues, checked_station
from ohmstead.network.station_rows import announce, forget_refusals, locked
from ohmstead.station.answers import Admission
from ohmstead.station.identity import station_identity
from ohmstead.station.passwords import new_password


@transaction.atomic(durable=True)
def create_station(
    organisation: Organisation,
    identity: str,
    *,
    by: Actor,
    site: Site | None = None,
    security_profile: int = 0,
    **values: Unpack[StationValues],
) -> Station:
    """Accepted from the start: whoever adds a station knows it.

    Raises InvalidIdentity, StationExists, BadProfile, BadValues.
    """
    _check_profile(security_profile)
    station = Station(
        organisation=organisation,
        identity=station_identity(identity),
        site=site,
        admission=Admission.ACCEPTED,
        security_profile=security_profile,
        **columns(with_whole_position(Station(), dict(values))),
    )
    try:
        with transaction.atomic():
            station.save(force_insert=True)
    except IntegrityError:
        raise StationExists(_exists(organisation, identity)) from None
    forget_refusals(station, "unknown_station")
    record(by, "station.created", station, security_profile=security_profile)
    announcing.created([station])
    return station


@transaction.atomic(durable=True)
def update_station(station: Station, *, by: Actor, **values: Unpack[StationValues]) -> None:
    """What is not given stays as it is. Raises BadValues."""
    station = locked(station)
    before, after = changed(station, columns(with_whole_position(station, dict(values))))
    if after:
        write(station, after)
        station.save(update_fields=list(after))
        record(by, "station.changed", station, before=before, after=after)


@transaction.atomic(durable=True)
def remove_station(station: Station, *, by: Actor) -> None:
    """Out of every list, its connection closed; sessions, messages and the row stay, so that it can be brought back.

    Raises StationNotInService.
    """
    station = locked(station)
    if station.removed_at is not None:
        return
    if station.admission != Admission.ACCEPTED:
        raise StationNotInService(f"{station} is not in service: decide about it in the inbox.")
    station.removed_at, station.admission = timezone.now(), Admission.REFUSED
    station.save(update_fields=["removed_at", "admission"])
    announce(station, close="The operator removed this station.")
    record(by, "station.removed", station)
    announcing.removed(station)


@transaction.atomic(durable=True)
def restore_station(station: Station, *, by: Actor) -> None:
    """A removed station is in service again, with all its past; at no site if its own is gone."""
    station = locked(station)
    if station.removed_at is None:
        return
    station.removed_at, station.admission = None, Admission.ACCEPTED
    if station.site is not None and station.site.removed_at is not None:
        station.site = None
    station.save(update_fields=["removed_at", "admission", "site"])
    forget_refusals(station, "station_refused")
    announce(station)
    record(by, "station.restored", station)
    announcing.restored(station)


@transaction.atomic(durable=True)
def accept_station(station: Station, *, by: Actor, site: Site | None = None) -> None:
    """Let a station from the inbox work. Its open connection is told at once."""
    station = locked(station)
    if site is not None and site != station.site:
        station.site = site
        station.save(update_fields=["site"])
    if station.admission == Admission.ACCEPTED:
        return
    station.admission, station.removed_at = Admission.ACCEPTED, None
    station.save(update_fields=["admission", "removed_at"])
    forget_refusals(station, "station_refused")
    announce(station)
    record(by, "station.accepted", station)
    announcing.admitted(station)


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
    announcing.turned_away(station)


@transaction.atomic(durable=True)
def move_station(station: Station, site: Site | None, *, by: Actor) -> None:
    station = locked(station)
    before = station.site
    if before == site:
        return
    station.site = site
    station.save(update_fields=["site"])
    record(by, "station.moved", station, before=str(before or ""), after=str(site or ""))


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


def columns(values: dict[str, Any]) -> dict[str, Any]:
    """The values as they are stored. Raises BadValues."""
    clean, problems = checked_station(values)
    if problems:
        raise BadValues(problems)
    return clean


def _exists(organisation: Organisation, identity: str) -> str:
    known = Station.objects.get(organisation=organisation, identity__iexact=identity)
    if known.removed_at is not None:
        return f"Station {known.identity} was removed on {known.removed_at:%d %b %Y}. Bring it back instead."
    return f"{organisation.name} already has a station {identity}, perhaps in the inbox."
