"""The list of stations; the filter is the URL."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from ohmstead.access.rights import Right
from ohmstead.charging.models import Standing
from ohmstead.network.models import Evse
from ohmstead.network.queries import called
from ohmstead.web.console.address import ocpp_addresses
from ohmstead.web.console.paging import Page, page_of
from ohmstead.web.console.station_states import (
    SHOWN_STATES,
    counts_by_state,
    in_service,
    in_state,
    standings,
    with_plug_state,
    with_shown_state,
)
from ohmstead.web.console.words import DIALECTS
from ohmstead.web.saved_filters import saved_filters
from ohmstead.web.scope import ConsoleRequest, Viewer, console_view

COLUMNS = {
    "plugs": _("Plugs"),
    "site": _("Site"),
    "model": _("Model and firmware"),
    "dialect": _("Protocol"),
    "seen": _("Last seen"),
}
_SORTS = {"": ("site__name", "identity"), "seen": ("last_seen_at", "identity"), "identity": ("identity",)}


@dataclass(frozen=True, slots=True)
class StationFilter:
    """What the query string asks for; values it does not know are ignored."""

    search: str = ""
    state: str = ""
    site: str = ""
    dialect: str = ""
    sort: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> "StationFilter":
        state, dialect, sort = query.get("state", ""), query.get("dialect", ""), query.get("sort", "")
        return cls(
            search=query.get("q", "").replace("\0", "").strip()[:80],
            state=state if state in SHOWN_STATES else "",
            site=query.get("site", "")[:36],
            dialect=dialect if dialect in DIALECTS else "",
            sort=sort if sort in _SORTS else "",
        )

    def standings(self, viewer: Viewer) -> QuerySet[Standing]:
        """Of those that all but the state leaves; without a filter no station itself is read."""
        if self.search or self.dialect:
            return standings(self.but_state(in_service(viewer.stations())))
        found = viewer.standings()
        return found.filter(site_id=uuid_of(self.site) or NOBODY) if self.site else found

    @property
    def narrows(self) -> bool:
        return bool(self.search or self.state or self.site or self.dialect)

    def but_state(self, stations: QuerySet[Any]) -> QuerySet[Any]:
        if self.search:
            stations = stations.filter(called(self.search))
        if self.site:
            stations = stations.filter(site=uuid_of(self.site) or NOBODY)
        if self.dialect:
            stations = stations.filter(dialect=self.dialect)
        return stations


NOBODY = UUID(int=0)  # what a text that is no id is compared with


def uuid_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def rows(viewer: Viewer) -> QuerySet[Any]:
    """Stations as the row partial needs them."""
    plugs = Prefetch("evses", with_plug_state(Evse.objects.order_by("number")))
    return with_shown_state(in_service(viewer.stations())).select_related("site").prefetch_related(plugs)


def listed(viewer: Viewer, wanted: StationFilter) -> QuerySet[Any]:
    return _sorted(rows(viewer), wanted)


def listed_bare(viewer: Viewer, wanted: StationFilter) -> QuerySet[Any]:
    """The same stations in the same order, without what a row shows."""
    return _sorted(in_service(viewer.stations()), wanted)


def page(viewer: Viewer, wanted: StationFilter, query: QueryDict) -> Page:
    return page_of(listed_bare(viewer, wanted), query, whole=rows(viewer))


def _sorted(found: QuerySet[Any], wanted: StationFilter) -> QuerySet[Any]:
    found = wanted.but_state(found)
    if wanted.state:
        found = in_state(found, wanted.state)
    return found.order_by(*_SORTS[wanted.sort])


@console_view()
def stations(request: ConsoleRequest) -> HttpResponse:
    viewer, wanted = request.viewer, StationFilter.of(request.GET)
    counts = counts_by_state(wanted.standings(viewer))
    return render(
        request,
        "console/stations.html",
        {
            "here": "stations",
            "may_ask": viewer.has(Right.OPERATE),
            "wanted": wanted,
            "query": request.GET,
            "counts": counts,
            "total": sum(counts.values()),
            "sites": viewer.site_choices(),
            "dialects": DIALECTS,
            "saved": list(saved_filters(viewer, "stations")),
            "columns": COLUMNS.items(),
            "hidden": [name for name in request.GET.getlist("hide") if name in COLUMNS],
            "ocpp_addresses": ocpp_addresses(request),
            "page": page(viewer, wanted, request.GET),
            "live_url": f"/console/live/stations?{request.GET.urlencode()}",
        },
    )
