"""What was asked of stations: each row with its life, its answer and who asked."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from ohmstead.access.rights import Right
from ohmstead.network import command_actions, command_queries
from ohmstead.network.errors import NetworkError
from ohmstead.network.models import Command, Station
from ohmstead.station.commands.operations import OPERATIONS
from ohmstead.web.command_rights import right_of
from ohmstead.web.console.command_answer import answer_of, asked_of, indented
from ohmstead.web.console.command_steps import NOT_SENT
from ohmstead.web.console.operation_words import operation_of, title
from ohmstead.web.console.paging import page_of
from ohmstead.web.console.sessions import SINCE, SINCE_WORDS
from ohmstead.web.console.starting import stages
from ohmstead.web.console.words import COMMAND_LOOKS
from ohmstead.web.scope import ConsoleRequest, Viewer, console_view, forbid_without

_LATELY = timedelta(hours=1)
_MOST_PARTS = 40


def rows(viewer: Viewer) -> QuerySet[Command]:
    """Commands as the row partial needs them."""
    return viewer.commands().select_related("station__site", "asked_by").defer("answer")


def newest_commands(viewer: Viewer, station: Station, most: int) -> list[Command]:
    """What was asked lately; older ones are history."""
    found = rows(viewer).filter(station=station, asked_at__gte=timezone.now() - _LATELY)
    return list(found.order_by("-asked_at", "-pk")[:most])


@dataclass(frozen=True, slots=True)
class CommandFilter:
    """What the query string asks for; values it does not know are ignored."""

    search: str = ""
    state: str = ""
    kind: str = ""
    since: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> "CommandFilter":
        state, since, kind = query.get("state", ""), query.get("since", ""), query.get("kind", "")
        return cls(
            search=query.get("q", "").replace("\0", "").strip()[:80],
            state=state if state in COMMAND_LOOKS else "",
            kind=kind if operation_of(kind) else "",
            since=since if since in SINCE else "",
        )

    @property
    def narrows(self) -> bool:
        return bool(self.search or self.state or self.kind or self.since)

    def applied(self, commands: QuerySet[Command]) -> QuerySet[Command]:
        if self.search:
            commands = commands.filter(station__identity__icontains=self.search)
        if self.state:
            commands = commands.filter(state=self.state)
        if self.kind:
            commands = commands.filter(kind=self.kind)
        if self.since:
            commands = commands.filter(asked_at__gte=timezone.now() - SINCE[self.since])
        return commands.order_by("-asked_at", "-pk")


@console_view()
def commands(request: ConsoleRequest) -> HttpResponse:
    """Everything asked of every station of the organisation."""
    viewer, wanted = request.viewer, CommandFilter.of(request.GET)
    context = {
        "here": "commands",
        "wanted": wanted,
        "query": request.GET,
        "looks": COMMAND_LOOKS,
        "kinds": sorted(((each.kind.__name__, title(each)) for each in OPERATIONS.values()), key=lambda kind: kind[1]),
        "since_words": SINCE_WORDS,
        "page": page_of(wanted.applied(rows(viewer)), request.GET),
        "live_url": f"/console/live/commands?{request.GET.urlencode()}",
    }
    return render(request, "console/commands.html", context)


def found(viewer: Viewer, command_id: UUID) -> Command:
    row = viewer.commands().select_related("station__site", "asked_by").filter(pk=command_id).first()
    if row is None:
        raise Http404("No such command.")
    return row


def body(viewer: Viewer, command_id: UUID) -> dict[str, Any]:
    """Everything of the page that changes while the command lives."""
    row = found(viewer, command_id)
    zone = row.station.site.time_zone if row.station.site else "UTC"
    context: dict[str, Any] = {"row": row, "zone": zone, "viewer": viewer, "can_be_taken_back": row.state in NOT_SENT}
    context["reports"] = [(each, indented(each.payload)) for each in command_queries.reports(row)[:_MOST_PARTS]]
    return context | asked_of(row) | answer_of(row) | stages(viewer, row)


@console_view()
def command(request: ConsoleRequest, command_id: UUID) -> HttpResponse:
    context = {"here": "commands", "live_url": f"/console/live/command/{command_id}"}
    return render(request, "console/command.html", context | body(request.viewer, command_id))


@require_POST
@console_view()
def cancel(request: ConsoleRequest, command_id: UUID) -> HttpResponse:
    """Take back what no station has seen yet."""
    row = found(request.viewer, command_id)
    _needs_right(request.viewer, row)
    try:
        command_actions.cancel_command(row, by=request.viewer.actor)
    except NetworkError as error:
        messages.error(request, str(error))
    return HttpResponseRedirect(reverse("command", args=[row.pk]))


@require_POST
@console_view()
def repeat(request: ConsoleRequest, command_id: UUID) -> HttpResponse:
    """Ask the same of the same station again."""
    row = found(request.viewer, command_id)
    _needs_right(request.viewer, row)
    try:
        row = command_actions.repeat_command(row, by=request.viewer.actor)
    except NetworkError as error:
        messages.error(request, str(error))
    return HttpResponseRedirect(reverse("command", args=[row.pk]))


def _needs_right(viewer: Viewer, row: Command) -> None:
    operation = operation_of(row.kind)
    forbid_without(viewer, right_of(operation) if operation else Right.CONFIGURE)
