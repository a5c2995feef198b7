"""PostgreSQL dies with rows in flight, on the event loop that gateways run on."""

import asyncio
import contextlib
import os
import signal
import time
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import uvloop

from ohmstead.journal import schema
from ohmstead.journal.entry import EntryKind
from ohmstead.journal.rows import head, line, postgres_us
from ohmstead.journal.writer import JournalWriter
from ohmstead.kit.ids import uuid7
from ohmstead.run.embedded.postgres import TUNING, EmbeddedPostgres
from ohmstead.wire.dialect import Dialect

CRASHES = 6


class Speaker:
    """A station that sends its next frame when the last one is stored."""

    def __init__(self, writer: JournalWriter) -> None:
        self.stored = 0
        self.speaking = True
        self._writer = writer
        self._line = line(1, uuid7(), 1, Dialect.V16, 0, writer.stream)

    def speak(self) -> None:
        frame = b"x" * 20_000
        row_head = head(EntryKind.RECEIVED, "MeterValues")
        self._writer.append(row_head, self._line, postgres_us(datetime.now(UTC)), frame, b"", self)

    def committed(self, reply: bytes | None) -> None:
        self.stored += 1
        if self.speaking:
            asyncio.get_running_loop().call_soon(self.speak)


def test_a_writer_whose_server_crashes_in_mid_copy_notices_and_stores_everything(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / "postgres", {**TUNING, "fsync": "off"})
    server.start()
    try:
        with psycopg.connect(server.url(), autocommit=True) as connection:
            schema.install(connection)
        uvloop.run(_crash_again_and_again(server.url()))
    finally:
        server.stop()


async def _crash_again_and_again(database: str) -> None:
    writer = JournalWriter(database, "crash")
    await writer.start()
    speakers = [Speaker(writer) for _ in range(40)]
    for speaker in speakers:
        speaker.speak()
    for _ in range(CRASHES):
        before = [speaker.stored for speaker in speakers]
        await asyncio.to_thread(_crash, database)
        deadline = time.monotonic() + 15
        while any(now.stored <= then for now, then in zip(speakers, before, strict=True)):
            assert time.monotonic() < deadline, f"deaf since the crash: {writer.trouble}"
            await asyncio.sleep(0.01)
    for speaker in speakers:
        speaker.speaking = False
    await writer.flush()
    await writer.stop()
    assert writer.counts.lost_connections >= CRASHES // 2
    with psycopg.connect(database) as connection:
        stored = connection.execute("SELECT count(*) FROM journal.entry WHERE stream = %s", [writer.stream]).fetchone()
    assert stored == (sum(speaker.stored for speaker in speakers),)


def _crash(database: str) -> None:
    """The backend says its last words and exits with our rows unread; all sessions end and the log is replayed."""
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        with contextlib.suppress(psycopg.OperationalError), psycopg.connect(database, autocommit=True) as connection:
            found = connection.execute(
                """SELECT pid FROM pg_stat_activity
                   WHERE application_name LIKE 'ohmstead journal crash%' AND query LIKE 'COPY%'"""
            ).fetchone()
            if found is not None:
                os.kill(found[0], signal.SIGQUIT)
                return
    raise AssertionError("the writer never wrote")
