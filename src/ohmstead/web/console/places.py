"""Places on the map: sites, and stations that stand elsewhere, each with its plugs counted in a few statements."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from ohmstead.network.models import Evse, Station
from ohmstead.station.states import PlugState
from ohmstead.web.console.station_states import in_service, with_shown_state
from ohmstead.web.console.stations import StationFilter
from ohmstead.web.scope import Viewer

_FREE: Final = Q(station__online=True, state=PlugState.AVAILABLE)
_FAULTED: Final = Q(station__online=True, state=PlugState.FAULTED)
_OUT: Final = Q(station__online=True, state__in=[PlugState.UNAVAILABLE, PlugState.UNKNOWN])


@dataclass(frozen=True, slots=True)
class Place:
    """`url_id` is a site's id or a station's identity; plugs of stations that are offline count as offline only."""

    id: UUID
    url_id: str
    is_site: bool
    name: str
    city: str
    latitude: float | None
    longitude: float | None
    total: int
    free: int
    faulted: int
    offline: int
    out: int

    @property
    def busy(self) -> int:
        return self.total - self.free - self.faulted - self.offline - self.out

    @property
    def state(self) -> str:
        """What an operator should see first."""
        if self.total and self.offline == self.total:
            return "offline"
        if self.faulted:
            return "faulted"
        if self.free:
            return "available"
        return "charging" if self.busy else "unavailable"

    @property
    def on_map(self) -> bool:
        return self.latitude is not None

    def as_row(self) -> list[Any]:
        """For the map's script, which knows the order."""
        return [
            str(self.id), self.name, self.longitude, self.latitude,
            self.total, self.free, self.busy, self.faulted, self.offline, self.state,
        ]  # fmt: skip


def places(viewer: Viewer, wanted: StationFilter, only: Collection[UUID] | None = None) -> list[Place]:
    """Those with a station that the filter leaves, by name; `only`: of these sites and stations."""
    stations = wanted.but_state(in_service(viewer.stations()))
    if wanted.state:
        stations = with_shown_state(stations).filter(shown=wanted.state)
    if only is not None:
        stations = stations.filter(Q(site__in=only) | Q(pk__in=only))
    elsewhere = Q(latitude__isnull=False) | Q(site=None)
    found = [*_sites(viewer, stations.exclude(elsewhere)), *_single(stations.filter(elsewhere))]
    return sorted(found, key=lambda place: (place.name.casefold(), place.url_id))


def _sites(viewer: Viewer, stations: QuerySet[Station]) -> list[Place]:
    counted = _counted(stations, "station__site")
    sites = viewer.sites().filter(pk__in=set(stations.values_list("site", flat=True)))
    rows = sites.values_list("pk", "name", "city", "latitude", "longitude")
    return [
        Place(pk, str(pk), True, name, city, latitude, longitude, *counted.get(pk, (0,) * 5))
        for pk, name, city, latitude, longitude in rows
    ]


def _single(stations: QuerySet[Station]) -> list[Place]:
    rows = stations.values_list("pk", "identity", "name", "site__name", "latitude", "longitude")
    found = list(rows)
    if not found:
        return []
    counted = _counted(stations, "station")
    return [
        Place(pk, identity, False, name or identity, site or "", latitude, longitude, *counted.get(pk, (0,) * 5))
        for pk, identity, name, site, latitude, longitude in found
    ]


def _counted(stations: QuerySet[Station], by: str) -> dict[UUID, tuple[int, ...]]:
    """(total, free, faulted, offline, out of use) of the plugs."""
    rows = (
        Evse.objects.filter(station__in=stations.values("pk"))
        .order_by()
        .values(by)
        .annotate(
            total=Count("pk"),
            free=Count("pk", filter=_FREE),
            faulted=Count("pk", filter=_FAULTED),
            offline=Count("pk", filter=Q(station__online=False)),
            out=Count("pk", filter=_OUT),
        )
    )
    return {row[by]: (row["total"], row["free"], row["faulted"], row["offline"], row["out"]) for row in rows}
