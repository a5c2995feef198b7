"""Queued commands on their way to the gateways: what a desk claims, gives back and gives up."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec
from django.db import connection, transaction
from django.db.models import QuerySet

from ohmstead.network import commands
from ohmstead.network.models import Announcement, Command, CommandState
from ohmstead.station.answers import Admission
from ohmstead.station.commands import CommandOutcome

CLAIMED_AT_ONCE: Final = 200
QUEUED_AT_MOST: Final = timedelta(seconds=120)  # a start that comes minutes late surprises everybody
SENT_AT_MOST: Final = timedelta(seconds=120)  # longer than any desk waits: the one that sent it is gone

BOOTING_AT_MOST: Final = timedelta(seconds=15)  # a station that is back first says that it booted, if it did

# Queued, or waiting for a station that is back and has said whether it booted.
_READY: Final = """({0}.state = 'queued' OR {0}.state = 'waiting' AND s.online AND s.gateway <> ''
                    AND (s.booted_at >= s.connected_at OR s.connected_at < %(booting_since)s))"""

OFFLINE: Final = CommandOutcome(state=CommandState.OFFLINE, reason="The station is not connected.")


@dataclass(frozen=True, slots=True)
class Claimed:
    """`gateway` is empty when the station is not connected."""

    id: UUID
    station_id: UUID
    organisation_id: UUID
    gateway: str
    command: bytes  # JSON of a station.commands struct


@dataclass(frozen=True, slots=True)
class ToAnnounce:
    id: UUID
    station_id: UUID
    admission: Admission
    close: str | None


def claim(at: datetime) -> list[Claimed]:
    """Mark commands as sent: the oldest of each station, and none while one of it is under way."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('ohmstead.dispatch'))")
        cursor.execute(
            f"""WITH next AS (
                 SELECT c.id, s.gateway, s.organisation_id
                 FROM network_command c JOIN network_station s ON s.id = c.station_id
                 WHERE {_READY.format("c")} AND NOT EXISTS (
                   SELECT 1 FROM network_command o WHERE o.station_id = c.station_id AND (o.state = 'sent'
                   OR {_READY.format("o")} AND (o.asked_at, o.id) < (c.asked_at, c.id)))
                 ORDER BY c.id LIMIT %(most)s FOR UPDATE OF c SKIP LOCKED)
               UPDATE network_command c SET state = 'sent', sent_at = %(at)s, history = history || %(line)s::jsonb
               FROM next WHERE c.id = next.id
               RETURNING c.id, c.station_id, next.organisation_id, next.gateway, c.command::text""",
            {
                "most": CLAIMED_AT_ONCE,
                "at": at,
                "booting_since": at - BOOTING_AT_MOST,
                "line": json.dumps([commands.passed(CommandState.SENT, at)]),
            },
        )
        return [Claimed(row[0], row[1], row[2], row[3], row[4].encode()) for row in cursor.fetchall()]


def end(outcomes: dict[UUID, CommandOutcome], at: datetime) -> None:
    with transaction.atomic():
        commands.settle(outcomes, at)


def not_connected(command_id: UUID, at: datetime) -> None:
    """The station is away and never saw it: it waits for the station if that was wanted, and else it ends."""
    with transaction.atomic():
        row = Command.objects.select_for_update(no_key=True).filter(pk=command_id, state=CommandState.SENT).first()
        if row is not None and row.expires_at is not None and at < row.expires_at:
            row.state, row.sent_at = CommandState.WAITING, None
            row.history = row.history[:-1]  # it was not sent after all
            if row.history[-1]["state"] != CommandState.WAITING:
                row.history = [*row.history, commands.passed(CommandState.WAITING, at)]
            row.save(update_fields=["state", "sent_at", "history"])
            return
    end({command_id: OFFLINE}, at)


def give_back(ids: Sequence[UUID]) -> None:
    """The bus was away: nothing left this machine, so it is still queued."""
    Command.objects.filter(id__in=ids, state=CommandState.SENT).update(state=CommandState.QUEUED, sent_at=None)


def give_up_old(at: datetime) -> dict[UUID, set[UUID]]:
    """End what waited too long and what a vanished desk had sent; organisation -> the commands ended."""
    late = Command.objects.filter(state=CommandState.QUEUED, queued_at__lt=at - QUEUED_AT_MOST)
    lost = Command.objects.filter(state=CommandState.SENT, sent_at__lt=at - SENT_AT_MOST)
    expired = Command.objects.filter(state=CommandState.WAITING, expires_at__lt=at)
    outcomes = {
        **_timed_out(late, "It could not be sent in time."),
        **_timed_out(lost, "No answer reached us."),
        **_timed_out(expired, "The station did not come back in time."),
    }
    end(outcomes, at)
    return told_of(outcomes)


def told(claimed: Iterable[Claimed]) -> dict[UUID, set[UUID]]:
    """organisation -> commands, for the live topics."""
    found: dict[UUID, set[UUID]] = {}
    for each in claimed:
        found.setdefault(each.organisation_id, set()).add(each.id)
    return found


def told_of(ids: Iterable[UUID]) -> dict[UUID, set[UUID]]:
    """The same for commands of which only the ids are known."""
    found: dict[UUID, set[UUID]] = {}
    rows = Command.objects.filter(id__in=list(ids)).values_list("station__organisation_id", "id")
    for organisation_id, command_id in rows:
        found.setdefault(organisation_id, set()).add(command_id)
    return found


def _timed_out(rows: QuerySet[Command], reason: str) -> dict[UUID, CommandOutcome]:
    ids = rows.values_list("id", flat=True)[:CLAIMED_AT_ONCE]
    return {each: CommandOutcome(state=CommandState.TIMED_OUT, reason=reason) for each in ids}


def announcements() -> list[ToAnnounce]:
    """Oldest first. Told twice when two desks look at once; the gateways do not mind."""
    rows = Announcement.objects.order_by("id")[:CLAIMED_AT_ONCE]
    return [ToAnnounce(row.id, row.station_id, Admission(row.admission), row.close or None) for row in rows]


def announced(ids: Sequence[UUID]) -> None:
    Announcement.objects.filter(id__in=ids).delete()


def outcome_of(state: str, reason: str | None, payload: msgspec.Raw) -> CommandOutcome:
    """A gateway's reply in the words of the row; a payload that is no object is left out."""
    decoded = msgspec.json.decode(payload)
    return CommandOutcome(state=state, reason=reason, payload=decoded if isinstance(decoded, dict) else None)
