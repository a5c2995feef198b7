"""The list of stations."""

from uuid import UUID

from django.http import QueryDict

from ohmstead.access.rights import Right
from ohmstead.web.console import stations
from ohmstead.web.console.paging import page_of
from ohmstead.web.console.station_states import counts_by_state, in_service
from ohmstead.web.live.hub import Changes
from ohmstead.web.live.partials import partial
from ohmstead.web.scope import Viewer


class StationsWatch:
    """The rows the page was given, wherever they would sort to now: rows do not jump under the pointer."""

    pause_s = 1.0
    tick_s = 3600.0
    position = ""

    def __init__(self, viewer: Viewer, query: QueryDict) -> None:
        self.viewer = viewer
        self.query = query
        self.wanted = stations.StationFilter.of(query)
        found = stations.listed(viewer, self.wanted)
        self.ids = {row.pk for row in page_of(found, query).rows}
        self.known = set(found.values_list("pk", flat=True))
        self.fresh: set[UUID] = set()

    def everything(self) -> str:
        return self._chips() + self._rows(self.ids)

    def after(self, changes: Changes) -> str:
        if not changes.stations:
            return ""
        return self._chips() + self._rows(self.ids & changes.stations) + self._newcomers(changes.stations)

    def _newcomers(self, changed: set[UUID]) -> str:
        """Stations that fit the filter now and did not when the page was made: counted, not pushed in."""
        candidates = changed - self.known
        if not candidates and not self.fresh:
            return ""
        before = len(self.fresh)
        fitting = stations.listed(self.viewer, self.wanted).filter(pk__in=candidates | self.fresh)
        self.fresh = set(fitting.values_list("pk", flat=True))
        if not before and not self.fresh:
            return ""
        context = {"fresh": len(self.fresh), "address": f"/console/stations?{self.query.urlencode()}"}
        return partial("stations", "fresh", "fresh", context)

    def _rows(self, ids: set[UUID]) -> str:
        rows = stations.rows(self.viewer).filter(pk__in=ids)
        return "".join(
            partial("stations", "row", f"station-{row.pk}", {"station": row, "may_ask": self.viewer.has(Right.OPERATE)})
            for row in rows
        )

    def _chips(self) -> str:
        counts = counts_by_state(self.wanted.but_state(in_service(self.viewer.stations())))
        context = {"wanted": self.wanted, "query": self.query, "counts": counts, "total": sum(counts.values())}
        return partial("stations", "states", "state-chips", context)
