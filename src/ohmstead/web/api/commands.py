"""Commands: what is asked of stations, and how it went."""

import time
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Body, Query, Router, Schema
from pydantic import Field

from ohmstead.access.rights import Right
from ohmstead.network import command_actions, command_queries
from ohmstead.network.models import Command, CommandState
from ohmstead.station.commands.operations import OPERATIONS, Operation
from ohmstead.web.api.access import viewer
from ohmstead.web.api.command_bodies import command_of
from ohmstead.web.api.operation import operation
from ohmstead.web.api.pages import PageQuery, page, page_of
from ohmstead.web.api.problems import Refused
from ohmstead.web.api.things import plainly, the
from ohmstead.web.command_rights import right_of
from ohmstead.web.scope import Viewer

router = Router(tags=["Commands"])

MOST_WAIT_S: Final = 30
_LOOKED_EVERY_S: Final = 0.2
_OPEN: Final = frozenset({CommandState.PLANNED, CommandState.QUEUED, CommandState.WAITING, CommandState.SENT})


class CommandQuery(PageQuery):
    station: str = Field("", max_length=48, description="Identity of a station.")
    state: str = Field("", max_length=10, description="queued, waiting, sent, accepted, rejected, timed_out ...")
    kind: str = Field("", max_length=40, description="Such as StartSession.")
    search: str = Field("", max_length=48, description="In the identity of the station.")
    since: datetime | None = Field(None, description="Asked at or after.")


class AskQuery(Schema):
    wait_until_online_s: int = Field(
        0, ge=0, le=30 * 86_400, description="How long it may wait for a station that is away; 0: not at all."
    )
    wait: int = Field(0, ge=0, le=MOST_WAIT_S, description="Seconds to wait for the end before answering.")


class WaitQuery(Schema):
    wait: int = Field(0, ge=0, le=MOST_WAIT_S, description="Seconds to wait for the end before answering.")


class PassedOut(Schema):
    state: str = Field(examples=["sent"])
    at: datetime
    reason: str = Field("", examples=[""])


class CommandOut(Schema):
    id: UUID
    station: str
    operation: str = Field(examples=["unlock_connector"])
    fields: dict[str, Any] = Field(description="As asked; secrets are not shown.", examples=[{"evse": 1}])
    state: str = Field(description="planned, queued, waiting, sent; then one of the ends.", examples=["accepted"])
    ended: bool
    reason: str = Field(description="The station's word, or our sentence.", examples=["Unlocked"])
    answer: dict[str, Any] | None = Field(examples=[{"status": "Unlocked"}])
    work: str = Field(description="What goes on after it agreed: running, done, failed, or empty.", examples=["done"])
    progress: str = Field(description="The station's newest word on it.", examples=["Uploaded"])
    history: list[PassedOut]
    asked_by: str = Field(examples=["Ada"])
    bulk_id: UUID | None
    repeats_id: UUID | None
    asked_at: datetime
    sent_at: datetime | None
    ended_at: datetime | None
    expires_at: datetime | None = Field(description="Until then it waits for the station.")


class ReportOut(Schema):
    number: int
    at: datetime
    action: str = Field(examples=["NotifyReport"])
    payload: dict[str, Any] = Field(examples=[{"requestId": 7}])
    last: bool


_BY_KIND: Final = {each.kind.__name__: name for name, each in OPERATIONS.items()}


def command_out(row: Command) -> CommandOut:
    plain = ("state", "reason", "answer", "work", "progress", "bulk_id", "repeats_id", "asked_at", "sent_at")
    fields = {name: value for name, value in row.command.items() if name != "type"}
    return CommandOut(
        id=row.pk,
        station=row.station.identity,
        operation=_BY_KIND.get(row.kind, row.kind),
        fields=fields if row.state not in _OPEN else _shown(row),
        ended=row.state not in _OPEN,
        history=[PassedOut(**each) for each in row.history],
        asked_by=str(row.asked_by or ""),
        ended_at=row.ended_at,
        expires_at=row.expires_at,
        **{name: getattr(row, name) for name in plain},
    )


def _shown(row: Command) -> dict[str, Any]:
    from ohmstead.network.commands import parsed
    from ohmstead.station.commands.operations import masked

    return {name: value for name, value in masked(parsed(row)).items() if name != "type"}


def _mine(who: Viewer, command_id: UUID) -> Command:
    found: Command = the(command_queries.commands_of(who.organisation), command_id, "command")
    return found


def _awaited(who: Viewer, command_id: UUID, seconds: int) -> Command:
    """As soon as it has ended; as it is when the time is over."""
    until = time.monotonic() + seconds
    row = _mine(who, command_id)
    while row.state in _OPEN and time.monotonic() < until:
        time.sleep(_LOOKED_EVERY_S)
        row = _mine(who, command_id)
    return row


@operation(router, "GET", "/commands", "list_commands", "List commands", answers=page_of(CommandOut))
def list_commands(request: HttpRequest, query: Query[CommandQuery]) -> Any:
    """Newest first."""
    who = viewer(request)
    found = command_queries.commands_of(who.organisation)
    if query.station:
        found = found.filter(station=who.station(query.station))
    for name in ("state", "kind"):
        if value := getattr(query, name):
            found = found.filter(**{name: value})
    if query.search:
        found = found.filter(station__identity__icontains=query.search)
    if query.since:
        found = found.filter(asked_at__gte=query.since)
    return page(found, query, command_out, ("-asked_at", "-pk"))


@operation(router, "GET", "/commands/{uuid:command_id}", "get_command", "One command", answers=CommandOut)
def get_command(request: HttpRequest, command_id: UUID, query: Query[WaitQuery]) -> CommandOut:
    """With `wait` the answer comes when the command has ended, or when the time is over."""
    return command_out(_awaited(viewer(request), command_id, query.wait))


@operation(
    router,
    "GET",
    "/commands/{uuid:command_id}/reports",
    "list_command_reports",
    "What came later because of it",
    answers=page_of(ReportOut),
)
def list_reports(request: HttpRequest, command_id: UUID, query: Query[PageQuery]) -> Any:
    """Parts of reports in the order of their arrival."""
    found = command_queries.reports(_mine(viewer(request), command_id))
    return page(found, query, partial(plainly, ReportOut), ("number", "pk"))


@operation(
    router,
    "POST",
    "/stations/{identity}/commands/{operation}",
    "ask_station",
    "Ask a station for something",
    right=Right.VIEW,
    answers=CommandOut,
    location="/commands/{id}",
)
def ask_station(
    request: HttpRequest, identity: str, operation: str, query: Query[AskQuery], body: Body[dict[str, Any]]
) -> CommandOut:
    """The body is the operation's fields. With an Idempotency-Key the station is asked once."""
    who, wanted = viewer(request), _operation(operation)
    if not who.has(right_of(wanted)):
        raise Refused("forbidden", f"This needs the scope {right_of(wanted).value}, which you do not have.")
    wait = timedelta(seconds=query.wait_until_online_s) if query.wait_until_online_s else None
    command = command_of(wanted, body)
    key = request.headers.get("Idempotency-Key", "")
    row = command_actions.ask_station(
        who.station(identity), command, by=who.actor, wait_until_online=wait, key=key[:80]
    )
    return command_out(_awaited(who, row.pk, query.wait))


def _operation(name: str) -> Operation:
    if name not in OPERATIONS:
        raise Http404("There is no such operation.")
    return OPERATIONS[name]


def _may_ask(who: Viewer, row: Command) -> None:
    wanted = OPERATIONS.get(_BY_KIND.get(row.kind, ""))
    if wanted is not None and not who.has(right_of(wanted)):
        raise Refused("forbidden", f"This needs the scope {right_of(wanted).value}, which you do not have.")


@operation(
    router,
    "POST",
    "/commands/{uuid:command_id}/cancel",
    "cancel_command",
    "Take a command back",
    right=Right.OPERATE,
    answers=CommandOut,
    status=200,
)
def cancel(request: HttpRequest, command_id: UUID) -> CommandOut:
    """Only while it has not been sent."""
    row = _mine(viewer(request), command_id)
    _may_ask(viewer(request), row)
    command_actions.cancel_command(row, by=viewer(request).actor)
    return command_out(_mine(viewer(request), command_id))


@operation(
    router,
    "POST",
    "/commands/{uuid:command_id}/repeat",
    "repeat_command",
    "Ask the same again",
    right=Right.OPERATE,
    answers=CommandOut,
    location="/commands/{id}",
)
def repeat(request: HttpRequest, command_id: UUID, query: Query[AskQuery]) -> CommandOut:
    """As a new command. Not where a secret was in it, for that is not kept."""
    who = viewer(request)
    row = _mine(who, command_id)
    _may_ask(who, row)
    wait = timedelta(seconds=query.wait_until_online_s) if query.wait_until_online_s else None
    made = command_actions.repeat_command(row, by=who.actor, wait_until_online=wait)
    return command_out(_awaited(who, made.pk, query.wait))


@operation(
    router,
    "POST",
    "/stations/{identity}/new-password",
    "send_new_password",
    "Send a station a new password",
    right=Right.CONFIGURE,
    answers=CommandOut,
    location="/commands/{id}",
)
def new_password(request: HttpRequest, identity: str) -> CommandOut:
    """Over the air. The old one stays valid until the station has confirmed the new one."""
    who = viewer(request)
    row = command_actions.change_password_over_the_air(who.station(identity), by=who.actor)
    return command_out(_mine(who, row.pk))
