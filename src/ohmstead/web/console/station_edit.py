"""Stations added, changed, moved, removed and brought back."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ohmstead.access.rights import Right
from ohmstead.network import actions
from ohmstead.network.errors import BadProfile, BadValues, StationExists, StationNotInService
from ohmstead.network.models import Site, Station
from ohmstead.network.rules.sheet import with_point
from ohmstead.station.identity import InvalidIdentity
from ohmstead.web.console import confirming
from ohmstead.web.console.entries import Entries
from ohmstead.web.console.stations import uuid_of
from ohmstead.web.console.words import SECURITY_PROFILES
from ohmstead.web.scope import ConsoleRequest, console_view

_FIELDS: Final = ("name", "latitude", "longitude", "notes")
_ALL: Final = ("identity", "site", "security_profile", *_FIELDS)


@console_view(Right.NETWORK)
def add(request: ConsoleRequest) -> HttpResponse:
    if request.method != "POST":
        blank = dict.fromkeys(_ALL, "") | {"site": request.GET.get("site", "")[:36], "security_profile": "0"}
        return _form(request, Entries(blank), None)
    entries = Entries.posted(request, _ALL)
    viewer = request.viewer
    try:
        station = actions.create_station(
            viewer.organisation,
            entries.values["identity"].strip(),
            by=viewer.actor,
            site=chosen_site(request),
            security_profile=_profile(entries),
            **_values(entries),
        )
    except BadValues as refused:
        entries.refuse(refused)
    except (InvalidIdentity, StationExists) as refused:
        entries.errors["identity"] = str(refused)
    except BadProfile as refused:
        entries.errors["security_profile"] = str(refused)
    else:
        messages.success(request, _("%(station)s is added. Next: its plugs.") % {"station": station})
        return HttpResponseRedirect(reverse("plugs", args=[station.identity]))
    return _form(request, entries, None, status=422)


@console_view(Right.NETWORK)
def edit(request: ConsoleRequest, identity: str) -> HttpResponse:
    """What is said of the station and where it stands; two actions, each with its own line in the audit trail."""
    station = request.viewer.station(identity)
    if request.method != "POST":
        entries = Entries.of(station, ("identity", *_FIELDS))
        entries.values["site"] = str(station.site_id or "")
        return _form(request, entries, station)
    entries = Entries.posted(request, _ALL)
    try:
        actions.update_station(station, by=request.viewer.actor, **_values(entries))
    except BadValues as refused:
        entries.refuse(refused)
        return _form(request, entries, station, status=422)
    actions.move_station(station, chosen_site(request), by=request.viewer.actor)
    messages.success(request, _("%(station)s is saved.") % {"station": station})
    return HttpResponseRedirect(reverse("station", args=[station.identity]))


def chosen_site(request: ConsoleRequest) -> Site | None:
    chosen = uuid_of(request.POST.get("site", ""))
    return request.viewer.sites().filter(pk=chosen).first() if chosen else None


def _values(entries: Entries) -> Any:
    found: dict[str, Any] = {name: entries.values[name] for name in _FIELDS}
    return found | {name: with_point(entries.values[name]) or None for name in ("latitude", "longitude")}


def _profile(entries: Entries) -> int:
    text = entries.values["security_profile"]
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 3 else -1


def _form(request: ConsoleRequest, entries: Entries, station: Station | None, status: int = 200) -> HttpResponse:
    context = {
        "here": "stations",
        "station": station,
        "form": entries,
        "sites": request.viewer.site_choices(),
        "profiles": SECURITY_PROFILES.items(),
    }
    return render(request, "console/station_form.html", context, status=status)


@console_view(Right.NETWORK)
def remove(request: ConsoleRequest, identity: str) -> HttpResponse:
    station = request.viewer.station(identity)
    back = reverse("station", args=[station.identity])
    if not confirming.is_confirmed(request, station.identity):
        return confirming.ask(
            request,
            here="stations",
            title=_("Remove %(station)s?") % {"station": station},
            sentences=[
                _("Its connection is closed and it is kept out. Its sessions and messages stay readable."),
                _("It can be brought back with all its past."),
            ],
            button=_("Remove the station"),
            back=back,
            type_this=station.identity,
        )
    try:
        actions.remove_station(station, by=request.viewer.actor)
    except StationNotInService as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("%(station)s is removed. It can be brought back here.") % {"station": station})
    return HttpResponseRedirect(back)


@require_POST
@console_view(Right.NETWORK)
def restore(request: ConsoleRequest, identity: str) -> HttpResponse:
    station = request.viewer.station(identity)
    actions.restore_station(station, by=request.viewer.actor)
    messages.success(request, _("%(station)s is back in service.") % {"station": station})
    return HttpResponseRedirect(reverse("station", args=[station.identity]))
