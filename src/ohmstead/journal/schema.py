"""The journal's tables: entries partitioned by day, streams, and how far each reader came."""

from datetime import UTC, date, datetime, timedelta

import psycopg
from psycopg import sql

STREAM_LOCK_CLASS = 0x6F686D  # first key of the advisory lock a stream's writer holds
DAYS_AHEAD = 2  # partitions made in advance

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
CREATE INDEX IF NOT EXISTS entry_station_at ON journal.entry (station_id, at);

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


def ensure_partitions(connection: psycopg.Connection, around: datetime) -> None:
    """Have a partition for the day before `around` up to DAYS_AHEAD days after it."""
    for statement in partition_statements(around):
        connection.execute(statement)


def partition_statements(around: datetime) -> list[sql.Composed]:
    """For callers with a connection of another kind."""
    today = around.astimezone(UTC).date()
    return [_partition(today + timedelta(days=offset)) for offset in range(-1, DAYS_AHEAD + 1)]


def drop_partitions_before(connection: psycopg.Connection, day: date) -> list[str]:
    """Drop whole days older than `day`; the names of what was dropped."""
    rows = connection.execute(
        """SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
           WHERE i.inhparent = 'journal.entry'::regclass AND c.relname < %s ORDER BY 1""",
        [_partition_name(day)],
    ).fetchall()
    for (name,) in rows:
        connection.execute(sql.SQL("DROP TABLE journal.{}").format(sql.Identifier(name)))
    return [name for (name,) in rows]


def _partition(day: date) -> sql.Composed:
    return sql.SQL(
        "CREATE TABLE IF NOT EXISTS journal.{name} PARTITION OF journal.entry FOR VALUES FROM ({since}) TO ({until})"
    ).format(
        name=sql.Identifier(_partition_name(day)),
        since=sql.Literal(f"{day}T00:00:00Z"),
        until=sql.Literal(f"{day + timedelta(days=1)}T00:00:00Z"),
    )


def _partition_name(day: date) -> str:
    return f"entry_{day:%Y%m%d}"
