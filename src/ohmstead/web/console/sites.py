"""The list of sites, and one site with its stations."""

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone

from ohmstead.charging.site_rules import rules_at
from ohmstead.network import queries
from ohmstead.network.errors import SiteUnknown
from ohmstead.network.models import Site
from ohmstead.network.rules import opening_text
from ohmstead.web.console.network_map import settings_of_map
from ohmstead.web.console.paging import page_of
from ohmstead.web.console.site_states import SiteLine, site_lines
from ohmstead.web.console.station_states import counts_by_state
from ohmstead.web.console.stations import StationFilter, page
from ohmstead.web.scope import ConsoleRequest, Viewer, console_view


def found_sites(viewer: Viewer, search: str) -> QuerySet[Site]:
    sites = viewer.sites()
    if search:
        sites = sites.filter(
            Q(name__icontains=search)
            | Q(city__icontains=search)
            | Q(address__icontains=search)
            | Q(postal_code__istartswith=search)
        )
    return sites.order_by("name")


def the_site(viewer: Viewer, site_id: UUID) -> Site:
    """Also one that was removed; outside the tenant there is none."""
    try:
        return queries.site(viewer.organisation, site_id)
    except SiteUnknown as unknown:
        raise Http404(str(unknown)) from None


@console_view()
def sites(request: ConsoleRequest) -> HttpResponse:
    viewer = request.viewer
    search = request.GET.get("q", "").replace("\0", "").strip()[:80]
    page = page_of(found_sites(viewer, search), request.GET)
    context = {
        "here": "sites",
        "search": search,
        "query": request.GET,
        "page": page,
        "lines": site_lines(viewer, page.rows),
        "now": timezone.now(),
        "removed": list(queries.removed_sites(viewer.organisation)[:20]),
    }
    return render(request, "console/sites.html", context)


@console_view()
def site(request: ConsoleRequest, site_id: UUID) -> HttpResponse:
    viewer = request.viewer
    found = the_site(viewer, site_id)
    return render(request, "console/site.html", about(viewer, found) | stations_of(viewer, found, request.GET) | {
        "here": "sites",
        "photos": list(queries.photos(found)),
        "rules": rules_at(found),
        "map": site_map(viewer, found),
    })  # fmt: skip


def site_map(viewer: Viewer, found: Site) -> str:
    """Nothing without a position."""
    if found.latitude is None or found.longitude is None:
        return ""
    return settings_of_map(viewer, f"/console/map/data.json?site={found.pk}", (found.longitude, found.latitude))


def about(viewer: Viewer, found: Site) -> dict[str, Any]:
    line: SiteLine = site_lines(viewer, [found])[0]
    hours = found.hours
    week = [(number, opening_text.day_text(hours.weekly, number)) for number in range(1, 8)]
    return {"site": found, "line": line, "hours": hours, "week": week, "is_open": found.is_open(timezone.now())}


def stations_of(viewer: Viewer, found: Site, query: QueryDict) -> dict[str, Any]:
    """The same list as on the page of stations, narrowed to the site."""
    narrowed = query.copy()
    narrowed["site"] = str(found.pk)
    wanted = StationFilter.of(narrowed)
    counts = counts_by_state(wanted.standings(viewer))
    return {
        "wanted": wanted,
        "query": query,
        "counts": counts,
        "total": sum(counts.values()),
        "page": page(viewer, wanted, query),
        "live_url": f"/console/live/stations?{narrowed.urlencode()}",
    }
