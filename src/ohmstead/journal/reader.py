"""Read the journal: streams from a cursor for workers, one station's tail for people."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Final
from uuid import UUID

import msgspec
import psycopg

from ohmstead.journal.entry import SHARDS, Entry, EntryKind
from ohmstead.journal.schema import oldest_day
from ohmstead.wire.dialect import Dialect

_FIRST_STEP: Final = timedelta(minutes=15)
_STEP_GROWS: Final = 8
_CLOCKS_DIFFER: Final = timedelta(minutes=5)  # entries are dated by the gateways' clocks

_COLUMNS: Final = "stream, seq, shard, station_id, epoch, at, kind, dialect, quirks, action, frame, reply"

_PAGE: Final = f"""
SELECT c.number, top.seq, e.*
FROM unnest(%(streams)s::int4[], %(after)s::int8[]) AS c(number, after)
CROSS JOIN LATERAL (SELECT max(seq) AS seq FROM journal.entry WHERE stream = c.number) top
LEFT JOIN LATERAL (
    SELECT {_COLUMNS} FROM journal.entry
    WHERE stream = c.number AND seq > c.after AND (%(all)s OR shard = ANY(%(shards)s::int2[]))
    ORDER BY seq LIMIT %(limit)s
) e ON true
WHERE top.seq > c.after
"""


class Page(msgspec.Struct, frozen=True):
    """`upto`: per stream the last seq that needs no second look, also when its entries belong to other shards."""

    entries: list[Entry]
    upto: dict[int, int]


class Lag(msgspec.Struct, frozen=True):
    entries: int
    seconds: float  # age of the oldest entry not read yet


def read(connection: psycopg.Connection, cursors: Mapping[int, int], shards: Iterable[int], limit: int) -> list[Entry]:
    """Entries of these shards after the cursors (stream -> seq), in order within each stream."""
    return read_page(connection, cursors, shards, limit).entries


def read_page(connection: psycopg.Connection, cursors: Mapping[int, int], shards: Iterable[int], limit: int) -> Page:
    """As `read`, at most `limit` entries per stream, and how far each stream was looked through."""
    if not cursors:
        return Page([], {})
    wanted = sorted(set(shards))
    parameters = {
        "streams": list(cursors),
        "after": list(cursors.values()),
        "all": len(wanted) == SHARDS,
        "shards": wanted,
        "limit": limit,
    }
    entries: list[Entry] = []
    counts: dict[int, int] = {}
    upto: dict[int, int] = {}
    with connection.cursor(binary=True) as cursor:
        for row in cursor.execute(_PAGE, parameters):
            stream, top = row[0], row[1]
            if row[2] is None:  # no entry of our shards up to the top
                upto[stream] = top
                continue
            entries.append(_entry(row[2:]))
            counts[stream] = counts.get(stream, 0) + 1
            upto[stream] = row[3] if counts[stream] == limit else top
    return Page(entries, upto)


def open_streams(connection: psycopg.Connection) -> dict[int, int | None]:
    """Streams still in the journal: number -> last seq, None while a gateway may still write to it."""
    return dict(connection.execute("SELECT number, last_seq FROM journal.stream ORDER BY number").fetchall())


def load_cursors(connection: psycopg.Connection, reader: str) -> dict[tuple[int, int], int]:
    """(shard, stream) -> seq."""
    rows = connection.execute("SELECT shard, stream, seq FROM journal.cursor WHERE reader = %s", [reader])
    return {(shard, stream): seq for shard, stream, seq in rows}


def save_cursors(connection: psycopg.Connection, reader: str, shards: Iterable[int], upto: Mapping[int, int]) -> None:
    """Move the cursors of these shards; in the same transaction as what was made of the entries."""
    connection.execute(
        """INSERT INTO journal.cursor (reader, shard, stream, seq)
           SELECT %s, shard, stream, seq
           FROM unnest(%s::int2[]) AS shard, unnest(%s::int4[], %s::int8[]) AS c(stream, seq)
           ON CONFLICT (reader, shard, stream) DO UPDATE SET seq = EXCLUDED.seq
           WHERE journal.cursor.seq < EXCLUDED.seq""",
        [reader, sorted(set(shards)), list(upto), list(upto.values())],
    )


def lag(connection: psycopg.Connection, reader: str) -> Lag:
    """How far a reader is behind, over all shards; a shard it never read counts from the beginning.

    Of a closed stream the last seq is known, so those that were read to their end cost nothing.
    """
    row = connection.execute(
        """WITH position AS (
               SELECT s.number, s.last_seq, CASE WHEN count(c.seq) = %s THEN min(c.seq) ELSE 0 END AS seq
               FROM journal.stream s
               LEFT JOIN journal.cursor c ON c.stream = s.number AND c.reader = %s GROUP BY s.number
           )
           SELECT coalesce(sum(unread.count), 0)::int8,
                  coalesce(extract(epoch FROM now() - min(unread.oldest)), 0)::float8
           FROM position p CROSS JOIN LATERAL (
               SELECT coalesce(p.last_seq, (SELECT max(seq) FROM journal.entry WHERE stream = p.number)) - p.seq
                      AS count,
                      (SELECT at FROM journal.entry WHERE stream = p.number AND seq > p.seq ORDER BY seq LIMIT 1)
                      AS oldest
           ) unread
           WHERE (p.last_seq IS NULL OR p.seq < p.last_seq) AND unread.count > 0""",
        [SHARDS, reader],
    ).fetchone()
    assert row is not None
    return Lag(entries=row[0], seconds=max(0.0, row[1]))


def station_log(
    connection: psycopg.Connection,
    station_id: UUID,
    before: datetime | None = None,
    limit: int = 100,
    kinds: Iterable[EntryKind] | None = None,
    action: str | None = None,
    since: datetime | None = None,
) -> list[Entry]:
    """One station's newest entries first; `before` continues an earlier page.

    Looks back in steps that grow: a busy station is found in minutes of the journal, a quiet one in days, and one with
    fewer than `limit` entries only at the journal's beginning, unless `since` says where to stop.
    """
    until = before or datetime.now(UTC) + _CLOCKS_DIFFER
    oldest = oldest_day(connection)
    entries: list[Entry] = []
    step = _FIRST_STEP
    if oldest is None:
        return entries
    beginning = datetime.combine(oldest, time(), UTC)
    beginning = max(beginning, since) if since is not None else beginning
    while len(entries) < limit and until > beginning:
        begin = max(until - step, beginning)
        wanted = _Slice(station_id, begin, until, limit - len(entries), tuple(kinds or ()), action)
        entries += _read_slice(connection, wanted)
        until, step = begin, step * _STEP_GROWS
    return entries


class _Slice(msgspec.Struct, frozen=True):
    station_id: UUID
    since: datetime
    until: datetime
    limit: int
    kinds: tuple[EntryKind, ...]
    action: str | None


def _read_slice(connection: psycopg.Connection, wanted: _Slice) -> list[Entry]:
    conditions = ["station_id = %(station_id)s", "at >= %(since)s", "at < %(until)s"]
    if wanted.kinds:
        conditions.append("kind = ANY(%(kinds)s::int2[])")
    if wanted.action is not None:
        conditions.append("action = %(action)s")
    query = (
        f"SELECT {_COLUMNS} FROM journal.entry WHERE {' AND '.join(conditions)} "
        "ORDER BY at DESC, seq DESC LIMIT %(limit)s"
    )
    parameters = msgspec.structs.asdict(wanted) | {"kinds": [int(kind) for kind in wanted.kinds]}
    with connection.cursor(binary=True) as cursor:
        return [_entry(row) for row in cursor.execute(query, parameters)]


_KINDS: Final = {int(kind): kind for kind in EntryKind}
_DIALECTS: Final = {int(dialect): dialect for dialect in Dialect}


def _entry(row: tuple) -> Entry:
    stream, seq, shard, station_id, epoch, at, kind, dialect, quirks, action, frame, reply = row
    return Entry(
        stream, seq, shard, station_id, epoch, at, _KINDS[kind], _DIALECTS[dialect], quirks, action, frame, reply
    )
