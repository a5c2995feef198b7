"""The queue of a full site: a place, an offer with a countdown, and the driver's answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q

from ohmstead.access.actors import Actor
from ohmstead.access.audit import record
from ohmstead.charging import reservable, reservations
from ohmstead.charging.models import (
    OPEN_WAITS,
    Reservation,
    ReservationState,
    Session,
    SessionState,
    Wait,
    WaitState,
)
from ohmstead.charging.rules.reservations import (
    OFFER_FOR,
    SNOOZE_FOR,
    ReservationRefused,
    ReservationRules,
    estimated_wait,
)
from ohmstead.drivers.models import Token, TokenStatus
from ohmstead.network.models import Site

_BY: Final = Actor.job("waitlist")
_STAYS_LOOKED_AT: Final = 20
LONGEST_WAIT: Final = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Place:
    """`position` counts from 1; an offer has none, but a time until it must be answered."""

    position: int
    estimated: timedelta
    offer: Reservation | None = None
    offer_until: datetime | None = None


@transaction.atomic
def join(site: Site, token: Token, *, now: datetime, by: Actor, any_of: str = "any") -> Wait:
    """At the end of the queue. Raises ReservationRefused while a plug is free, or when the driver waits already."""
    if token.driver is None or token.status != TokenStatus.VALID or token.organisation_id != site.organisation_id:
        raise ReservationRefused("Only a driver whose card may charge can wait here.")
    if any_of not in ("any", "ac", "dc"):
        raise ReservationRefused("One can wait for any plug, any AC plug or any DC plug.")
    nobody_waits = not Wait.objects.filter(site=site, state__in=OPEN_WAITS).exists()
    if nobody_waits and reservable.free_now(site, any_of, now).exists():
        raise ReservationRefused("A plug is free: just plug in.")
    wait = Wait(
        organisation_id=site.organisation_id,
        site=site,
        driver=token.driver,
        token=token,
        any_of=any_of,
        place_at=now,
    )
    try:
        with transaction.atomic():
            wait.save(force_insert=True)
    except IntegrityError:
        raise ReservationRefused("You wait here already.") from None
    record(by, "wait.joined", wait)
    return wait


def place_of(wait: Wait, now: datetime) -> Place:
    if wait.state == WaitState.OFFERED:
        return Place(0, timedelta(), wait.offer, wait.offer_until)
    before = Wait.objects.filter(site=wait.site, state__in=OPEN_WAITS, place_at__lt=wait.place_at).count()
    ended = (
        Session.objects.filter(station__site=wait.site, state=SessionState.ENDED, ended_at__isnull=False)
        .order_by("-started_at")
        .values_list("started_at", "ended_at")[:_STAYS_LOOKED_AT]
    )
    stays = [until - since for since, until in ended if until is not None]
    plugs = reservable.plugs(wait.site, wait.any_of).count()
    return Place(before + 1, estimated_wait(before + 1, plugs, stays))


@transaction.atomic
def accept(wait: Wait, *, now: datetime, by: Actor) -> Reservation:
    """The offered plug is the driver's for as long as the site's rules give somebody to come."""
    reservations.one_at_a_time(wait.organisation_id)
    wait, offer = _offered(wait, now)
    rules = reservable.rules_of(wait.site)
    offer.during = DateTimeTZRange(offer.during.lower, max(offer.during.upper, now + rules.grace))
    try:
        with transaction.atomic():
            offer.save(update_fields=["during"])
    except IntegrityError:
        pass  # somebody has booked the plug for soon after: what was offered still holds
    reservations.hold(offer, now, rules)
    _end(wait, WaitState.ACCEPTED, now)
    record(by, "wait.accepted", wait)
    return offer


@transaction.atomic
def snooze(wait: Wait, *, now: datetime, by: Actor) -> None:
    """Not yet: the next one gets the plug, and this driver is asked again later, before those who came after."""
    wait, offer = _offered(wait, now)
    reservations.close(offer, ReservationState.CANCELLED, now, reason="Snoozed.")
    wait.state, wait.offer, wait.offer_until = WaitState.WAITING, None, None
    wait.not_before = now + SNOOZE_FOR
    wait.save()
    record(by, "wait.snoozed", wait)


@transaction.atomic
def leave(wait: Wait, *, now: datetime, by: Actor) -> None:
    """Passes an offer on, or leaves the queue; the next one is offered the plug."""
    wait = Wait.objects.select_for_update(of=("self",)).select_related("offer__evse").get(pk=wait.pk)
    if wait.state not in OPEN_WAITS:
        return
    if wait.offer is not None and wait.state == WaitState.OFFERED:
        reservations.close(wait.offer, ReservationState.CANCELLED, now, reason="Passed on.")
        _end(wait, WaitState.PASSED, now)
    else:
        _end(wait, WaitState.LEFT, now)
    record(by, "wait.left", wait, passed=wait.state == WaitState.PASSED)


def offer_plugs(now: datetime) -> int:
    """One round over the queues: offers that nobody answered end, and free plugs are offered; how many were."""
    for wait_id in Wait.objects.filter(state=WaitState.OFFERED, offer_until__lte=now).values_list("pk", flat=True):
        _expire(wait_id, now)
    Wait.objects.filter(state=WaitState.WAITING, created_at__lt=now - LONGEST_WAIT).update(
        state=WaitState.EXPIRED, ended_at=now
    )
    sites = Site.objects.filter(waits__state=WaitState.WAITING).distinct()
    return sum(_offer_at(site, now) for site in sites)


def _offer_at(site: Site, now: datetime) -> int:
    offered = 0
    ready = Q(not_before=None) | Q(not_before__lte=now)
    with transaction.atomic():
        reservations.one_at_a_time(site.organisation_id)
        queue = Wait.objects.filter(ready, site=site, state=WaitState.WAITING).select_related("driver", "token")
        for wait in queue.order_by("place_at", "pk").select_for_update(of=("self",), skip_locked=True):
            offered += _offer(wait, now)
    return offered


def _offer(wait: Wait, now: datetime) -> bool:
    for evse in reservable.free_now(wait.site, wait.any_of, now):
        try:
            rules = ReservationRules(grace=OFFER_FOR)  # waiting costs nothing
            wait.offer = reservations.book(evse, wait.driver, wait.token, now, now + OFFER_FOR, "", rules, now, _BY)
        except IntegrityError:
            continue
        wait.state, wait.offer_until = WaitState.OFFERED, now + OFFER_FOR
        wait.save()
        record(_BY, "wait.offered", wait, evse=str(evse))
        return True
    return False


def _expire(wait_id: UUID, now: datetime) -> None:
    with transaction.atomic():
        found = Wait.objects.select_for_update(of=("self",), skip_locked=True).select_related("offer__evse")
        wait = found.filter(pk=wait_id, state=WaitState.OFFERED, offer_until__lte=now).first()
        if wait is None:
            return
        if wait.offer is not None and wait.offer.state == ReservationState.HONOURED:
            _end(wait, WaitState.ACCEPTED, now)  # who plugs in has answered
            return
        if wait.offer is not None:
            reservations.close(wait.offer, ReservationState.CANCELLED, now, reason="The offer was not answered.")
        _end(wait, WaitState.EXPIRED, now)
        record(_BY, "wait.expired", wait)


def _offered(wait: Wait, now: datetime) -> tuple[Wait, Reservation]:
    found = Wait.objects.select_for_update(of=("self",)).select_related("site", "offer__evse__station", "offer__token")
    wait = found.get(pk=wait.pk)
    if wait.state != WaitState.OFFERED or wait.offer is None or wait.offer_until is None or wait.offer_until <= now:
        raise ReservationRefused("This offer is over.")
    return wait, wait.offer


def _end(wait: Wait, state: WaitState, now: datetime) -> None:
    wait.state, wait.ended_at = state, now
    wait.save(update_fields=["state", "ended_at"])
