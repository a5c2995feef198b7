"""The map: the listed places anew, and for the script those that changed."""

import json
from uuid import UUID

from django.http import QueryDict

from ohmstead.web.console.network_map import LISTED, rows_of
from ohmstead.web.console.places import Place, places
from ohmstead.web.console.stations import StationFilter
from ohmstead.web.live.hub import Changes
from ohmstead.web.live.partials import partial
from ohmstead.web.scope import Viewer


class MapWatch:
    """A place that is new or gone shows with the next reload: nothing jumps under the pointer."""

    pause_s = 1.0
    tick_s = 3600.0
    position = ""

    def __init__(self, viewer: Viewer, query: QueryDict) -> None:
        self.viewer = viewer
        self.wanted = StationFilter.of(query)
        self.listed = {place.id for place in places(viewer, self.wanted)[:LISTED]}
        self.turn = 0

    def everything(self) -> str:
        return self._said(places(self.viewer, self.wanted))

    def after(self, changes: Changes) -> str:
        if not changes.stations:
            return ""
        of_stations = self.viewer.stations().filter(pk__in=changes.stations).values_list("pk", "site")
        concerned: set[UUID] = {key for pair in of_stations for key in pair if key is not None}
        return self._said(places(self.viewer, self.wanted, only=concerned))

    def _said(self, found: list[Place]) -> str:
        self.turn += 1
        listed = [place for place in found if place.id in self.listed]
        items = "".join(partial("map", "place", f"place-{place.id}", {"place": place}) for place in listed)
        news = {"turn": self.turn, "places": json.dumps(rows_of(found))}
        return items + partial("map", "news", "map-news", news)
