"""A station now: its plugs, what runs there, what can be done about it, what it gets wrong."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from ohmstead.charging.models import Session, SessionState
from ohmstead.network.models import Evse, Station
from ohmstead.web.console.commands import newest_commands
from ohmstead.web.console.simulator import is_simulated, simulator_cards
from ohmstead.web.console.station.page import page
from ohmstead.web.console.station_states import with_plug_state
from ohmstead.web.scope import ConsoleRequest, Viewer, console_view

_COMMANDS = 3


def plugs(viewer: Viewer, station: Station) -> dict[str, Any]:
    """Every EVSE with its connectors and the session that runs there."""
    running = viewer.sessions().filter(station=station, state=SessionState.RUNNING).select_related("token")
    by_evse: dict[int | None, Session] = {session.evse: session for session in running.order_by("started_at")}
    found = with_plug_state(Evse.objects.filter(station=station)).order_by("number").prefetch_related("connectors")
    return {"viewer": viewer, "plugs": [{"evse": evse, "session": by_evse.get(evse.number)} for evse in found]}


def deviations(viewer: Viewer, station: Station) -> dict[str, Any]:
    return {"deviations": list(viewer.deviations().filter(station=station).order_by("-last_at"))}


def lately(viewer: Viewer, station: Station) -> dict[str, Any]:
    """The newest commands with their life."""
    return {"newest_commands": newest_commands(viewer, station, _COMMANDS)}


@console_view()
def now(request: ConsoleRequest, identity: str) -> HttpResponse:
    viewer = request.viewer
    context = page(request, identity, "station")
    found: Station = context["station"]
    context |= plugs(viewer, found) | deviations(viewer, found) | lately(viewer, found)
    context["simulated"] = is_simulated(viewer)
    context["cards"] = simulator_cards(viewer) if context["simulated"] else []
    return render(request, "console/station/now.html", context)
