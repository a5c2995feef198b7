"""Which gateways are there, and which stations went with one that is not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from ohmstead.bus.messages import GatewaySeen
from ohmstead.network import announcing
from ohmstead.network.models import Gateway

LOST_AFTER: Final = timedelta(seconds=15)  # gateways speak every few seconds
FORGOTTEN_AFTER: Final = timedelta(days=1)


type Told = dict[UUID, set[UUID]]  # organisation -> stations whose presence changed


@dataclass(frozen=True, slots=True)
class _Turn:
    """Links of a gateway that come back (`online`) or have ended, of one stream of it or of all but one."""

    gateway: str
    online: bool
    ended_at: datetime | None = None
    only_stream: int | None = None
    except_stream: int | None = None


def gateways_seen(words: Sequence[GatewaySeen], at: datetime) -> Told:
    """Keep the newest word of each gateway.

    A gateway that comes back as the same process brings its stations back; as a new one, its old connections are over.
    """
    newest = {word.gateway[:80]: word for word in words}
    names = sorted(newest)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, stream, seen_at FROM network_gateway WHERE name = ANY(%s) ORDER BY name FOR UPDATE", [names]
        )
        before = {row[0]: (row[1], row[2]) for row in cursor.fetchall()}
        cursor.execute(
            """INSERT INTO network_gateway (name, stream, connections, entries_total, draining, seen_at)
               SELECT v.*, %s FROM unnest(%s::text[], %s::int4[], %s::int4[], %s::int8[], %s::bool[]) AS v
               ON CONFLICT (name) DO UPDATE SET stream = excluded.stream, connections = excluded.connections,
                 entries_total = excluded.entries_total, draining = excluded.draining, seen_at = excluded.seen_at""",
            [
                at,
                names,
                [newest[name].stream for name in names],
                [newest[name].connections for name in names],
                [newest[name].entries_total for name in names],
                [newest[name].draining for name in names],
            ],
        )
        return _turn_links([turn for name in names if (turn := _turn_of(newest[name], before.get(name), at))])


def _turn_of(word: GatewaySeen, before: tuple[int, datetime] | None, at: datetime) -> _Turn | None:
    if before is None:
        return None
    stream, seen_at = before
    if stream != word.stream:
        return _Turn(word.gateway[:80], online=False, ended_at=seen_at, except_stream=word.stream)
    if seen_at < at - LOST_AFTER:
        return _Turn(word.gateway[:80], online=True, only_stream=stream)
    return None


def sweep(at: datetime, lost_after: timedelta = LOST_AFTER) -> Told:
    """Stations of gateways that fell silent go offline as of their gateway's last word."""
    lost = Gateway.objects.filter(seen_at__lt=at - lost_after)
    with transaction.atomic():
        told = _turn_links([_Turn(each.name, online=False, ended_at=each.seen_at) for each in lost])
    Gateway.objects.filter(seen_at__lt=at - FORGOTTEN_AFTER).delete()
    return told


def _turn_links(turns: Sequence[_Turn]) -> Told:
    """Locked in the order of their ids over all gateways.

    The gateway's name stays on the row, so that the same process can bring its stations back: a row that is offline
    and names it went with the sweep, because a disconnection takes the name away.
    """
    if not turns:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT s.id, s.organisation_id, v.online, v.ended_at
               FROM unnest(%s::text[], %s::bool[], %s::timestamptz[], %s::int4[], %s::int4[])
                 AS v (gateway, online, ended_at, only_stream, except_stream)
               JOIN network_station s ON s.gateway = v.gateway AND s.gateway <> '' AND s.online <> v.online
               WHERE (v.only_stream IS NULL OR s.link_stream = v.only_stream)
                 AND (v.except_stream IS NULL OR s.link_stream <> v.except_stream)
               ORDER BY s.id FOR NO KEY UPDATE OF s""",
            [
                [each.gateway for each in turns],
                [each.online for each in turns],
                [each.ended_at for each in turns],
                [each.only_stream for each in turns],
                [each.except_stream for each in turns],
            ],
        )
        rows = cursor.fetchall()
        cursor.execute(
            """UPDATE network_station s SET online = v.online, disconnected_at = v.ended_at
               FROM unnest(%s::uuid[], %s::bool[], %s::timestamptz[]) AS v (id, online, ended_at) WHERE s.id = v.id""",
            [[row[0] for row in rows], [row[2] for row in rows], [row[3] for row in rows]],
        )
    announcing.presence_turned(rows)
    told: Told = {}
    for station_id, organisation_id, _, _ in rows:
        told.setdefault(organisation_id, set()).add(station_id)
    return told
