"""Streams: every gateway process writes its own, and holds an advisory lock on it for as long as it can write."""

import psycopg

from ohmstead.journal.schema import STREAM_LOCK_CLASS


async def open_stream(connection: psycopg.AsyncConnection, gateway: str) -> int:
    """A new stream, locked by this session. Streams left behind by processes that died are closed on the way."""
    await close_abandoned(connection)
    cursor = await connection.execute("INSERT INTO journal.stream (gateway) VALUES (%s) RETURNING number", [gateway])
    row = await cursor.fetchone()
    assert row is not None
    number = int(row[0])
    await connection.execute("SELECT pg_advisory_lock(%s, %s)", [STREAM_LOCK_CLASS, number])
    return number


async def resume_stream(connection: psycopg.AsyncConnection, number: int) -> int | None:
    """Take the stream up again after a lost connection; its last committed seq, or None while the old session lives.

    With the lock in hand the old session is gone, so what it committed is final.
    """
    cursor = await connection.execute("SELECT pg_try_advisory_lock(%s, %s)", [STREAM_LOCK_CLASS, number])
    row = await cursor.fetchone()
    if row is None or not row[0]:
        return None
    await connection.execute("UPDATE journal.stream SET closed_at = NULL, last_seq = NULL WHERE number = %s", [number])
    return await last_seq(connection, number)


async def close_stream(connection: psycopg.AsyncConnection, number: int) -> None:
    """Nothing will follow: readers that reached the last seq need not look again."""
    await connection.execute(
        "UPDATE journal.stream SET closed_at = now(), last_seq = %s WHERE number = %s",
        [await last_seq(connection, number), number],
    )


async def close_abandoned(connection: psycopg.AsyncConnection) -> None:
    """Close the streams whose writer is gone without a word."""
    cursor = await connection.execute("SELECT number FROM journal.stream WHERE closed_at IS NULL ORDER BY number")
    for (number,) in await cursor.fetchall():
        held = await connection.execute("SELECT pg_try_advisory_lock(%s, %s)", [STREAM_LOCK_CLASS, number])
        row = await held.fetchone()
        if row is not None and row[0]:
            await close_stream(connection, number)
            await connection.execute("SELECT pg_advisory_unlock(%s, %s)", [STREAM_LOCK_CLASS, number])


async def last_seq(connection: psycopg.AsyncConnection, number: int) -> int:
    """0 for a stream nothing was written to."""
    cursor = await connection.execute("SELECT coalesce(max(seq), 0) FROM journal.entry WHERE stream = %s", [number])
    row = await cursor.fetchone()
    assert row is not None
    return int(row[0])
