"""The overview: how the network is doing now; every number leads to the list behind it."""

from collections.abc import Mapping
from datetime import timedelta
from heapq import nlargest
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Exists, OuterRef, Sum, Value, When
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from ohmstead.web.console import inbox, system
from ohmstead.web.console.address import ocpp_addresses
from ohmstead.web.console.network_map import settings_of_map
from ohmstead.web.console.power_curve import curve
from ohmstead.web.console.site_states import Running, running_by_site, site_lines
from ohmstead.web.console.station_states import counts_by_state, free_and_total, in_service, in_state, with_shown_state
from ohmstead.web.scope import ConsoleRequest, Viewer, console_view

_ATTENTION = 8
_DEVIATIONS = 6
_SITES = 20


def tiles(viewer: Viewer, running: Mapping[UUID | None, Running]) -> dict[str, Any]:
    """The numbers on top; the same for page and live update."""
    day_ago = timezone.now() - timedelta(hours=24)
    day = viewer.sessions().filter(started_at__gte=day_ago).aggregate(number=Count("pk"), energy_wh=Sum("energy_wh"))
    return {
        "running": sum(of_site.number for of_site in running.values()),
        "power_w": sum(of_site.power_w for of_site in running.values()),
        "day_sessions": day["number"],
        "day_energy_wh": day["energy_wh"] or 0,
        "plugs": free_and_total(viewer.standings()),
    }


def states(viewer: Viewer) -> dict[str, Any]:
    counts = counts_by_state(viewer.standings())
    total = sum(counts.values())
    shares = {state: number for state, number in counts.items() if number}
    return {"shares": shares, "total": total, "online": total - counts["offline"]}


def attention(viewer: Viewer) -> dict[str, Any]:
    """Stations a person should look at, the longest trouble first."""
    troubled = in_state(in_service(viewer.stations()), "faulted", "offline").order_by("last_seen_at", "identity")
    longest = list(troubled.values_list("pk", flat=True)[: _ATTENTION + 1])
    rows = with_shown_state(viewer.stations().filter(pk__in=longest)).select_related("site")
    found = list(rows.order_by("last_seen_at", "identity"))
    return {"attention": found[:_ATTENTION], "more_attention": len(found) > _ATTENTION}


def sites(viewer: Viewer, running: Mapping[UUID | None, Running]) -> dict[str, Any]:
    """Of many sites those that give the most power now; by name."""
    busiest = nlargest(_SITES, filter(None, running), key=lambda site: running[site].power_w)
    with_plugs = viewer.sites().filter(Exists(viewer.standings().filter(site_id=OuterRef("pk"), plugs__gt=0)))
    busy_first = Case(When(pk__in=busiest, then=Value(0)), default=Value(1))
    shown = sorted(with_plugs.order_by(busy_first, "name")[:_SITES], key=lambda site: site.name)
    return {"site_lines": [line for line in site_lines(viewer, shown, running) if line.plugs]}


def newest_deviations(viewer: Viewer) -> dict[str, Any]:
    found = viewer.deviations().select_related("station__site").order_by("-last_at")
    return {"deviations": list(found[:_DEVIATIONS])}


def parts(viewer: Viewer) -> dict[str, dict[str, Any]]:
    """What each partial of the page shows, by its name."""
    running = running_by_site(viewer)
    return {
        "tiles": tiles(viewer, running),
        "states": states(viewer),
        "attention": attention(viewer),
        "sites": sites(viewer, running),
        "deviations": newest_deviations(viewer),
        "system": system.health(viewer),
    }


@console_view()
def overview(request: ConsoleRequest) -> HttpResponse:
    context: dict[str, Any] = {"here": "overview", "live_url": "/console/live/overview"}
    for shown in parts(request.viewer).values():
        context |= shown
    context |= curve(request.viewer)
    if request.viewer.sites().exclude(latitude=None).exists():
        context["map"] = settings_of_map(request.viewer, "/console/map/data.json")
    if not context["total"]:
        context |= {"ocpp_addresses": ocpp_addresses(request), "live_url": "/console/live/inbox?shown="}
        context |= inbox.refusals(request.viewer)
    return render(request, "console/overview.html", context)
