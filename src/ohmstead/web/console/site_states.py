"""How sites are doing: stations and plugs by state, and the power they give now; a constant number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, Sum

from ohmstead.charging.models import SessionState
from ohmstead.network.models import Site
from ohmstead.station.states import PlugState
from ohmstead.web.console.station_states import in_service, with_plug_state
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


def site_lines(viewer: Viewer, sites: Sequence[Site]) -> list[SiteLine]:
    ids = [site.pk for site in sites]
    stations = in_service(viewer.stations()).filter(site__in=ids).order_by().values("site")
    by_site: dict[UUID, dict[str, Any]] = {
        row["site"]: dict(row)
        for row in stations.annotate(number=Count("pk"), online=Count("pk", filter=Q(online=True)))
    }
    plugs = _plugs(viewer, ids)
    running = viewer.sessions().filter(state=SessionState.RUNNING, station__site__in=ids).order_by()
    power = dict(running.values_list("station__site").annotate(power_w=Sum("power_w")))
    return [_line(site, by_site.get(site.pk, {}), plugs.get(site.pk, {}), power.get(site.pk) or 0) for site in sites]


def _plugs(viewer: Viewer, ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    here = Q(station__online=True)
    evses = viewer.evses().filter(station__site__in=ids, station__admission="accepted")
    counted = (
        with_plug_state(evses)
        .order_by()
        .values("station__site")
        .annotate(
            total=Count("pk"),
            free=Count("pk", filter=here & Q(state=PlugState.AVAILABLE)),
            charging=Count("pk", filter=here & Q(shown=PlugState.CHARGING)),
            faulted=Count("pk", filter=here & Q(state=PlugState.FAULTED)),
            offline=Count("pk", filter=~here),
        )
    )
    return {row["station__site"]: row for row in counted}


def _line(site: Site, stations: dict[str, Any], plugs: dict[str, Any], power_w: float) -> SiteLine:
    total, free, charging = (plugs.get(name, 0) for name in ("total", "free", "charging"))
    faulted, offline = plugs.get("faulted", 0), plugs.get("offline", 0)
    shares = {
        "charging": charging,
        "preparing": total - free - charging - faulted - offline,
        "available": free,
        "faulted": faulted,
        "offline": offline,
    }
    return SiteLine(
        site=site,
        stations=stations.get("number", 0),
        online=stations.get("online", 0),
        plugs=total,
        free=free,
        charging=charging,
        power_w=power_w,
        shares={state: number for state, number in shares.items() if number > 0},
    )
