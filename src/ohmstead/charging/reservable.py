"""Plugs that may be promised, and the rules of their sites."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from ohmstead.charging.models import OPEN_RESERVATIONS, Reservation, Session, SessionState, SiteRules
from ohmstead.charging.rules.reservations import ReservationRules
from ohmstead.drivers.models import Driver, GroupMember
from ohmstead.network.models import Connector, Evse, Site
from ohmstead.station.answers import Admission
from ohmstead.station.states import PlugState

_DC: Final = Q(standard__contains="COMBO") | Q(standard="CHADEMO") | Q(standard="GBT_DC") | Q(standard="NACS")
_GONE: Final = (PlugState.FAULTED, PlugState.UNAVAILABLE)
_FREE: Final = (PlugState.AVAILABLE, PlugState.RESERVED)


def rules_of(site: Site | None) -> ReservationRules:
    found = SiteRules.objects.filter(site=site).first() if site is not None else None
    if found is None:
        return ReservationRules()
    return ReservationRules(
        who=found.may_reserve,
        ahead=timedelta(minutes=found.reserve_ahead_minutes),
        longest=timedelta(minutes=found.reserve_longest_minutes),
        grace=timedelta(minutes=found.reserve_grace_minutes),
        per_driver=found.reservations_per_driver,
        fee=found.reservation_fee,
        no_show_fee=found.no_show_fee,
        currency=found.currency,
    )


def is_member(driver: Driver, site: Site | None) -> bool:
    """Of a group that names the site, or of any group where none does."""
    mine = GroupMember.objects.filter(driver=driver)
    if site is not None and site.driver_groups.exists():
        named = site.driver_groups.values("pk")
        return mine.filter(
            Q(group__in=named) | Q(group__parent__in=named) | Q(group__parent__parent__in=named)
        ).exists()
    return mine.exists()


def plugs(site: Site, any_of: str = "any") -> QuerySet[Evse]:
    """Of accepted stations, as far as they work; `any_of` is any, ac or dc."""
    direct = Exists(Connector.objects.filter(_DC, evse=OuterRef("pk")))
    found = Evse.objects.filter(station__site=site, station__admission=Admission.ACCEPTED).exclude(state__in=_GONE)
    if any_of == "dc":
        found = found.filter(direct)
    if any_of == "ac":
        found = found.exclude(direct)
    return found.select_related("station__site").order_by("station__identity", "number")


def free_now(site: Site, any_of: str, now: datetime) -> QuerySet[Evse]:
    """Nobody charges there, nobody is plugged in, and it is promised to nobody for now."""
    promised = Reservation.objects.filter(evse=OuterRef("pk"), state__in=OPEN_RESERVATIONS, during__contains=now)
    running = Session.objects.filter(
        station=OuterRef("station"), evse=OuterRef("number"), state=SessionState.RUNNING, open_until=None
    )
    found = plugs(site, any_of).filter(state__in=_FREE, station__online=True)
    return found.filter(~Exists(promised), ~Exists(running))


def candidates(site: Site, any_of: str, starts_at: datetime, now: datetime) -> Iterable[Evse]:
    """For a reservation that begins now the free ones; for a later one all that work, the free ones first."""
    free = list(free_now(site, any_of, now))
    yield from free
    if starts_at > now + timedelta(minutes=1):
        yield from plugs(site, any_of).exclude(pk__in=[evse.pk for evse in free])
