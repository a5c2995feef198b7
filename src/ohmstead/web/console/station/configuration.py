"""What a station is set to, what it shall be set to, and where the two differ."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ohmstead.access.rights import Right
from ohmstead.network import setting_actions, setting_queries
from ohmstead.network.command_actions import ask_station
from ohmstead.network.errors import NetworkError
from ohmstead.network.models import Station
from ohmstead.network.setting_actions import Wanted
from ohmstead.station.commands import GetInventory, GetSettings
from ohmstead.web.console.station.page import live_url, page
from ohmstead.web.scope import ConsoleRequest, console_view

_ON_A_PAGE: Final = 200


def body(station: Station, query: QueryDict) -> dict[str, Any]:
    """The values that the search finds, a page of them, and the wanted ones that differ first."""
    search = query.get("q", "").replace("\0", "").strip()[:80]
    number = max(1, _number(query.get("page", "")))
    start = (number - 1) * _ON_A_PAGE
    rows = list(setting_queries.variables(station, search=search)[start : start + _ON_A_PAGE + 1])
    wanted = sorted(setting_queries.desired(station), key=lambda each: each.drift == "none")
    return {
        "knowledge": setting_queries.knowledge(station),
        "variables": rows[:_ON_A_PAGE],
        "more": number + 1 if len(rows) > _ON_A_PAGE else None,
        "wanted": wanted,
        "drifted": sum(each.drift != "none" for each in wanted),
        "q": search,
        "query": query,
    }


@console_view()
def configuration(request: ConsoleRequest, identity: str) -> HttpResponse:
    context = page(request, identity, "station-configuration")
    station = context["station"]
    context |= body(station, request.GET)
    context["live_url"] = live_url("station-configuration", station.pk, request.GET.urlencode())
    return render(request, "console/station/configuration.html", context)


@require_POST
@console_view(Right.CONFIGURE)
def read_again(request: ConsoleRequest, identity: str) -> HttpResponse:
    station = request.viewer.station(identity)
    wish = GetInventory() if station.dialect.startswith("ocpp2") else GetSettings()
    try:
        row = ask_station(station, wish, by=request.viewer.actor)
    except NetworkError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("station-configuration", args=[station.identity]))
    return HttpResponseRedirect(reverse("command", args=[row.pk]))


@require_POST
@console_view(Right.CONFIGURE)
def change(request: ConsoleRequest, identity: str) -> HttpResponse:
    """Ask for one value; `keep` also wants it from now on, so that drift is told."""
    station = request.viewer.station(identity)
    typed = request.POST
    evse, connector = _number(typed.get("evse", "")), _number(typed.get("connector", ""))
    value = Wanted(
        typed.get("name", "").replace("\0", "")[:200], typed.get("value", "").replace("\0", ""), evse, connector
    )
    try:
        rows = setting_actions.set_values(station, [value], by=request.viewer.actor, keep=typed.get("keep") == "1")
    except NetworkError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("station-configuration", args=[station.identity]))
    return HttpResponseRedirect(reverse("command", args=[rows[0].pk]))


@require_POST
@console_view(Right.CONFIGURE)
def forget(request: ConsoleRequest, identity: str) -> HttpResponse:
    """The station may have there what it likes."""
    station, typed = request.viewer.station(identity), request.POST
    place = {"evse": _number(typed.get("evse", "")), "connector": _number(typed.get("connector", ""))}
    name = typed.get("name", "").replace("\0", "")
    setting_actions.no_longer_want(station, name, by=request.viewer.actor, **place)
    messages.info(request, _("%(name)s may be what it likes.") % {"name": name})
    return HttpResponseRedirect(reverse("station-configuration", args=[station.identity]))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 0
