"""The overview: how the network is doing now; every number leads to the list behind it."""

from datetime import timedelta
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Sum, Value, When
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from ohmstead.charging.models import SessionState
from ohmstead.web.console import inbox, system
from ohmstead.web.console.address import ocpp_addresses
from ohmstead.web.console.network_map import settings_of_map
from ohmstead.web.console.power_curve import curve
from ohmstead.web.console.site_states import site_lines
from ohmstead.web.console.station_states import counts_by_state, free_and_total, in_service, with_shown_state
from ohmstead.web.scope import ConsoleRequest, Viewer, console_view

_ATTENTION = 8
_DEVIATIONS = 6
_SITES = 20


def tiles(viewer: Viewer) -> dict[str, Any]:
    """The numbers on top; the same for page and live update."""
    day_ago = timezone.now() - timedelta(hours=24)
    running = viewer.sessions().filter(state=SessionState.RUNNING).aggregate(number=Count("pk"), power_w=Sum("power_w"))
    day = viewer.sessions().filter(started_at__gte=day_ago).aggregate(number=Count("pk"), energy_wh=Sum("energy_wh"))
    return {
        "running": running["number"],
        "power_w": running["power_w"] or 0,
        "day_sessions": day["number"],
        "day_energy_wh": day["energy_wh"] or 0,
        "plugs": free_and_total(viewer.evses()),
    }


def states(viewer: Viewer) -> dict[str, Any]:
    counts = counts_by_state(in_service(viewer.stations()))
    total = sum(counts.values())
    shares = {state: number for state, number in counts.items() if number}
    return {"shares": shares, "total": total, "online": total - counts["offline"]}


def attention(viewer: Viewer) -> dict[str, Any]:
    """Stations a person should look at, the longest trouble first."""
    troubled = with_shown_state(in_service(viewer.stations())).filter(shown__in=["faulted", "offline"])
    found = list(troubled.select_related("site").order_by("last_seen_at", "identity")[: _ATTENTION + 1])
    return {"attention": found[:_ATTENTION], "more_attention": len(found) > _ATTENTION}


def sites(viewer: Viewer) -> dict[str, Any]:
    """Of many sites those that give the most power now; by name."""
    running = viewer.sessions().filter(state=SessionState.RUNNING, station__site__isnull=False).order_by()
    powers = running.values_list("station__site").annotate(power_w=Coalesce(Sum("power_w"), 0.0))
    busiest = [site for site, _ in powers.order_by("-power_w")[:_SITES]]
    with_plugs = viewer.sites().filter(Exists(viewer.evses().filter(station__site=OuterRef("pk"))))
    busy_first = Case(When(pk__in=busiest, then=Value(0)), default=Value(1))
    shown = sorted(with_plugs.order_by(busy_first, "name")[:_SITES], key=lambda site: site.name)
    return {"site_lines": [line for line in site_lines(viewer, shown) if line.plugs]}


def newest_deviations(viewer: Viewer) -> dict[str, Any]:
    found = viewer.deviations().select_related("station__site").order_by("-last_at")
    return {"deviations": list(found[:_DEVIATIONS])}


PARTS = {
    "tiles": tiles,
    "states": states,
    "attention": attention,
    "sites": sites,
    "deviations": newest_deviations,
    "system": system.health,
}


@console_view()
def overview(request: ConsoleRequest) -> HttpResponse:
    context: dict[str, Any] = {"here": "overview", "live_url": "/console/live/overview"}
    for part in (*PARTS.values(), curve):
        context |= part(request.viewer)
    if request.viewer.sites().exclude(latitude=None).exists():
        context["map"] = settings_of_map(request.viewer, "/console/map/data.json")
    if not context["total"]:
        context |= {"ocpp_addresses": ocpp_addresses(request), "live_url": "/console/live/inbox?shown="}
        context |= inbox.refusals(request.viewer)
    return render(request, "console/overview.html", context)
