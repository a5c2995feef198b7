"""The sessions of one station."""

from django.http import HttpResponse
from django.shortcuts import render

from ohmstead.web.console import sessions as every_session
from ohmstead.web.console.paging import page_of
from ohmstead.web.console.station.page import live_url, page
from ohmstead.web.scope import ConsoleRequest, console_view


@console_view()
def sessions(request: ConsoleRequest, identity: str) -> HttpResponse:
    context = page(request, identity, "station-sessions")
    station = context["station"]
    wanted = every_session.SessionFilter.of(request.GET)
    found = every_session.listed(request.viewer, wanted).filter(station=station)
    context |= {
        "wanted": wanted,
        "query": request.GET,
        "states": every_session.STATES,
        "page": page_of(found, request.GET),
        "live_url": live_url("station-sessions", station.pk, request.GET.urlencode()),
    }
    return render(request, "console/station/sessions.html", context)
