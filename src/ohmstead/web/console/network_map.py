"""The map with its list beside it: one filter for both, in the URL; the list is enough by itself."""

import json
from typing import Any, Final

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from ohmstead.web.basemap.source import basemap
from ohmstead.web.console.places import Place, places
from ohmstead.web.console.simulator import is_simulated
from ohmstead.web.console.station_states import SHOWN_STATES
from ohmstead.web.console.stations import StationFilter
from ohmstead.web.console.words import DIALECTS
from ohmstead.web.scope import ConsoleRequest, Viewer, console_view

LISTED: Final = 100


@console_view()
def network_map(request: ConsoleRequest) -> HttpResponse:
    viewer, wanted = request.viewer, StationFilter.of(request.GET)
    found = places(viewer, wanted)
    context = {
        "here": "map",
        "wanted": wanted,
        "query": request.GET,
        "states": SHOWN_STATES,
        "dialects": DIALECTS,
        "sites": viewer.site_choices(),
        "places": found[:LISTED],
        "number": len(found),
        "unplaced": sum(not place.on_map for place in found),
        "live_url": f"/console/live/map?{request.GET.urlencode()}",
        "map": settings_of_map(viewer, f"/console/map/data.json?{request.GET.urlencode()}"),
    }
    return render(request, "console/map.html", context)


@console_view()
def data(request: ConsoleRequest) -> HttpResponse:
    found = places(request.viewer, StationFilter.of(request.GET))
    return JsonResponse({"places": rows_of(found)}, headers={"Cache-Control": "no-store"})


def rows_of(found: list[Place]) -> list[list[Any]]:
    return [place.as_row() for place in found if place.on_map]


def settings_of_map(viewer: Viewer, url: str, at: tuple[float, float] | None = None) -> str:
    """What the script needs to know, as JSON for an attribute; `at` is longitude, latitude of a single place."""
    ground = basemap()
    return json.dumps(
        {
            "data": url,
            "tiles": ground.url,
            "kind": ground.kind,
            "zoomMax": ground.zoom_max,
            "credit": ground.credit,
            "town": "/static/demo/town.json" if is_simulated(viewer) else "",
            "at": at,
            "words": {
                "free": _("free"),
                "of": _("of"),
                "noMap": _("This browser cannot draw the map. The list shows the same."),
            },
        }
    )
