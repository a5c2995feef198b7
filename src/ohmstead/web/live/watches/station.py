"""One station."""

from uuid import UUID

from ohmstead.web.console import station
from ohmstead.web.console.timeline import timeline
from ohmstead.web.live.hub import Changes
from ohmstead.web.live.partials import partial
from ohmstead.web.scope import Viewer


class StationWatch:
    """`since` is the newest message the page already shows."""

    pause_s = 0.5
    tick_s = 3600.0

    def __init__(self, viewer: Viewer, station_id: UUID, since: str) -> None:
        self.viewer = viewer
        self.station_id = station_id
        self.position = since

    def everything(self) -> str:
        head = station.head(self.viewer, self.station_id)
        found = head["station"]
        plugs = station.plugs(self.viewer, found) | head
        mends = station.deviations(self.viewer, found) | head
        moments = {"timeline": timeline(self.viewer, found)} | head
        fresh = [line for line in station.log_lines(found, self.position) if line.position > self.position]
        self.position = max([self.position, *(line.position for line in fresh)])
        lines = [partial("station", "line", "log", head | {"line": line}, "afterbegin") for line in reversed(fresh)]
        return "".join(
            [
                partial("station", "head", "station-head", head),
                partial("station", "plugs", "plugs", plugs),
                partial("station", "mends", "mends", mends),
                partial("station", "timeline", "timeline", moments),
                *lines,
            ]
        )

    def after(self, changes: Changes) -> str:
        mine = self.station_id in changes.stations
        if not mine and changes.sessions:
            mine = self.viewer.sessions().filter(station=self.station_id, pk__in=changes.sessions).exists()
        return self.everything() if mine else ""
