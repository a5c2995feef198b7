"""Lines and waiters, as the writer meets them in a gateway."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from ohmstead.journal import rows
from ohmstead.journal.entry import EntryKind, shard_of
from ohmstead.journal.writer import JournalWriter
from ohmstead.kit.ids import uuid7
from ohmstead.wire.dialect import Dialect

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Answers:
    """Takes the replies the writer lets go, in order."""

    def __init__(self) -> None:
        self.replies: list[bytes | None] = []
        self.arrived = asyncio.Event()

    def committed(self, reply: bytes | None) -> None:
        self.replies.append(reply)
        self.arrived.set()


class Line:
    """A station's connection as the writer sees it."""

    def __init__(self, station_id: UUID | None = None, epoch: int = 1) -> None:
        self.station_id = station_id or uuid7()
        self.epoch = epoch

    def packed(self, writer: JournalWriter) -> bytes:
        return rows.line(shard_of(self.station_id), self.station_id, self.epoch, Dialect.V16, 5, writer.stream)

    def say(
        self,
        writer: JournalWriter,
        frame: bytes,
        reply: bytes | None = b"[3]",
        answers: Answers | None = None,
        at: datetime | None = None,
    ) -> None:
        at_us = rows.postgres_us(at or datetime.now(UTC))
        writer.append(rows.head(EntryKind.RECEIVED, "Heartbeat"), self.packed(writer), at_us, frame, reply, answers)


async def until(condition: Callable[[], bool], timeout_s: float = 20.0) -> None:
    """Poll a condition; the only wait in these tests."""
    async with asyncio.timeout(timeout_s):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
