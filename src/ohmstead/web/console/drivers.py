"""Drivers: found by anything that names them, added, changed, and seen with all they carry."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from ohmstead.access.rights import Right
from ohmstead.drivers import people, queries
from ohmstead.drivers.errors import DriverRefused
from ohmstead.drivers.models import Driver
from ohmstead.web.console.entries import Entries
from ohmstead.web.console.paging import page_of
from ohmstead.web.scope import ConsoleRequest, Viewer, console_view

FIELDS: Final = ("name", "email", "phone", "needs", "note")
_SESSIONS_SHOWN: Final = 10


def the_driver(viewer: Viewer, driver_id: UUID) -> Driver:
    found = queries.search_drivers(viewer.organisation).filter(pk=driver_id).first()
    if found is None:
        raise Http404("No such driver.")
    return found


@console_view(Right.DRIVERS)
def drivers(request: ConsoleRequest) -> HttpResponse:
    search = request.GET.get("q", "").strip()[:80]
    found = queries.search_drivers(request.viewer.organisation, search).prefetch_related("groups")
    context = {
        "here": "drivers",
        "search": search,
        "query": request.GET,
        "page": page_of(found.annotate(cards=Count("tokens", distinct=True)), request.GET),
    }
    return render(request, "console/drivers.html", context)


@console_view(Right.DRIVERS)
def driver(request: ConsoleRequest, driver_id: UUID) -> HttpResponse:
    viewer = request.viewer
    shown = the_driver(viewer, driver_id)
    context = {
        "here": "drivers",
        "driver": shown,
        "tokens": list(shown.tokens.select_related("group").order_by("-created_at")),
        "memberships": list(shown.memberships.select_related("group").order_by("group__name")),
        "groups": list(queries.groups(viewer.organisation)),
        "reservations": list(shown.reservations.select_related("evse__station", "site").order_by("-created_at")[:5]),
        "sessions": list(
            viewer.sessions()
            .filter(token__driver=shown)
            .select_related("station__site", "token")
            .order_by("-started_at")[:_SESSIONS_SHOWN]
        ),
    }
    return render(request, "console/driver.html", context)


@console_view(Right.DRIVERS)
def add(request: ConsoleRequest) -> HttpResponse:
    return _saved(request, None)


@console_view(Right.DRIVERS)
def edit(request: ConsoleRequest, driver_id: UUID) -> HttpResponse:
    return _saved(request, the_driver(request.viewer, driver_id))


def _saved(request: ConsoleRequest, shown: Driver | None) -> HttpResponse:
    viewer = request.viewer
    if request.method != "POST":
        return _form(request, Entries.of(shown, FIELDS) if shown else Entries(dict.fromkeys(FIELDS, "")), shown)
    entries = Entries.posted(request, FIELDS)
    values: dict[str, Any] = dict(entries.values)
    try:
        if shown is None:
            shown = people.create_driver(viewer.organisation, by=viewer.actor, **values)
        else:
            people.change_driver(shown, by=viewer.actor, **values, may_pay=request.POST.get("may_pay") == "on")
    except DriverRefused as refused:
        entries.errors["name"] = _(str(refused))
        return _form(request, entries, shown, status=422)
    messages.success(request, _("%(driver)s is saved.") % {"driver": shown})
    return HttpResponseRedirect(reverse("driver", args=[shown.pk]))


def _form(request: ConsoleRequest, entries: Entries, shown: Driver | None, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"here": "drivers", "form": entries, "driver": shown}
    return render(request, "console/driver_form.html", context, status=status)
