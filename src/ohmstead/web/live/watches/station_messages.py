"""The message log: what is new since the page was made goes on top, an answer takes the place of its request."""

from typing import Any, Final
from uuid import UUID

from django.http import QueryDict

from ohmstead.network.models import Station
from ohmstead.web.console import message_log
from ohmstead.web.console.message_log import MessageFilter
from ohmstead.web.console.messages import Line
from ohmstead.web.console.moments import moment_of
from ohmstead.web.console.station.page import head
from ohmstead.web.live.partials import partial
from ohmstead.web.live.watches.station import StationWatch
from ohmstead.web.scope import Viewer

_MOST_ON_TOP: Final = 300  # then the log begins anew, or a page left open for a day would hold every message of it
_TEMPLATE: Final = "station/messages"


class MessagesWatch(StationWatch):
    """`seen` is the newest message the page shows; a paused page is only told how many came since."""

    def __init__(self, viewer: Viewer, station_id: UUID, query: QueryDict, position: str = "") -> None:
        super().__init__(viewer, station_id, query, position)
        self.zone = head(viewer, station_id)["zone"]
        self.wanted = MessageFilter.of(query, self.zone)
        self.paused = query.get("paused") == "1"
        self.position = query.get("seen", "") if self.paused else position or query.get("seen", "")
        self.waiting: set[str] | None = None
        self.on_top = 0

    def tab(self, station: Station, context: dict[str, Any]) -> str:
        if self.paused:
            return self._news(station)
        if self.waiting is None:
            shown = message_log.read(station, self.wanted).lines
            self.waiting = {line.key for line in shown if line.waits and line.position <= self.position}
        fresh = self._fresh(station)
        self.position = max([self.position, *(line.position for line in fresh)])
        self.on_top += len(fresh)
        if self.on_top > _MOST_ON_TOP:
            return self._anew(station)
        return "".join(self._pushed(line) for line in reversed(fresh))

    def _fresh(self, station: Station) -> list[Line]:
        found = message_log.read(station, self.wanted, since=moment_of(self.position)).lines
        return [line for line in found if line.position > self.position]

    def _pushed(self, line: Line) -> str:
        assert self.waiting is not None
        context = {"line": line, "zone": self.zone}
        if line.waits:
            self.waiting.add(line.key)
        elif line.key in self.waiting:
            self.waiting.discard(line.key)
            return partial(_TEMPLATE, "line", f"line-{line.key}", context)
        return partial(_TEMPLATE, "line", "log", context, "afterbegin")

    def _anew(self, station: Station) -> str:
        found = message_log.read(station, self.wanted).lines
        self.waiting, self.on_top = {line.key for line in found if line.waits}, 0
        return partial(_TEMPLATE, "lines", "log", {"log": found, "zone": self.zone}, "innerHTML")

    def _news(self, station: Station) -> str:
        return partial(_TEMPLATE, "news", "log-news", {"news": len(self._fresh(station)), "query": self.query})
