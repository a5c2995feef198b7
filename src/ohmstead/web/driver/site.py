"""One site: what it has, what is free, how to get in."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import timezone

from ohmstead.network.models import Evse, Site
from ohmstead.station.answers import Admission
from ohmstead.web.driver.pages import shown
from ohmstead.web.driver.plugs import grouped
from ohmstead.web.driver.scope import DriverRequest, DriverViewer, driver_view
from ohmstead.web.driver.sites import cards


def found(viewer: DriverViewer, site_id: UUID) -> Site:
    site = viewer.sites().filter(pk=site_id).first()
    if site is None:
        raise Http404("There is no such site.")
    return site


def body(site: Site) -> dict[str, Any]:
    """What changes while somebody looks."""
    evses = Evse.objects.filter(station__site=site, station__admission=Admission.ACCEPTED)
    groups = grouped(evses.select_related("station").prefetch_related("connectors"))
    return {"site": site, "card": cards([site])[0], "groups": groups, "now": timezone.now()}


@driver_view
def site(request: DriverRequest, site_id: UUID) -> HttpResponse:
    context = body(found(request.driver, site_id)) | {"tab": "map"}
    return shown(request, "site", context)
