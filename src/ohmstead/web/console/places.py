"""Places on the map: sites, and stations that stand elsewhere, each with its plugs counted in a few statements."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet

from ohmstead.charging.models import Standing
from ohmstead.web.console.station_states import PLUG_SUMS, SHOWN_STATES
from ohmstead.web.console.stations import StationFilter
from ohmstead.web.scope import Viewer

_FEW: Final = 100  # sites that are asked for one by one
_SUMS: Final = {name: PLUG_SUMS[name] for name in ("total", "free", "faulted", "offline", "out")}
_KEYS: Final = ("site_id", *_SUMS)


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
    standings = wanted.standings(viewer)
    if wanted.state:
        standings = standings.filter(shown=SHOWN_STATES.index(wanted.state))
    if only is not None:
        standings = standings.filter(Q(site_id__in=only) | Q(pk__in=only))
    found = [*_sites(viewer, standings.filter(apart=False)), *_single(standings.filter(apart=True))]
    return sorted(found, key=lambda place: (place.name.casefold(), place.url_id))


def _sites(viewer: Viewer, standings: QuerySet[Standing]) -> list[Place]:
    sums = {pk: counts for pk, *counts in standings.order_by().values("site_id").annotate(**_SUMS).values_list(*_KEYS)}
    rows = viewer.sites().values_list("pk", "name", "city", "latitude", "longitude")
    if len(sums) <= _FEW:
        rows = rows.filter(pk__in=sums)
    return [
        Place(pk, str(pk), True, name, city, latitude, longitude, *sums[pk])
        for pk, name, city, latitude, longitude in rows
        if pk in sums
    ]


def _single(standings: QuerySet[Standing]) -> list[Place]:
    place = [f"station__{name}" for name in ("identity", "name", "site__name", "latitude", "longitude")]
    names = list(_SUMS)
    rows = standings.order_by().values("pk").annotate(**_SUMS).values_list("pk", *place, *names)
    return [
        Place(pk, identity, False, name or identity, site or "", latitude, longitude, *counts)
        for pk, identity, name, site, latitude, longitude, *counts in rows
    ]
