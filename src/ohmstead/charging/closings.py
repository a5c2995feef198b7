"""Sessions given up by a person or by rule, until the worker has folded that in."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from ohmstead.charging.models import Closing, Session
from ohmstead.charging.staging import rows
from ohmstead.journal.entry import SHARDS


def give_up(session: Session, *, by_hand: bool, reason: str, now: datetime) -> Closing:
    """Anything newer that the station says of it opens it again: newer than now by hand, than the last word by rule."""
    as_of = max(session.last_event_at, now) if by_hand else session.last_event_at
    return Closing.objects.create(session=session, by_hand=by_hand, as_of=as_of, reason=reason[:300], asked_at=now)


def unapplied(shards: Collection[int]) -> dict[UUID, UUID]:
    """Closing -> session, of stations in these shards."""
    return dict(rows(_UNAPPLIED, [list(shards)]))


def mark_applied(closing_ids: Sequence[UUID]) -> None:
    Closing.objects.filter(pk__in=closing_ids).update(applied=True)


# The shard is the station id modulo SHARDS (journal/entry.py): its last six bits.
_UNAPPLIED: Final = f"""
SELECT c.id, c.session_id FROM charging_closing c JOIN charging_session s ON s.id = c.session_id
WHERE NOT c.applied AND get_byte(uuid_send(s.station_id), 15) & {SHARDS - 1} = ANY(%s::int[])
"""
