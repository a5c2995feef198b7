"""What each page of the console shows live: which partials, made from which queries."""

import time
from collections.abc import Callable
from typing import Final, Protocol
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import get_language

from ohmstead.web.console import health, inbox, overview, session, sessions, station, stations
from ohmstead.web.console.paging import page_of
from ohmstead.web.console.station_states import counts_by_state, in_service
from ohmstead.web.console.stations import uuid_of
from ohmstead.web.console.timeline import timeline
from ohmstead.web.live.hub import Changes
from ohmstead.web.live.partials import partial
from ohmstead.web.live.shared import Shared
from ohmstead.web.scope import Viewer


class Watch(Protocol):
    """`pause_s`: least time between two updates; `tick_s`: an update at least this often, whatever happens."""

    pause_s: float
    tick_s: float
    position: str

    def everything(self) -> str: ...

    def after(self, changes: Changes) -> str: ...


CURVE_S: Final = 60.0
_overviews: Final = Shared(fresh_s=1.5)  # everybody of an organisation sees the same one


class OverviewWatch:
    pause_s = 2.0
    tick_s = 10.0
    position = ""

    def __init__(self, viewer: Viewer) -> None:
        self.viewer = viewer

        self.curve_at = 0.0

    def everything(self) -> str:
        key = f"{self.viewer.organisation.pk} {get_language()}"
        return self._curve() + _overviews.get(key, self._parts)

    def _parts(self) -> str:
        parts = overview.PARTS.items()
        return "".join(partial("overview", name, name, make(self.viewer)) for name, make in parts)

    def _curve(self) -> str:
        """Once a minute: a quarter of an hour does not change faster."""
        if time.monotonic() - self.curve_at < CURVE_S and self.curve_at:
            return ""
        self.curve_at = time.monotonic()
        return partial("overview", "curve", "curve", overview.curve(self.viewer))

    def after(self, changes: Changes) -> str:
        if changes:
            return self.everything()
        return partial("overview", "system", "system", overview.PARTS["system"](self.viewer))


class StationsWatch:
    """The rows the page was given, wherever they would sort to now: rows do not jump under the pointer."""

    pause_s = 1.0
    tick_s = 3600.0
    position = ""

    def __init__(self, viewer: Viewer, query: QueryDict) -> None:
        self.viewer = viewer
        self.query = query
        self.wanted = stations.StationFilter.of(query)
        self.ids = {row.pk for row in page_of(stations.listed(viewer, self.wanted), query).rows}

    def everything(self) -> str:
        return self._chips() + self._rows(self.ids)

    def after(self, changes: Changes) -> str:
        return self._chips() + self._rows(self.ids & changes.stations) if changes.stations else ""

    def _rows(self, ids: set[UUID]) -> str:
        rows = stations.rows(self.viewer).filter(pk__in=ids)
        return "".join(partial("stations", "row", f"station-{row.pk}", {"station": row}) for row in rows)

    def _chips(self) -> str:
        counts = counts_by_state(self.wanted.but_state(in_service(self.viewer.stations())))
        context = {"wanted": self.wanted, "query": self.query, "counts": counts, "total": sum(counts.values())}
        return partial("stations", "states", "state-chips", context)


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


class SessionsWatch:
    """As for stations: the rows the page was given."""

    pause_s = 1.0
    tick_s = 3600.0
    position = ""

    def __init__(self, viewer: Viewer, query: QueryDict) -> None:
        self.viewer = viewer
        wanted = sessions.SessionFilter.of(query)
        self.ids = {row.pk for row in page_of(sessions.listed(viewer, wanted), query).rows}

    def everything(self) -> str:
        return self._rows(self.ids)

    def after(self, changes: Changes) -> str:
        return self._rows(self.ids & changes.sessions)

    def _rows(self, ids: set[UUID]) -> str:
        rows = sessions.rows(self.viewer).filter(pk__in=ids) if ids else ()
        return "".join(partial("sessions", "row", f"session-{row.pk}", {"session": row}) for row in rows)


class SessionWatch:
    pause_s = 2.0
    tick_s = 3600.0
    position = ""

    def __init__(self, viewer: Viewer, session_id: UUID) -> None:
        self.viewer = viewer
        self.session_id = session_id

    def everything(self) -> str:
        return partial("session", "body", "session-body", session.body(self.viewer, self.session_id))

    def after(self, changes: Changes) -> str:
        return self.everything() if self.session_id in changes.sessions else ""


class InboxWatch:
    """The list has forms in it, so it is not replaced under a person's hands: a line says that it changed."""

    pause_s = 2.0
    tick_s = 10.0
    position = ""

    def __init__(self, viewer: Viewer, shown: str) -> None:
        self.viewer = viewer
        self.shown = {text for text in shown.split(",") if text}

    def everything(self) -> str:
        now = {str(row.pk) for row in inbox.waiting(self.viewer)["pending"]}
        news = partial("inbox", "news", "inbox-news", {"news": now != self.shown})
        return news + partial("inbox", "refusals", "refusals", inbox.refusals(self.viewer))

    def after(self, changes: Changes) -> str:
        return self.everything()


class HealthWatch:
    pause_s = 2.0
    tick_s = 5.0
    position = ""

    def __init__(self, viewer: Viewer) -> None:
        self.viewer = viewer

    def everything(self) -> str:
        return partial("health", "body", "health-body", health.body(self.viewer))

    def after(self, changes: Changes) -> str:
        return self.everything()


def watch_for(viewer: Viewer, page: str, key: str, query: QueryDict, position: str = "") -> Watch | None:
    """None when there is no such page, or not for this viewer. `position`: up to where the browser has seen it."""
    lists: dict[str, Callable[[], Watch]] = {
        "overview": lambda: OverviewWatch(viewer),
        "stations": lambda: StationsWatch(viewer, query),
        "sessions": lambda: SessionsWatch(viewer, query),
        "inbox": lambda: InboxWatch(viewer, query.get("shown", "")),
        "health": lambda: HealthWatch(viewer),
    }
    if page in lists and not key:
        return lists[page]()
    thing = uuid_of(key)
    if page == "station" and thing and viewer.stations().filter(pk=thing).exists():
        return StationWatch(viewer, thing, position or query.get("since", ""))
    if page == "session" and thing and viewer.sessions().filter(pk=thing).exists():
        return SessionWatch(viewer, thing)
    return None
