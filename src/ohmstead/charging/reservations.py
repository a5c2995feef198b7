"""Plugs promised to drivers: booked, cancelled, and said to the station where it understands."""

import secrets
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from ohmstead.access.actors import Actor
from ohmstead.access.audit import record
from ohmstead.charging import reservable
from ohmstead.charging.models import OPEN_RESERVATIONS, EnforcedBy, Reservation, ReservationState
from ohmstead.charging.rules.reservations import ReservationRefused, ReservationRules, check_wish, gives_up_at
from ohmstead.drivers.models import Driver, Token, TokenStatus
from ohmstead.network import commands
from ohmstead.network.models import Evse, Site
from ohmstead.station.commands import CancelReservation, ReserveEvse
from ohmstead.station.tokens import PresentedToken, TokenKind

TAKEN: Final = "This plug is promised to someone else at that time."
_SITE_TAKEN: Final = "No plug of that kind is free at that time."


@transaction.atomic
def reserve_plug(
    evse: Evse, token: Token, starts_at: datetime, ends_at: datetime, *, now: datetime, by: Actor
) -> Reservation:
    """This one plug. Raises ReservationRefused."""
    rules, driver = _checked(evse.station.site, token, starts_at, ends_at, now)
    try:
        return book(evse, driver, token, starts_at, ends_at, "", rules, now, by)
    except IntegrityError:
        raise ReservationRefused(TAKEN) from None


@transaction.atomic
def reserve_any(
    site: Site, any_of: str, token: Token, starts_at: datetime, ends_at: datetime, *, now: datetime, by: Actor
) -> Reservation:
    """Whichever plug of the site is free then; `any_of` is any, ac or dc. Raises ReservationRefused."""
    if any_of not in ("any", "ac", "dc"):
        raise ReservationRefused("Any plug, any AC plug or any DC plug can be reserved.")
    rules, driver = _checked(site, token, starts_at, ends_at, now)
    for evse in reservable.candidates(site, any_of, starts_at, now):
        try:
            return book(evse, driver, token, starts_at, ends_at, any_of, rules, now, by)
        except IntegrityError:
            continue
    raise ReservationRefused(_SITE_TAKEN)


@transaction.atomic
def cancel_reservation(reservation: Reservation, *, now: datetime, by: Actor, reason: str = "") -> None:
    """The plug is free again; a fee for the reservation itself stays with the operator's terms."""
    reservation = Reservation.objects.select_for_update(of=("self",)).get(pk=reservation.pk)
    if reservation.state not in OPEN_RESERVATIONS:
        return
    close(reservation, ReservationState.CANCELLED, now, reason=reason)
    record(by, "reservation.cancelled", reservation, reason=reason)


def close(reservation: Reservation, state: ReservationState, now: datetime, *, reason: str = "") -> None:
    """In the caller's transaction; a station that holds the plug hears of it, unless the driver is charging."""
    reservation.state, reservation.ended_at, reservation.reason = state, now, reason[:200]
    reservation.save(update_fields=["state", "ended_at", "reason"])
    if reservation.command_id is not None and state != ReservationState.HONOURED:
        commands.queue(reservation.evse.station_id, CancelReservation(reservation_id=reservation.number), at=now)


def hold(reservation: Reservation, now: datetime, rules: ReservationRules) -> None:
    """In the caller's transaction: from now on the plug is kept free, by the station as soon as it agrees."""
    reservation.state, reservation.enforced_by = ReservationState.HELD, EnforcedBy.DECISION
    expires_at = gives_up_at(reservation.during.lower, reservation.during.upper, rules.grace)
    if reservation.evse.station.online and len(reservation.token.uid) <= 20:
        token = reservation.token
        command = ReserveEvse(
            reservation_id=reservation.number,
            token=PresentedToken(token.uid, TokenKind(token.kind), token.parent_uid or None),
            expires_at=expires_at,
            evse=reservation.evse.number,
        )
        reservation.command_id = commands.queue(reservation.evse.station_id, command, at=now).pk
    reservation.save(update_fields=["state", "enforced_by", "command_id"])


def one_at_a_time(organisation_id: UUID) -> None:
    """Until the caller's transaction ends. Two inserts that meet in the constraint would wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"reservations {organisation_id}"])


def _checked(
    site: Site | None, token: Token, starts_at: datetime, ends_at: datetime, now: datetime
) -> tuple[ReservationRules, Driver]:
    """The driver's row is locked: two wishes of one driver are looked at one after the other."""
    if token.driver_id is None:
        raise ReservationRefused("Only a driver can reserve a plug.")
    if site is not None and site.organisation_id != token.organisation_id:
        raise ReservationRefused("There is no such site.")
    if token.status != TokenStatus.VALID:
        raise ReservationRefused("This card cannot charge, so it cannot reserve.")
    driver = Driver.objects.select_for_update(no_key=True).get(pk=token.driver_id)
    rules = reservable.rules_of(site)
    open_ones = Reservation.objects.filter(driver=driver, state__in=OPEN_RESERVATIONS).count()
    check_wish(rules, starts_at, ends_at, now, member=reservable.is_member(driver, site), open_ones=open_ones)
    return rules, driver


def book(
    evse: Evse,
    driver: Driver,
    token: Token,
    starts_at: datetime,
    ends_at: datetime,
    any_of: str,
    rules: ReservationRules,
    now: datetime,
    by: Actor,
) -> Reservation:
    """Raises IntegrityError when the plug is promised already; nothing else in the transaction is lost by that."""
    one_at_a_time(token.organisation_id)
    reservation = Reservation(
        organisation_id=token.organisation_id,
        number=secrets.randbelow(2**31 - 1) + 1,
        site=evse.station.site,
        evse=evse,
        plug=evse.pk.int,
        driver=driver,
        token=token,
        any_of=any_of,
        during=DateTimeTZRange(starts_at, ends_at),
        fee=rules.fee,
        no_show_fee=rules.no_show_fee,
        currency=rules.currency,
    )
    with transaction.atomic():
        reservation.save(force_insert=True)
    record(by, "reservation.booked", reservation, starts_at=starts_at, ends_at=ends_at)
    if starts_at <= now:
        hold(reservation, now, rules)
    return reservation
