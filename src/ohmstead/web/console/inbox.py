"""Stations that wait at the door, and attempts that were turned away, with the reason in words."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ohmstead.access.rights import Right
from ohmstead.network import actions, queries
from ohmstead.network.errors import BadValues
from ohmstead.network.models import Site
from ohmstead.web.console.address import ocpp_address
from ohmstead.web.console.entries import in_words
from ohmstead.web.console.stations import uuid_of
from ohmstead.web.scope import ConsoleRequest, Viewer, console_view

_MOST = 100


def waiting(viewer: Viewer) -> dict[str, Any]:
    return {"pending": list(queries.inbox(viewer.organisation)[:_MOST])}


def refusals(viewer: Viewer) -> dict[str, Any]:
    return {"refusals": list(queries.refusals(viewer.organisation, _MOST))}


@console_view()
def inbox(request: ConsoleRequest) -> HttpResponse:
    viewer = request.viewer
    context = waiting(viewer) | refusals(viewer)
    context |= {
        "here": "inbox",
        "sites": viewer.site_choices(),
        "refused": list(queries.refused_stations(viewer.organisation)[:_MOST]),
        "ocpp_address": ocpp_address(request),
        "shown": ",".join(str(station.pk) for station in context["pending"]),
    }
    context["live_url"] = f"/console/live/inbox?shown={context['shown']}"
    return render(request, "console/inbox.html", context)


@require_POST
@console_view(Right.ADMIT)
def accept(request: ConsoleRequest, identity: str) -> HttpResponse:
    station = request.viewer.station(identity)
    actions.accept_station(station, by=request.viewer.actor, site=_site(request))
    if "name" in request.POST:
        try:
            actions.update_station(station, by=request.viewer.actor, name=request.POST["name"])
        except BadValues as refused:
            messages.error(request, " ".join(in_words(problem) for problem in refused.problems.values()))
    said = _("%(station)s is accepted. It works as soon as it asks again, at the latest within a minute.")
    messages.success(request, said % {"station": station})
    on_checklist = request.POST.get("next") == "commission"
    return HttpResponseRedirect(reverse("commission", args=[station.identity]) if on_checklist else reverse("inbox"))


@require_POST
@console_view(Right.ADMIT)
def refuse(request: ConsoleRequest, identity: str) -> HttpResponse:
    station = request.viewer.station(identity)
    actions.refuse_station(station, by=request.viewer.actor)
    said = _("%(station)s is refused. You can still accept it below.")
    messages.info(request, said % {"station": station})
    return HttpResponseRedirect(reverse("inbox"))


def _site(request: ConsoleRequest) -> Site | None:
    chosen = uuid_of(request.POST.get("site", ""))
    return request.viewer.sites().filter(pk=chosen).first() if chosen else None
