"""Cameras that read plates: added with the plugs they watch, looked after, removed; and what came of it."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from ohmstead.access.rights import Right
from ohmstead.charging import plates
from ohmstead.charging.models import Camera, PlateOffer
from ohmstead.web.console import confirming
from ohmstead.web.console.stations import uuid_of
from ohmstead.web.scope import ConsoleRequest, Viewer, console_view

_SHOWN: Final = 50


@never_cache
@console_view(Right.DRIVERS)
def cameras(request: ConsoleRequest) -> HttpResponse:
    viewer = request.viewer
    if request.method != "POST":
        return render(request, "console/cameras.html", _page(viewer))
    name = request.POST.get("name", "")
    ids = [found for text in request.POST.getlist("evses") if (found := uuid_of(text)) is not None]
    evses = list(viewer.evses().filter(pk__in=ids).select_related("station__site__organisation"))
    site = evses[0].station.site if evses else None
    try:
        if site is None:
            raise plates.CameraRefused(_("A camera needs a name and at least one plug it watches."))
        camera, secret = plates.add_camera(site, name, evses, by=viewer.actor)
    except plates.CameraRefused as refused:
        context = _page(viewer) | {"problem": _(str(refused)), "name": name, "chosen": ids}
        return render(request, "console/cameras.html", context, status=422)
    address = request.build_absolute_uri(reverse("plates-hook", args=[secret]))
    return render(request, "console/cameras.html", _page(viewer) | {"made": camera, "address": address})


@console_view(Right.DRIVERS)
def remove(request: ConsoleRequest, camera_id: UUID) -> HttpResponse:
    camera = Camera.objects.filter(organisation=request.viewer.organisation, pk=camera_id).first()
    if camera is None:
        raise Http404("No such camera.")
    if confirming.is_confirmed(request):
        plates.remove_camera(camera, by=request.viewer.actor)
        messages.success(request, _("%(name)s is removed, and its address no longer works.") % {"name": camera.name})
        return HttpResponseRedirect(reverse("cameras"))
    return confirming.ask(
        request,
        here="cameras",
        title=_("Remove the camera %(name)s?") % {"name": camera.name},
        sentences=[_("What it read is forgotten. Charges that followed stay.")],
        button=_("Remove camera"),
        back=reverse("cameras"),
    )


@require_POST
@console_view(Right.DRIVERS)
def wrong(request: ConsoleRequest, offer_id: UUID) -> HttpResponse:
    viewer = request.viewer
    offer = PlateOffer.objects.filter(organisation=viewer.organisation, pk=offer_id).first()
    if offer is None:
        raise Http404("No such offer.")
    plates.report_wrong(offer, by=viewer.actor, now=timezone.now())
    messages.success(request, _("Noted: it was another car. See the alarms among cards and tokens."))
    return HttpResponseRedirect(reverse("cameras"))


def _page(viewer: Viewer) -> dict[str, Any]:
    found = Camera.objects.filter(organisation=viewer.organisation).select_related("site")
    plugs = viewer.evses().filter(station__site__isnull=False, station__site__removed_at=None)
    return {
        "here": "cameras",
        "cameras": list(found.prefetch_related("evses__station").order_by("site__name", "name")),
        "offers": list(plates.offers_of(viewer.organisation)[:_SHOWN]),
        "plugs": list(
            plugs.select_related("station__site").order_by("station__site__name", "station__identity", "number")[:1000]
        ),
    }
