"""The plugs of a station as an editor: each EVSE with its connectors, one small form for each."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ohmstead.access.rights import Right
from ohmstead.network import plug_actions
from ohmstead.network.errors import BadValues
from ohmstead.network.models import Connector, Evse, Station
from ohmstead.network.rules.problems import Unusable
from ohmstead.web.console import confirming
from ohmstead.web.console.entries import Entries, kilowatts, watts
from ohmstead.web.console.words import PLUG_FORMATS, PLUG_STANDARDS, POWER_TYPES
from ohmstead.web.scope import ConsoleRequest, console_view

_EVSE: Final = ("physical_reference", "max_power")
_CONNECTOR: Final = ("standard", "format", "power_type", "max_power", "max_current_a", "max_voltage_v")
_COMMON: Final = ("IEC_62196_T2", "IEC_62196_T2_COMBO", "CHADEMO", "DOMESTIC_F", "SAE_J3400")


def page(
    request: ConsoleRequest, station: Station, wrong: dict[str, Entries] | None = None, status: int = 200
) -> HttpResponse:
    """`wrong`: forms that could not be used, by their key, as typed."""
    wrong = wrong or {}
    evses = list(station.evses.order_by("number").prefetch_related("connectors"))
    shown = [(evse, wrong.get(f"evse-{evse.pk}") or _of_evse(evse), _connectors(evse, wrong)) for evse in evses]
    context = {
        "here": "stations",
        "station": station,
        "evses": shown,
        "new_evse": wrong.get("new") or Entries({"number": str(max((e.number for e in evses), default=0) + 1)}),
        "standards": sorted(PLUG_STANDARDS.items(), key=lambda pair: (pair[0] not in _COMMON, str(pair[1]))),
        "formats": PLUG_FORMATS.items(),
        "power_types": POWER_TYPES.items(),
    }
    return render(request, "console/plugs.html", context, status=status)


def _connectors(evse: Evse, wrong: dict[str, Entries]) -> list[tuple[Connector | None, Entries]]:
    """With an empty form for one more."""
    known = sorted(evse.connectors.all(), key=lambda each: each.number)
    shown: list[tuple[Connector | None, Entries]] = [
        (each, wrong.get(f"connector-{each.pk}") or _of_connector(each)) for each in known
    ]
    following = str(max((each.number for each in known), default=0) + 1)
    return [*shown, (None, wrong.get(f"new-{evse.pk}") or Entries({"number": following}))]


def _of_evse(evse: Evse) -> Entries:
    return Entries({"physical_reference": evse.physical_reference, "max_power": kilowatts(evse.max_power_w)})


def _of_connector(connector: Connector) -> Entries:
    entries = Entries.of(connector, ("standard", "format", "power_type", "max_current_a", "max_voltage_v"))
    entries.values["max_power"] = kilowatts(connector.max_power_w)
    return entries


@console_view(Right.NETWORK)
def plugs(request: ConsoleRequest, identity: str) -> HttpResponse:
    return page(request, request.viewer.station(identity))


@require_POST
@console_view(Right.NETWORK)
def add_evse(request: ConsoleRequest, identity: str) -> HttpResponse:
    station, by = request.viewer.station(identity), request.viewer.actor
    entries = Entries.posted(request, ("number", *_EVSE))
    number: Any = entries.values["number"]
    return _saved(
        request, station, "new", entries, lambda values: plug_actions.add_evse(station, number, by=by, **values)
    )


@require_POST
@console_view(Right.NETWORK)
def edit_evse(request: ConsoleRequest, identity: str, evse_id: UUID) -> HttpResponse:
    station, by = request.viewer.station(identity), request.viewer.actor
    evse = _evse(station, evse_id)
    entries = Entries.posted(request, _EVSE)
    return _saved(
        request, station, f"evse-{evse.pk}", entries, lambda values: plug_actions.update_evse(evse, by=by, **values)
    )


@console_view(Right.NETWORK)
def remove_evse(request: ConsoleRequest, identity: str, evse_id: UUID) -> HttpResponse:
    station = request.viewer.station(identity)
    evse = _evse(station, evse_id)
    back = reverse("plugs", args=[station.identity])
    if not confirming.is_confirmed(request):
        return confirming.ask(
            request,
            here="stations",
            title=_("Remove plug %(number)d?") % {"number": evse.number},
            sentences=[
                _("Sessions of the past keep it. If the station speaks of this plug again, it comes back by itself.")
            ],
            button=_("Remove the plug"),
            back=back,
        )
    plug_actions.remove_evse(evse, by=request.viewer.actor)
    messages.success(request, _("Plug %(number)d is removed.") % {"number": evse.number})
    return HttpResponseRedirect(back)


@require_POST
@console_view(Right.NETWORK)
def add_connector(request: ConsoleRequest, identity: str, evse_id: UUID) -> HttpResponse:
    station, by = request.viewer.station(identity), request.viewer.actor
    evse = _evse(station, evse_id)
    entries = Entries.posted(request, ("number", *_CONNECTOR))
    number: Any = entries.values["number"]
    return _saved(
        request,
        station,
        f"new-{evse.pk}",
        entries,
        lambda values: plug_actions.add_connector(evse, number, by=by, **values),
    )


@require_POST
@console_view(Right.NETWORK)
def edit_connector(request: ConsoleRequest, identity: str, connector_id: UUID) -> HttpResponse:
    """The form has a button to save and one to remove; a removed connector is quickly added again."""
    station, by = request.viewer.station(identity), request.viewer.actor
    connector = _connector(station, connector_id)
    if request.POST.get("do") == "remove":
        plug_actions.remove_connector(connector, by=by)
        messages.success(request, _("The connector is removed."))
        return HttpResponseRedirect(reverse("plugs", args=[station.identity]))
    entries = Entries.posted(request, _CONNECTOR)
    return _saved(
        request,
        station,
        f"connector-{connector.pk}",
        entries,
        lambda values: plug_actions.update_connector(connector, by=by, **values),
    )


def _saved(
    request: ConsoleRequest, station: Station, key: str, entries: Entries, save: Callable[[dict[str, Any]], Any]
) -> HttpResponse:
    try:
        values = {name: text for name, text in entries.values.items() if name not in ("number", "max_power")}
        save(values | {"max_power_w": watts(entries.values["max_power"])})
    except Unusable as unusable:
        entries.refuse(BadValues({"max_power": unusable.problem}))
    except BadValues as refused:
        entries.refuse(refused)
    else:
        messages.success(request, _("%(station)s is saved.") % {"station": station})
        return HttpResponseRedirect(reverse("plugs", args=[station.identity]))
    return page(request, station, {key: entries}, status=422)


def _evse(station: Station, evse_id: UUID) -> Evse:
    found = Evse.objects.select_related("station").filter(station=station, pk=evse_id).first()
    if found is None:
        raise Http404("No such plug.")
    return found


def _connector(station: Station, connector_id: UUID) -> Connector:
    found = Connector.objects.select_related("evse__station").filter(evse__station=station, pk=connector_id).first()
    if found is None:
        raise Http404("No such connector.")
    return found
