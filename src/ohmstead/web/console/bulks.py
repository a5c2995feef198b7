"""The same work for many stations: chosen, confirmed by their number, watched, taken back, repeated."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ohmstead.access.rights import Right
from ohmstead.network import bulk_actions, command_queries
from ohmstead.network.bulk_actions import Manner
from ohmstead.network.errors import NetworkError
from ohmstead.network.models import Bulk, Station
from ohmstead.station.commands import RawCommand
from ohmstead.station.commands.operations import OPERATIONS, Operation
from ohmstead.web.command_rights import right_of
from ohmstead.web.console.asking import rows
from ohmstead.web.console.asking.fields import Form, Typed
from ohmstead.web.console.asking.wish import command_of
from ohmstead.web.console.operation_words import GROUPS, title
from ohmstead.web.console.station_states import in_service
from ohmstead.web.console.stations import StationFilter, listed, uuid_of
from ohmstead.web.console.words import COMMAND_LOOKS
from ohmstead.web.scope import ConsoleRequest, Viewer, console_view, forbid_without

_NAMED: Final = 12
_ROWS: Final = 300
_WAITS: Final = {"24h": timedelta(hours=24), "7d": timedelta(days=7)}


def chosen(viewer: Viewer, query: QueryDict) -> QuerySet[Station]:
    """Those that were ticked, or else all that the filter of the station list finds."""
    ticked = [each for each in map(uuid_of, query.getlist("station")) if each is not None]
    if ticked:
        return in_service(viewer.stations()).filter(pk__in=ticked)
    found = listed(viewer, StationFilter.of(query)).order_by().values("pk")
    return in_service(viewer.stations()).filter(pk__in=found)


@console_view()
def choose(request: ConsoleRequest) -> HttpResponse:
    """Which operation, for which stations: GET, with the filter or the ticks in the address."""
    viewer = request.viewer
    offered = [
        (GROUPS[each.group], each.name, title(each))
        for each in OPERATIONS.values()
        if viewer.has(right_of(each)) and each.kind is not RawCommand
    ]
    name = request.GET.get("operation", "")
    if name in OPERATIONS:
        return _form(request, OPERATIONS[name], dict(request.GET.lists()), {})
    return render(request, "console/bulk/choose.html", _stations(viewer, request.GET) | {"offered": offered})


@require_POST
@console_view()
def ask(request: ConsoleRequest, name: str) -> HttpResponse:
    """Asked only with the number of stations typed in: nobody restarts a town by a slip."""
    viewer, operation, typed = request.viewer, OPERATIONS.get(name), dict(request.POST.lists())
    if operation is None or operation.kind is RawCommand:
        raise Http404("No such operation.")
    forbid_without(viewer, right_of(operation))
    with_rows = rows.changed(typed)
    if with_rows is not None:
        return _form(request, operation, with_rows, {})
    stations = chosen(viewer, request.POST)
    wish = command_of(operation, typed, "UTC")
    errors = dict(wish.errors)
    if request.POST.get("count", "").strip() != str(stations.count()):
        errors["count"] = _("Type the number of stations to confirm.")
    if wish.command is None or errors:
        return _form(request, operation, typed, errors)
    try:
        bulk = bulk_actions.ask_stations(
            viewer.organisation,
            stations,
            wish.command,
            by=viewer.actor,
            manner=manner_of(request),
            title=title(operation),
        )
    except NetworkError as error:
        return _form(request, operation, typed, {"": str(error)})
    return HttpResponseRedirect(reverse("bulk", args=[bulk.pk]))


def manner_of(request: HttpRequest) -> Manner:
    """As typed; what is no number is as usual."""
    stop, pace = (_number(request.POST.get(name, "")) for name in ("stop_after", "pace"))
    wait = _WAITS.get(request.POST.get("wait", ""))
    return Manner(pace=pace or bulk_actions.GENTLY.pace, stop_after=stop, wait_until_online=wait)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else None


def _stations(viewer: Viewer, query: QueryDict) -> dict[str, Any]:
    stations = chosen(viewer, query)
    names = list(stations.order_by("identity").values_list("identity", flat=True)[:_NAMED])
    count = stations.count()
    kept = [(name, value) for name in ("q", "state", "site", "dialect", "station") for value in query.getlist(name)]
    return {"here": "stations", "names": names, "count": count, "others": count - len(names), "kept": kept}


def _form(request: ConsoleRequest, operation: Operation, typed: Typed, errors: dict[str, str]) -> HttpResponse:
    query = request.POST if request.method == "POST" else request.GET
    context = _stations(request.viewer, query) | {
        "operation": operation,
        "title": title(operation),
        "errors": errors,
        "inputs": Form(typed, errors).inputs(operation.fields),
    }
    return render(request, "console/bulk/ask.html", context, status=422 if errors else 200)


def body(viewer: Viewer, bulk_id: UUID) -> dict[str, Any]:
    """Everything of the page that changes while it goes on."""
    try:
        progress = command_queries.bulk(viewer.organisation, bulk_id)
    except Bulk.DoesNotExist:
        raise Http404("No such work.") from None
    counts = [(state, look, progress.counts[state]) for state, look in COMMAND_LOOKS.items() if progress.counts[state]]
    commands = list(command_queries.bulk_commands(progress.bulk)[:_ROWS])
    return {"bulk": progress.bulk, "progress": progress, "counts": counts, "commands": commands, "viewer": viewer}


@console_view()
def bulk(request: ConsoleRequest, bulk_id: UUID) -> HttpResponse:
    context = {"here": "commands", "live_url": f"/console/live/bulk/{bulk_id}"}
    return render(request, "console/bulk/bulk.html", context | body(request.viewer, bulk_id))


@require_POST
@console_view()
def cancel(request: ConsoleRequest, bulk_id: UUID) -> HttpResponse:
    row = _mine(request, bulk_id)
    bulk_actions.cancel_bulk(row, by=request.viewer.actor)
    return HttpResponseRedirect(reverse("bulk", args=[row.pk]))


@require_POST
@console_view()
def retry(request: ConsoleRequest, bulk_id: UUID) -> HttpResponse:
    row = _mine(request, bulk_id)
    try:
        row = bulk_actions.retry_bulk(row, by=request.viewer.actor)
    except NetworkError as error:
        messages.error(request, str(error))
    return HttpResponseRedirect(reverse("bulk", args=[row.pk]))


def _mine(request: ConsoleRequest, bulk_id: UUID) -> Bulk:
    row: Bulk = body(request.viewer, bulk_id)["bulk"]
    operation = next((each for each in OPERATIONS.values() if each.kind.__name__ == row.kind), None)
    forbid_without(request.viewer, right_of(operation) if operation else Right.CONFIGURE)
    return row
