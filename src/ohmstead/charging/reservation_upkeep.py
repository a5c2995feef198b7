"""What time does to reservations: they begin, are honoured, or nobody comes."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from ohmstead.access.actors import Actor
from ohmstead.access.audit import record
from ohmstead.charging import reservable, reservations
from ohmstead.charging.models import (
    OPEN_RESERVATIONS,
    EnforcedBy,
    Reservation,
    ReservationState,
    Session,
    SessionState,
    Wait,
)
from ohmstead.charging.rules.reservations import HELD_BEFORE, gives_up_at
from ohmstead.network.models import Command, CommandState, Evse
from ohmstead.station.states import PlugState

AT_ONCE: Final = 500
_EARLY: Final = timedelta(minutes=10)  # a driver who comes before the time has come for it all the same
_BY: Final = Actor.job("reservations")
_TAKEN: Final = (PlugState.FAULTED, PlugState.UNAVAILABLE, PlugState.CHARGING, PlugState.OCCUPIED)


def keep_promises(now: datetime) -> int:
    """One round over those that are due; how many changed."""
    due = Reservation.objects.filter(state__in=OPEN_RESERVATIONS, during__startswith__lte=now + HELD_BEFORE)
    found = list(due.order_by("during", "pk").values_list("pk", "organisation_id")[:AT_ONCE])
    return sum(_keep(reservation_id, organisation_id, now) for reservation_id, organisation_id in found)


def _keep(reservation_id: UUID, organisation_id: UUID, now: datetime) -> bool:
    with transaction.atomic():
        reservations.one_at_a_time(organisation_id)
        locked = Reservation.objects.select_for_update(of=("self",), skip_locked=True)
        found = locked.select_related("evse__station__site", "token", "driver").filter(pk=reservation_id).first()
        if found is None or found.state not in OPEN_RESERVATIONS:
            return False
        return _honoured(found, now) or _missed(found, now) or _begun(found, now) or _answered(found)


def _honoured(reservation: Reservation, now: datetime) -> bool:
    """By a session on the plug with any token that the reservation is good for."""
    token = reservation.token
    good_for = Q(token__driver=reservation.driver) | Q(token_uid=token.canonical_uid)
    if token.parent_uid:
        good_for |= Q(token__parent_uid=token.parent_uid) | Q(token_uid=token.parent_uid)
    session = (
        Session.objects.filter(
            good_for,
            station=reservation.evse.station_id,
            evse=reservation.evse.number,
            started_at__gte=min(reservation.during.lower - _EARLY, reservation.created_at),
        )
        .exclude(state=SessionState.REFUSED)
        .order_by("started_at")
        .first()
    )
    if session is None:
        return False
    reservation.session = session
    reservation.save(update_fields=["session"])
    reservations.close(reservation, ReservationState.HONOURED, now)
    record(_BY, "reservation.honoured", reservation, session=str(session.pk))
    return True


def _missed(reservation: Reservation, now: datetime) -> bool:
    """Nobody came in time. An offer of the queue is nobody's fault: the queue settles it."""
    rules = reservable.rules_of(reservation.site)
    if now < gives_up_at(reservation.during.lower, reservation.during.upper, rules.grace):
        return False
    if Wait.objects.filter(offer=reservation, state="offered").exists():
        return False
    reservations.close(reservation, ReservationState.NO_SHOW, now, reason="Nobody came in time.")
    record(_BY, "reservation.no_show", reservation, fee=reservation.no_show_fee)
    return True


def _begun(reservation: Reservation, now: datetime) -> bool:
    if reservation.state != ReservationState.BOOKED or reservation.during.lower > now:
        return False
    if reservation.any_of and reservation.evse.state in _TAKEN:
        _move(reservation, now)
    reservations.hold(reservation, now, reservable.rules_of(reservation.site))
    return True


def _move(reservation: Reservation, now: datetime) -> None:
    """To another plug of the kind that is free; it stays where it is when none is."""
    if reservation.site is None:
        return
    for evse in reservable.free_now(reservation.site, reservation.any_of, now):
        if _moved(reservation, evse):
            record(_BY, "reservation.moved", reservation, evse=str(evse))
            return


def _moved(reservation: Reservation, evse: Evse) -> bool:
    before = reservation.evse
    reservation.evse, reservation.plug = evse, evse.pk.int
    try:
        with transaction.atomic():
            reservation.save(update_fields=["evse", "plug"])
    except IntegrityError:
        reservation.evse, reservation.plug = before, before.pk.int
        return False
    return True


def _answered(reservation: Reservation) -> bool:
    """The station keeps the plug free, or it does not and our answers to other cards do."""
    if reservation.command_id is None or reservation.enforced_by == EnforcedBy.STATION:
        return False
    row = Command.objects.filter(pk=reservation.command_id).first()
    if row is None or row.state != CommandState.ACCEPTED:
        return False
    reservation.enforced_by = EnforcedBy.STATION
    reservation.save(update_fields=["enforced_by"])
    return True
