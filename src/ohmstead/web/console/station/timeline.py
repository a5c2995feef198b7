"""Who did what at a station, and what it told of itself: one line of time."""

from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render

from ohmstead.network.models import Station
from ohmstead.web.console.moments import moment_of
from ohmstead.web.console.station.page import live_url, page
from ohmstead.web.console.timeline import KINDS, timeline
from ohmstead.web.scope import ConsoleRequest, Viewer, console_view

_MOST = 50


def body(viewer: Viewer, station: Station, query: QueryDict) -> dict[str, Any]:
    """The newest moments before the one the query names, of the kind it names."""
    kind = query.get("kind", "")
    kind = kind if kind in KINDS else ""
    found = timeline(viewer, station, kind=kind, before=moment_of(query.get("before", "")), most=_MOST + 1)
    older = found[_MOST - 1].at.isoformat() if len(found) > _MOST else ""
    return {"timeline": found[:_MOST], "kinds": KINDS, "kind": kind, "older": older, "query": query}


@console_view()
def history(request: ConsoleRequest, identity: str) -> HttpResponse:
    context = page(request, identity, "station-timeline")
    station = context["station"]
    context |= body(request.viewer, station, request.GET)
    context["live_url"] = live_url("station-timeline", station.pk, request.GET.urlencode())
    return render(request, "console/station/timeline.html", context)
