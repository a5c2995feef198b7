"""The journal's tables: entries partitioned by day, streams, and how far each reader came."""

from datetime import UTC, date, datetime, timedelta

import psycopg
from psycopg import sql

STREAM_LOCK_CLASS = 0x6F686D  # first key of the advisory lock a stream's writer holds
DAYS_AHEAD = 2  # partitions made in advance
_NAME = "entry_%Y%m%d"

# Per row in COPY batches of 200 (one core, 319-byte frames): 3.0 us without an index, 3.7 us with (stream, seq),
# 6.2 us with a btree on the station as well. So stations are found by a BRIN index, which costs nothing on the way in:
# it is summarised in the background, a quarter of a megabyte at a time.
_TABLES = """
CREATE SCHEMA IF NOT EXISTS journal;

CREATE TABLE IF NOT EXISTS journal.entry (
    seq        int8        NOT NULL,
    epoch      int8        NOT NULL,
    at         timestamptz NOT NULL,
    quirks     int8        NOT NULL,
    station_id uuid        NOT NULL,
    stream     int4        NOT NULL,
    shard      int2        NOT NULL,
    kind       int2        NOT NULL,
    dialect    int2        NOT NULL,
    action     text,
    frame      bytea,
    reply      bytea
) PARTITION BY RANGE (at);
CREATE INDEX IF NOT EXISTS entry_stream_seq ON journal.entry (stream, seq);
CREATE INDEX IF NOT EXISTS entry_station ON journal.entry
    USING brin (at, station_id uuid_bloom_ops (n_distinct_per_range = 256)) WITH (pages_per_range = 32);

CREATE TABLE IF NOT EXISTS journal.stream (
    number    int4 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    gateway   text        NOT NULL,
    opened_at timestamptz NOT NULL DEFAULT now(),
    closed_at timestamptz,
    last_seq  int8
);

CREATE TABLE IF NOT EXISTS journal.cursor (
    reader text NOT NULL,
    shard  int2 NOT NULL,
    stream int4 NOT NULL,
    seq    int8 NOT NULL,
    PRIMARY KEY (reader, shard, stream)
);
"""


def install(connection: psycopg.Connection) -> None:
    """Create what is missing; safe to run again."""
    connection.execute(_TABLES)
    ensure_partitions(connection, datetime.now(UTC))


SUMMARISE = """
SELECT brin_summarize_new_values(inhrelid::regclass) FROM pg_inherits
WHERE inhparent = 'journal.entry_station'::regclass AND pg_try_advisory_xact_lock(%s, 0)
"""  # the key is STREAM_LOCK_CLASS; stream 0 does not exist


def ensure_partitions(connection: psycopg.Connection, around: datetime) -> None:
    """Have a partition for the day before `around` up to DAYS_AHEAD days after it."""
    for statement in partition_statements(around):
        connection.execute(statement)


def partition_statements(around: datetime) -> list[sql.Composed]:
    """For callers with a connection of another kind."""
    today = around.astimezone(UTC).date()
    return [_partition(today + timedelta(days=offset)) for offset in range(-1, DAYS_AHEAD + 1)]


def drop_partitions_before(connection: psycopg.Connection, day: date) -> list[str]:
    """Drop whole days older than `day`, and streams that ended before it; the names of what was dropped."""
    rows = connection.execute(
        """SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
           WHERE i.inhparent = 'journal.entry'::regclass AND c.relname < %s ORDER BY 1""",
        [_partition_name(day)],
    ).fetchall()
    for (name,) in rows:
        connection.execute(sql.SQL("DROP TABLE journal.{}").format(sql.Identifier(name)))
    connection.execute(
        """WITH ended AS (DELETE FROM journal.stream WHERE closed_at < %s RETURNING number)
           DELETE FROM journal.cursor WHERE stream IN (SELECT number FROM ended)""",
        [day],
    )
    return [name for (name,) in rows]


def oldest_day(connection: psycopg.Connection) -> date | None:
    """The first day the journal still has room for."""
    row = connection.execute(
        """SELECT min(c.relname) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
           WHERE i.inhparent = 'journal.entry'::regclass"""
    ).fetchone()
    return datetime.strptime(row[0], _NAME).replace(tzinfo=UTC).date() if row and row[0] else None


def _partition(day: date) -> sql.Composed:
    return sql.SQL(
        "CREATE TABLE IF NOT EXISTS journal.{name} PARTITION OF journal.entry FOR VALUES FROM ({since}) TO ({until})"
    ).format(
        name=sql.Identifier(_partition_name(day)),
        since=sql.Literal(f"{day}T00:00:00Z"),
        until=sql.Literal(f"{day + timedelta(days=1)}T00:00:00Z"),
    )


def _partition_name(day: date) -> str:
    return day.strftime(_NAME)
