"""A day of a site's promised plugs: a row for each plug, a block for each reservation."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from ohmstead.access.rights import Right
from ohmstead.charging.models import Reservation, ReservationState
from ohmstead.network.models import Evse, Site
from ohmstead.station.answers import Admission
from ohmstead.web.console.stations import uuid_of
from ohmstead.web.console.zones import zone_of
from ohmstead.web.scope import ConsoleRequest, Viewer, console_view

_MOST_PLUGS: Final = 200
_MOST_SITES: Final = 500
_EVERY_HOURS: Final = 3


@dataclass(frozen=True, slots=True)
class Block:
    """`begins` and `lasts` are shares of the day, in percent."""

    reservation: Reservation
    begins: float
    lasts: float


@dataclass(frozen=True, slots=True)
class Row:
    evse: Evse
    blocks: list[Block]


@console_view(Right.DRIVERS)
def calendar(request: ConsoleRequest) -> HttpResponse:
    viewer = request.viewer
    sites = list(viewer.sites().order_by("name")[:_MOST_SITES])
    wanted = uuid_of(request.GET.get("site", ""))
    site = next((each for each in sites if each.pk == wanted), sites[0] if sites else None)
    context: dict[str, Any] = {"here": "reservations", "sites": sites, "site": site}
    if site is not None:
        context |= _day_of(viewer, site, request.GET.get("day", ""))
    return render(request, "console/reservation_calendar.html", context)


def _day_of(viewer: Viewer, site: Site, text: str) -> dict[str, Any]:
    zone, now = zone_of(site.time_zone), timezone.now()
    day = _day(text) or now.astimezone(zone).date()
    begins, ends = _bounds(day, zone)
    plugs = viewer.evses().filter(station__site=site, station__admission=Admission.ACCEPTED)
    evses = list(plugs.select_related("station").order_by("station__identity", "number")[:_MOST_PLUGS])
    found = Reservation.objects.filter(
        organisation=viewer.organisation, evse__in=evses, during__overlap=DateTimeTZRange(begins, ends)
    ).exclude(state=ReservationState.CANCELLED)
    blocks: dict[Any, list[Block]] = {}
    for each in found.select_related("driver", "evse__station", "site").order_by("during"):
        first, last = max(each.during.lower, begins), min(each.during.upper, ends)
        share = 100 / ((ends - begins) / timedelta(hours=1))
        block = Block(each, (first - begins) / timedelta(hours=1) * share, (last - first) / timedelta(hours=1) * share)
        blocks.setdefault(each.evse_id, []).append(block)
    return {
        "day": day,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "rows": [Row(evse, blocks.get(evse.pk, [])) for evse in evses],
        "reserved": sum(map(len, blocks.values())),
        "hours": [(f"{hour:02d}:00", hour * 100 / 24) for hour in range(0, 24, _EVERY_HOURS)],
        "now_at": (now - begins) / (ends - begins) * 100 if begins <= now < ends else None,
    }


def _bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Where the clocks change a day has 23 or 25 hours."""
    midnight = datetime.min.time()
    return datetime.combine(day, midnight, zone), datetime.combine(day + timedelta(days=1), midnight, zone)


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1971 < found.year < 2200 else None
