"""Which gateways are there, and which stations went with one that is not."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from ohmstead.bus.messages import GatewaySeen
from ohmstead.network.models import Gateway

LOST_AFTER: Final = timedelta(seconds=15)  # gateways speak every few seconds
FORGOTTEN_AFTER: Final = timedelta(days=1)


def gateways_seen(words: Sequence[GatewaySeen], at: datetime) -> None:
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
        for name in sorted(before):
            stream, seen_at = before[name]
            if stream != newest[name].stream:
                _end_links(name, except_stream=newest[name].stream, ended_at=seen_at)
            elif seen_at < at - LOST_AFTER:
                _resume_links(name, stream)


def sweep(at: datetime, lost_after: timedelta = LOST_AFTER) -> int:
    """Stations of gateways that fell silent go offline as of their gateway's last word; how many went."""
    gone = 0
    for gateway in Gateway.objects.filter(seen_at__lt=at - lost_after):
        with transaction.atomic():
            gone += _end_links(gateway.name, except_stream=None, ended_at=gateway.seen_at)
    Gateway.objects.filter(seen_at__lt=at - FORGOTTEN_AFTER).delete()
    return gone


def _end_links(gateway: str, *, except_stream: int | None, ended_at: datetime) -> int:
    """The name stays on the row, so that the same process can bring its stations back."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT id FROM network_station
               WHERE gateway = %s AND online AND (%s::int IS NULL OR link_stream <> %s)
               ORDER BY id FOR NO KEY UPDATE""",
            [gateway, except_stream, except_stream],
        )
        ids: list[UUID] = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            "UPDATE network_station SET online = false, disconnected_at = %s WHERE id = ANY(%s)", [ended_at, ids]
        )
    return len(ids)


def _resume_links(gateway: str, stream: int) -> None:
    """Offline rows that still name this gateway and this process went with the sweep, not with a disconnection."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT id FROM network_station WHERE gateway = %s AND link_stream = %s AND NOT online
               ORDER BY id FOR NO KEY UPDATE""",
            [gateway, stream],
        )
        ids: list[UUID] = [row[0] for row in cursor.fetchall()]
        cursor.execute("UPDATE network_station SET online = true, disconnected_at = NULL WHERE id = ANY(%s)", [ids])
