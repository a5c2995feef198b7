"""One station, tab by tab; the line above the tabs is live on each."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.http import QueryDict

from ohmstead.network.models import Station
from ohmstead.web.console import commands, sessions
from ohmstead.web.console.paging import page_of
from ohmstead.web.console.station import certificates, configuration, firmware, now, timeline
from ohmstead.web.console.station.page import head
from ohmstead.web.live.hub import Changes
from ohmstead.web.live.partials import partial
from ohmstead.web.scope import Viewer


class StationWatch(ABC):
    """Of every tab: pushed when the station, or a session there, changed."""

    pause_s = 0.5
    tick_s = 3600.0
    position = ""

    def __init__(self, viewer: Viewer, station_id: UUID, query: QueryDict, position: str = "") -> None:
        self.viewer = viewer
        self.station_id = station_id
        self.query = query

    def everything(self) -> str:
        context = head(self.viewer, self.station_id)
        return partial("station/frame", "head", "station-head", context) + self.tab(context["station"], context)

    @abstractmethod
    def tab(self, station: Station, context: dict[str, Any]) -> str: ...

    def after(self, changes: Changes) -> str:
        mine = self.station_id in changes.stations
        if not mine and changes.sessions:
            mine = self.viewer.sessions().filter(station=self.station_id, pk__in=changes.sessions).exists()
        if not mine and changes.commands:
            mine = self.viewer.commands().filter(station=self.station_id, pk__in=changes.commands).exists()
        return self.everything() if mine else ""


class NowWatch(StationWatch):
    def tab(self, station: Station, context: dict[str, Any]) -> str:
        return "".join(
            [
                partial("station/now", "plugs", "plugs", context | now.plugs(self.viewer, station)),
                partial("station/now", "lately", "lately", context | now.lately(self.viewer, station)),
                partial("station/now", "mends", "mends", context | now.deviations(self.viewer, station)),
            ]
        )


class TimelineWatch(StationWatch):
    """Only its newest page changes."""

    pause_s = 1.0

    def tab(self, station: Station, context: dict[str, Any]) -> str:
        if self.query.get("before"):
            return ""
        moments = timeline.body(self.viewer, station, self.query)
        return partial("station/timeline", "moments", "moments", context | moments)


class CertificatesWatch(StationWatch):
    pause_s = 1.0

    def tab(self, station: Station, context: dict[str, Any]) -> str:
        context = context | certificates.body(self.viewer, station)
        parts = {"list": "certificates", "trusted_list": "trusted"}
        return "".join(partial("station/certificates", name, target, context) for name, target in parts.items())


class ConfigurationWatch(StationWatch):
    pause_s = 2.0

    def tab(self, station: Station, context: dict[str, Any]) -> str:
        context = context | configuration.body(station, self.query) | {"viewer": self.viewer}
        parts = {"drift": "drift", "values": "values"}
        return "".join(partial("station/configuration", name, target, context) for name, target in parts.items())


class FirmwareWatch(StationWatch):
    pause_s = 1.0

    def tab(self, station: Station, context: dict[str, Any]) -> str:
        context = context | firmware.body(station) | {"viewer": self.viewer}
        parts = {"running": "running", "updates": "updates", "files": "files"}
        return "".join(partial("station/firmware", name, target, context) for name, target in parts.items())


class RowsWatch(StationWatch):
    """A tab with a list: the rows the page was given, wherever they would sort to now."""

    pause_s = 1.0

    def __init__(self, viewer: Viewer, station_id: UUID, query: QueryDict, position: str = "") -> None:
        super().__init__(viewer, station_id, query, position)
        self.ids = [row.pk for row in page_of(self.listed(), query).rows]

    @abstractmethod
    def listed(self) -> Any: ...


class StationSessionsWatch(RowsWatch):
    def listed(self) -> Any:
        wanted = sessions.SessionFilter.of(self.query)
        return sessions.listed(self.viewer, wanted).filter(station=self.station_id)

    def tab(self, station: Station, context: dict[str, Any]) -> str:
        rows = sessions.rows(self.viewer.sessions().filter(pk__in=self.ids))
        return "".join(partial("parts/session_rows", "row", f"session-{row.pk}", {"session": row}) for row in rows)


class StationCommandsWatch(RowsWatch):
    def listed(self) -> Any:
        wanted = commands.CommandFilter.of(self.query)
        return wanted.applied(commands.rows(self.viewer).filter(station=self.station_id))

    def tab(self, station: Station, context: dict[str, Any]) -> str:
        rows = commands.rows(self.viewer).filter(pk__in=self.ids)
        shown = {"one_station": True}
        return "".join(partial("parts/command_rows", "row", f"command-{row.pk}", shown | {"row": row}) for row in rows)


TABS: Final[dict[str, Callable[[Viewer, UUID, QueryDict, str], StationWatch]]] = {
    "station": NowWatch,
    "station-sessions": StationSessionsWatch,
    "station-commands": StationCommandsWatch,
    "station-configuration": ConfigurationWatch,
    "station-firmware": FirmwareWatch,
    "station-certificates": CertificatesWatch,
    "station-timeline": TimelineWatch,
}
