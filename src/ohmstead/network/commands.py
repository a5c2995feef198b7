"""Command rows: put in the queue, and ended with what the station answered."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from django.db import connection
from django.utils import timezone

from ohmstead import wire
from ohmstead.access.actors import Actor
from ohmstead.journal.entry import Entry
from ohmstead.network import announcing
from ohmstead.network.models import Command, CommandState, Work
from ohmstead.network.rules.secrets import KEPT_SECRET, without_secrets
from ohmstead.network.rules.work import goes_on, request_id_of
from ohmstead.network.text import plain, plain_json
from ohmstead.station.commands import AnyCommand, ChangePassword, CommandOutcome
from ohmstead.station.commands.operations import masked
from ohmstead.station.events import CommandAnswered

WAKE_CHANNEL: Final = "ohmstead_dispatch"  # PostgreSQL NOTIFY: heard by the desks once the write is committed
OPEN: Final = (CommandState.PLANNED, CommandState.QUEUED, CommandState.WAITING, CommandState.SENT)
_STATES: Final = frozenset(CommandState.values)
_SURELY_NOT_TAKEN: Final = (
    CommandState.REJECTED,
    CommandState.OFFLINE,
    CommandState.FAILED,
    CommandState.CANCELLED,
)


def queue(
    station_id: UUID, command: AnyCommand, *, at: datetime, by: Actor | None = None, command_id: UUID | None = None
) -> Command:
    """A row in the caller's transaction, and a wake-up that leaves with its commit."""
    row = row_of(station_id, command, at=at, by=by)
    if command_id is not None:
        row.id = command_id
    row.save(force_insert=True)
    wake_dispatch()
    return row


def row_of(
    station_id: UUID,
    command: AnyCommand,
    *,
    at: datetime,
    by: Actor | None = None,
    state: CommandState = CommandState.QUEUED,
    **fields: Any,
) -> Command:
    """A row that is not stored yet."""
    return Command(
        station_id=station_id,
        kind=type(command).__name__,
        command=plain_json(msgspec.to_builtins(command)),
        state=state,
        history=[passed(state, at)],
        request_id=request_id_of(command),
        asked_by_id=by.user_id if by else None,
        asked_at=at,
        queued_at=at if state == CommandState.QUEUED else None,
        **fields,
    )


def passed(state: str, at: datetime, reason: str = "") -> dict[str, str]:
    """A line of a command's history."""
    line = {"state": str(state), "at": at.isoformat()}
    return {**line, "reason": reason} if reason else line


def parsed(row: Command) -> AnyCommand:
    return msgspec.convert(row.command, AnyCommand)


def wake_dispatch() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {WAKE_CHANNEL}")


def settle(outcomes: Mapping[UUID, CommandOutcome], at: datetime, *, late: bool = False) -> list[UUID]:
    """End open commands; one that has ended stays as it is, but a late answer still ends one that timed out.

    Stations are locked before commands, both in the order of their keys, as everywhere. The ids that ended now.
    """
    if not outcomes:
        return []
    ids = sorted(outcomes)
    states = [*OPEN, CommandState.TIMED_OUT] if late else list(OPEN)
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT s.id FROM network_station s WHERE s.id IN (
                 SELECT c.station_id FROM network_command c WHERE c.id = ANY(%s) AND c.kind = 'ChangePassword')
               ORDER BY s.id FOR NO KEY UPDATE""",
            [ids],
        )
        rows = list(Command.objects.filter(id__in=ids, state__in=states).order_by("id").select_for_update(no_key=True))
    for row in rows:
        _end(row, outcomes[row.id], at)
    Command.objects.bulk_update(
        rows, ["state", "reason", "answer", "history", "work", "progress_at", "ended_at", "command"]
    )
    _switch_passwords([row for row in rows if row.kind == ChangePassword.__name__])
    announcing.commands_ended(rows)
    return [row.id for row in rows]


def _end(row: Command, outcome: CommandOutcome, at: datetime) -> None:
    command = parsed(row)
    row.state = outcome.state if outcome.state in _STATES else CommandState.FAILED
    row.reason = plain(outcome.reason, 300)
    row.answer = plain_json(without_secrets(outcome.payload))
    row.ended_at = outcome.answered_at or at
    row.history = [*row.history, passed(row.state, row.ended_at, row.reason)]
    row.command = plain_json(masked(command, KEPT_SECRET))
    if row.state == CommandState.ACCEPTED and not row.work and goes_on(command, outcome.payload):
        row.work, row.progress_at = Work.RUNNING, row.ended_at


def cancel(rows: Sequence[Command], reason: str, at: datetime) -> None:
    """End rows that the caller has locked and that no station has seen."""
    for row in rows:
        _end(row, CommandOutcome(state=CommandState.CANCELLED, reason=reason), at)
    Command.objects.bulk_update(rows, ["state", "reason", "history", "ended_at", "command"])
    _switch_passwords([row for row in rows if row.kind == ChangePassword.__name__])


def _switch_passwords(rows: Sequence[Command]) -> None:
    """A station that took the new password must use it; one that surely has the old one keeps it.

    After a time-out nobody knows, so both stay valid until the station comes with the new one.
    """
    accepted = [row.station_id for row in rows if row.state == CommandState.ACCEPTED]
    kept = [row.station_id for row in rows if row.state in _SURELY_NOT_TAKEN]
    with connection.cursor() as cursor:
        if accepted:
            cursor.execute(
                """UPDATE network_station SET password_hash = next_password_hash, next_password_hash = ''
                   WHERE id = ANY(%s) AND next_password_hash <> ''""",
                [accepted],
            )
        if kept:
            cursor.execute("UPDATE network_station SET next_password_hash = '' WHERE id = ANY(%s)", [kept])


def never_began(ids: Sequence[UUID], reason: str, at: datetime) -> None:
    """The station took these starts and nothing came of them; whoever asked sees it on the row."""
    rows = list(Command.objects.filter(id__in=ids, state=CommandState.ACCEPTED).order_by("id").select_for_update())
    for row in rows:
        row.state, row.reason, row.ended_at = CommandState.TIMED_OUT, plain(reason, 300), at
        row.history = [*row.history, passed(row.state, at, row.reason)]
    Command.objects.bulk_update(rows, ["state", "reason", "history", "ended_at"])
    announcing.commands_ended(rows)


def settle_answers(answers: Iterable[tuple[Entry, CommandAnswered]]) -> list[UUID]:
    """Ends from the journal: they count when the desk that asked is gone, or the answer came after the time-out."""
    ended: dict[UUID, CommandOutcome] = {}
    silent: dict[UUID, CommandOutcome] = {}
    for entry, event in answers:
        command_id = command_of(event.message_id)
        if command_id is not None:
            (silent if entry.frame is None else ended)[command_id] = _outcome(entry, event)
    now = timezone.now()
    answered = settle(ended, now, late=True)
    return answered + settle({each: silent[each] for each in silent.keys() - ended.keys()}, now)


def command_of(message_id: str) -> UUID | None:
    """A command's CALL carries the command's id; other calls of ours carry something else."""
    try:
        return UUID(message_id)
    except ValueError:
        return None


def _outcome(entry: Entry, event: CommandAnswered) -> CommandOutcome:
    if event.error_code is None:
        outcome = wire.read_outcome(entry.dialect, event.action, msgspec.Raw(msgspec.json.encode(event.payload)))
        return msgspec.structs.replace(outcome, answered_at=entry.at)
    if entry.frame is None:
        return CommandOutcome(state=CommandState.TIMED_OUT, reason="The station did not answer.", answered_at=entry.at)
    reason = f"{event.error_code}: {event.error_text}" if event.error_text else event.error_code
    return CommandOutcome(state=CommandState.FAILED, reason=reason, answered_at=entry.at)
