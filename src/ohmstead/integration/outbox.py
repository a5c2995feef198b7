"""`announce`: events, their deliveries and the jobs that make them, in the transaction of what happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from django.db import connection, transaction

from ohmstead.integration.events import DomainEvent, data_of, kind_of
from ohmstead.integration.listeners import wanted_now
from ohmstead.kit.ids import uuid7


@dataclass(frozen=True, slots=True)
class Announcement:
    """`key` is the same whenever the same thing is told again."""

    organisation_id: UUID
    event: DomainEvent
    at: datetime
    key: str


def announce(organisation_id: UUID, event: DomainEvent, *, at: datetime, key: str) -> None:
    announce_all([Announcement(organisation_id, event, at, key)])


def announce_all(announcements: Sequence[Announcement]) -> None:
    """Four statements at most, whatever their number; one when nobody listens."""
    if not announcements:
        return
    wanted = wanted_now()
    heard = [each for each in announcements if kind_of(each.event) in wanted.get(each.organisation_id, ())]
    if not heard:
        return
    with transaction.atomic():
        ids = _write(heard)
        if ids:
            deliver(_to_webhooks(ids))


def _write(announcements: Sequence[Announcement]) -> list[UUID]:
    """Read in the order of their ids, which is that in which they were announced; written in that of their keys."""
    rows = {(each.organisation_id, kind_of(each.event), each.key): each for each in announcements}
    ids = dict(zip(rows, sorted(str(uuid7()) for _ in rows), strict=True))
    order = sorted(rows)  # so that two writers never wait for each other
    kept = [rows[key] for key in order]
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO integration_event (id, organisation_id, kind, key, at, data, written_at)
               SELECT v.*, now() FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::timestamptz[],
                                             %s::jsonb[]) AS v
               ON CONFLICT (organisation_id, kind, key) DO NOTHING RETURNING id""",
            [
                [ids[key] for key in order],
                [str(each.organisation_id) for each in kept],
                [kind_of(each.event) for each in kept],
                [each.key[:120] for each in kept],
                [each.at for each in kept],
                [msgspec.json.encode(data_of(each.event)).decode().replace("\\u0000", "") for each in kept],
            ],
        )
        return [row[0] for row in cursor.fetchall()]


def _to_webhooks(event_ids: Sequence[UUID]) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO integration_delivery (id, webhook_id, event_id, state, attempts, next_at, created_at)
               SELECT gen_random_uuid(), w.id, e.id, 'waiting', 0, now(), now()
               FROM integration_event e
               JOIN integration_webhook w ON w.organisation_id = e.organisation_id AND w.active
                 AND (w.kinds = '{}' OR e.kind = ANY(w.kinds))
               WHERE e.id = ANY(%s) RETURNING id""",
            [list(event_ids)],
        )
        return [row[0] for row in cursor.fetchall()]


def deliver(delivery_ids: Sequence[UUID]) -> None:
    """Jobs in the caller's transaction."""
    from ohmstead.integration.jobs import deliver as job

    if delivery_ids:
        job.batch_defer(*[{"delivery_id": str(each)} for each in delivery_ids])
