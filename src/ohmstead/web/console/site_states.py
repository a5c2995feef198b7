"""How sites are doing: stations and plugs by state, and the power they give now; a constant number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from ohmstead.charging.models import SessionState
from ohmstead.network.models import Site
from ohmstead.web.console.station_states import PLUG_SUMS
from ohmstead.web.scope import Viewer


@dataclass(frozen=True, slots=True)
class SiteLine:
    site: Site
    stations: int
    online: int
    plugs: int
    free: int
    charging: int
    power_w: float
    shares: dict[str, int]  # plugs by shown state, those without any left out

    @property
    def faulted(self) -> int:
        return self.shares.get("faulted", 0)


@dataclass(frozen=True, slots=True)
class Running:
    """Sessions that run at a site, and the power they give."""

    number: int
    power_w: float


_NOTHING = Running(0, 0.0)


def running_by_site(viewer: Viewer, ids: Sequence[UUID] | None = None) -> dict[UUID | None, Running]:
    """Of every site where a session runs, None for stations without one; or of the sites with these ids."""
    running = viewer.sessions().filter(state=SessionState.RUNNING).order_by()
    if ids is not None:
        running = running.filter(station__site__in=ids)
    counted = running.values_list("station__site").annotate(number=Count("pk"), power=Coalesce(Sum("power_w"), 0.0))
    return {site: Running(number, power_w) for site, number, power_w in counted}


def site_lines(
    viewer: Viewer, sites: Sequence[Site], running: Mapping[UUID | None, Running] | None = None
) -> list[SiteLine]:
    """`running`: what is known of it already."""
    ids = [site.pk for site in sites]
    by_site = _counted(viewer, ids)
    if running is None:
        running = running_by_site(viewer, ids)
    return [_line(site, by_site.get(site.pk, {}), running.get(site.pk, _NOTHING).power_w) for site in sites]


def _counted(viewer: Viewer, ids: Sequence[UUID]) -> dict[UUID | None, dict[str, Any]]:
    found = viewer.standings().filter(site_id__in=ids).order_by().values("site_id")
    rows = found.annotate(number=Count("pk"), here=Count("pk", filter=Q(online=True)), **PLUG_SUMS)
    return {row["site_id"]: dict(row) for row in rows}


def _line(site: Site, counts: dict[str, Any], power_w: float) -> SiteLine:
    total, free, charging = (counts.get(name, 0) for name in ("total", "free", "charging"))
    faulted, offline = counts.get("faulted", 0), counts.get("offline", 0)
    shares = {
        "charging": charging,
        "preparing": total - free - charging - faulted - offline,
        "available": free,
        "faulted": faulted,
        "offline": offline,
    }
    return SiteLine(
        site=site,
        stations=counts.get("number", 0),
        online=counts.get("here", 0),
        plugs=total,
        free=free,
        charging=charging,
        power_w=power_w,
        shares={state: number for state, number in shares.items() if number > 0},
    )
