"""One station: its plugs now, what it says, what it gets wrong and what we do about it."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from ohmstead.charging.models import Session, SessionState
from ohmstead.journal import reader
from ohmstead.network.models import Evse, Station
from ohmstead.web.console.journal import journal_connection
from ohmstead.web.console.messages import Line, line_of
from ohmstead.web.console.simulator import is_simulated, simulator_cards
from ohmstead.web.console.station_states import with_plug_state, with_shown_state
from ohmstead.web.console.timeline import timeline
from ohmstead.web.scope import ConsoleRequest, Viewer, console_view

LOG_LINES = 40
_CLOCKS_DIFFER = timedelta(hours=1)  # of the gateway that dates messages, and of the desk that made the row


def head(viewer: Viewer, station_id: UUID) -> dict[str, Any]:
    station = with_shown_state(viewer.stations()).select_related("site").get(pk=station_id)
    return {"station": station}


def plugs(viewer: Viewer, station: Station) -> dict[str, Any]:
    """Every EVSE with its connectors and the session that runs there."""
    running = viewer.sessions().filter(station=station, state=SessionState.RUNNING).select_related("token")
    by_evse: dict[int | None, Session] = {session.evse: session for session in running.order_by("started_at")}
    found = with_plug_state(Evse.objects.filter(station=station)).order_by("number").prefetch_related("connectors")
    return {"plugs": [{"evse": evse, "session": by_evse.get(evse.number)} for evse in found]}


def deviations(viewer: Viewer, station: Station) -> dict[str, Any]:
    return {"deviations": list(viewer.deviations().filter(station=station).order_by("-last_at"))}


def log_lines(station: Station, position: str = "") -> list[Line]:
    """The newest messages of the station's line, newest first, from `position` on (messages.Line)."""
    since = _moment(position) or station.created_at - _CLOCKS_DIFFER
    with journal_connection() as connection:
        return [line_of(entry) for entry in reader.station_log(connection, station.pk, limit=LOG_LINES, since=since)]


def _moment(position: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(position)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


@console_view()
def station(request: ConsoleRequest, identity: str) -> HttpResponse:
    viewer = request.viewer
    context = head(viewer, viewer.station(identity).pk)
    found: Station = context["station"]
    context |= plugs(viewer, found)
    context |= deviations(viewer, found)
    log = log_lines(found)
    context |= {
        "here": "stations",
        "live_url": f"/console/live/station/{found.pk}?{urlencode({'since': log[0].position if log else ''})}",
        "log": log,
        "simulated": (simulated := is_simulated(viewer)),
        "cards": simulator_cards(viewer) if simulated else [],
        "timeline": timeline(viewer, found),
        "newest_sessions": list(viewer.sessions().filter(station=found).order_by("-started_at")[:5]),
    }
    return render(request, "console/station.html", context)
