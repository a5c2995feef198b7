"""The list of stations."""

from typing import Final
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import get_language

from ohmstead.access.rights import Right
from ohmstead.web.console import stations
from ohmstead.web.console.paging import page_of
from ohmstead.web.console.station_states import counts_by_state
from ohmstead.web.live.hub import BEAT_S, Changes
from ohmstead.web.live.partials import partial
from ohmstead.web.live.shared import Shared, of_one_turn
from ohmstead.web.scope import Viewer

_shared: Final = Shared(fresh_s=5.0)


class StationsWatch:
    """The rows the page was given, wherever they would sort to now: rows do not jump under the pointer."""

    pause_s = BEAT_S
    tick_s = 3600.0
    position = ""

    def __init__(self, viewer: Viewer, query: QueryDict) -> None:
        self.viewer = viewer
        self.query = query
        self.wanted = stations.StationFilter.of(query)
        found = stations.listed_bare(viewer, self.wanted)
        self.ids = {row.pk for row in page_of(found, query).rows}
        self.known = set(found.values_list("pk", flat=True))
        self.fresh: set[UUID] = set()
        self.chips = ""

    def everything(self) -> str:
        return self._chips() + self._rows(self.ids)

    def after(self, changes: Changes) -> str:
        if not changes.stations:
            return ""
        return self._new_chips(changes) + self._changed_rows(changes) + self._newcomers(changes.stations)

    def _new_chips(self, changes: Changes) -> str:
        """Nothing when the numbers are what they were."""
        key = ("chips", self.viewer.organisation.pk, get_language(), self.query.urlencode())
        before, self.chips = self.chips, of_one_turn(_shared, changes.turn, key, self._chips)
        return self.chips if self.chips != before else ""

    def _changed_rows(self, changes: Changes) -> str:
        ids = self.ids & changes.stations
        if not ids:
            return ""
        may_ask = self.viewer.has(Right.OPERATE)
        key = ("rows", self.viewer.organisation.pk, get_language(), may_ask, *sorted(ids))
        return of_one_turn(_shared, changes.turn, key, lambda: self._rows(ids))

    def _newcomers(self, changed: set[UUID]) -> str:
        """Stations that fit the filter now and did not when the page was made: counted, not pushed in."""
        candidates = changed - self.known
        if not candidates and not self.fresh:
            return ""
        before = len(self.fresh)
        fitting = stations.listed_bare(self.viewer, self.wanted).filter(pk__in=candidates | self.fresh)
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
        counts = counts_by_state(self.wanted.standings(self.viewer))
        context = {"wanted": self.wanted, "query": self.query, "counts": counts, "total": sum(counts.values())}
        return partial("stations", "states", "state-chips", context)
