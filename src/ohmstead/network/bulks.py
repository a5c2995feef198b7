"""Bulk work step by step: a desk lets so many stations at a time have their turn, and stops when too much fails."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from ohmstead.network import commands
from ohmstead.network.models import Bulk, BulkState, Command, CommandState, Work

NOT_DONE: Final = (
    CommandState.REJECTED,
    CommandState.TIMED_OUT,
    CommandState.OFFLINE,
    CommandState.FAILED,
    CommandState.CANCELLED,
)
_AT_ONCE: Final = 500

type Told = dict[UUID, set[UUID]]


def advance(at: datetime) -> Told:
    """Give every running bulk its next commands, or its end; organisation -> commands that moved.

    One desk does it at a time: another one that comes meanwhile leaves it alone.
    """
    if not Bulk.objects.filter(state=BulkState.RUNNING).exists():
        return {}
    told: Told = {}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('ohmstead.bulks'))")
        row = cursor.fetchone()
        if row is None or not row[0]:
            return {}
        for bulk in Bulk.objects.filter(state=BulkState.RUNNING).order_by("asked_at"):
            told.setdefault(bulk.organisation_id, set()).update(_advance(bulk, at))
    return told


def _advance(bulk: Bulk, at: datetime) -> list[UUID]:
    counts = progress([bulk.pk]).get(bulk.pk, Counter())
    if bulk.stop_after is not None and counts["not_done"] >= bulk.stop_after:
        sentence = f"{counts['not_done']} have failed."
        return stop(bulk, BulkState.STOPPED, sentence, at)
    room = bulk.pace - counts["busy"]
    rows = _next(bulk, min(room, _AT_ONCE)) if room > 0 and counts["planned"] else []
    for each in rows:
        each.state, each.queued_at = CommandState.QUEUED, at
        each.expires_at = at + timedelta(seconds=bulk.waits_s) if bulk.waits_s else None
        each.history = [*each.history, commands.passed(CommandState.QUEUED, at)]
    Command.objects.bulk_update(rows, ["state", "queued_at", "expires_at", "history"])
    if not rows and not counts["open"]:
        bulk.state, bulk.ended_at = BulkState.DONE, at
        bulk.save(update_fields=["state", "ended_at"])
    return [each.pk for each in rows]


def _next(bulk: Bulk, at_most: int) -> list[Command]:
    planned = Command.objects.filter(bulk=bulk, state=CommandState.PLANNED)
    return list(planned.order_by("id").select_for_update(no_key=True)[:at_most])


def progress(bulk_ids: list[UUID]) -> dict[UUID, Counter[str]]:
    """Counts of each bulk: every state, and total, planned, busy, open, done, not_done.

    Busy is what takes a place: on its way, or at work. One that waits for its station takes none.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bulk_id, state, work, count(*) FROM network_command WHERE bulk_id = ANY(%s) GROUP BY 1, 2, 3",
            [bulk_ids],
        )
        rows = cursor.fetchall()
    found: dict[UUID, Counter[str]] = {}
    for bulk_id, state, work, number in rows:
        counts = found.setdefault(bulk_id, Counter())
        for word in (state, "total", *_said_of(state, work)):
            counts[word] += number
    return found


def _said_of(state: str, work: str) -> tuple[str, ...]:
    if state == CommandState.PLANNED:
        return ("open",)
    if state == CommandState.WAITING:
        return ("open",)
    if state in (CommandState.QUEUED, CommandState.SENT) or work == Work.RUNNING:
        return ("open", "busy")
    return ("not_done",) if state in NOT_DONE or work == Work.FAILED else ("done",)


def stop(bulk: Bulk, state: BulkState, reason: str, at: datetime) -> list[UUID]:
    """Take back whatever has not been sent; the ids of it."""
    left = Command.objects.filter(
        bulk=bulk, state__in=[CommandState.PLANNED, CommandState.QUEUED, CommandState.WAITING]
    )
    rows = list(left.order_by("id").select_for_update(no_key=True))
    commands.cancel(rows, reason, at)
    bulk.state, bulk.reason, bulk.ended_at = state, reason[:300], at
    bulk.save(update_fields=["state", "reason", "ended_at"])
    return [each.pk for each in rows]


def move_on(retried: Bulk) -> None:
    """Firmware on its way to a station follows the command that asks for it now."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE network_firmware_update u SET command_id = c.id, confirmed_at = NULL
               FROM network_command c WHERE c.bulk_id = %s AND u.command_id = c.repeats_id""",
            [retried.pk],
        )
