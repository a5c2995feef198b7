"""Queued commands on their way to the gateways: what a desk claims, gives back and gives up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec
from django.db import connection, transaction

from ohmstead.network import commands
from ohmstead.network.models import Announcement, Command, CommandState
from ohmstead.station.answers import Admission
from ohmstead.station.commands import CommandOutcome

CLAIMED_AT_ONCE: Final = 200
QUEUED_AT_MOST: Final = timedelta(seconds=120)  # a start that comes minutes late surprises everybody
SENT_AT_MOST: Final = timedelta(seconds=120)  # longer than any desk waits: the one that sent it is gone

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
    """Mark queued commands as sent, the oldest of each station and none while one of it is under way."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('ohmstead.dispatch'))")
        cursor.execute(
            """WITH next AS (
                 SELECT c.id, s.gateway, s.organisation_id
                 FROM network_command c JOIN network_station s ON s.id = c.station_id
                 WHERE c.state = 'queued' AND NOT EXISTS (
                   SELECT 1 FROM network_command o WHERE o.station_id = c.station_id AND o.state IN ('queued', 'sent')
                   AND (o.state = 'sent' OR (o.asked_at, o.id) < (c.asked_at, c.id)))
                 ORDER BY c.id LIMIT %s FOR UPDATE OF c SKIP LOCKED)
               UPDATE network_command c SET state = 'sent', sent_at = %s FROM next WHERE c.id = next.id
               RETURNING c.id, c.station_id, next.organisation_id, next.gateway, c.command::text""",
            [CLAIMED_AT_ONCE, at],
        )
        return [Claimed(row[0], row[1], row[2], row[3], row[4].encode()) for row in cursor.fetchall()]


def end(outcomes: dict[UUID, CommandOutcome], at: datetime) -> None:
    with transaction.atomic():
        commands.settle(outcomes, at)


def give_back(ids: Sequence[UUID]) -> None:
    """The bus was away: nothing left this machine, so it is still queued."""
    Command.objects.filter(id__in=ids, state=CommandState.SENT).update(state=CommandState.QUEUED, sent_at=None)


def give_up_old(at: datetime) -> int:
    """End what waited too long and what a vanished desk had sent; the number of commands ended."""
    late = Command.objects.filter(state=CommandState.QUEUED, asked_at__lt=at - QUEUED_AT_MOST)
    lost = Command.objects.filter(state=CommandState.SENT, sent_at__lt=at - SENT_AT_MOST)
    outcomes = {
        **_timed_out(late.values_list("id", flat=True)[:CLAIMED_AT_ONCE], "It could not be sent in time."),
        **_timed_out(lost.values_list("id", flat=True)[:CLAIMED_AT_ONCE], "No answer reached us."),
    }
    end(outcomes, at)
    return len(outcomes)


def _timed_out(ids: Iterable[UUID], reason: str) -> dict[UUID, CommandOutcome]:
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
