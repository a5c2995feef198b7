"""The group-commit writer: whatever waits goes into one COPY and one commit, and only then is it answered.

Rows keep their place: seq is given when a row is appended, batches are committed one after the other, and a batch
that failed is sent again before anything newer. After a lost connection the highest committed seq tells whether the
batch in flight made it.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, Protocol

import psycopg

from ohmstead.journal.copying import CopyPipe, CopyRefused
from ohmstead.journal.rows import COPY_HEADER, COPY_TRAILER, NULL, NULL_LENGTH, pack_length, pack_place
from ohmstead.journal.session import WriterSession

log = logging.getLogger(__name__)

MOST_WAITING_ROWS = 20_000
MOST_WAITING_BYTES = 32 * 1024 * 1024
UPKEEP_EVERY_S = 30.0  # partitions ahead, and the station index over what is new
RETRY_AFTER_REFUSAL_S = 1.0
LINGER_S = 0.002  # the longest a row waits for company; see `append`
_NO_PARTITION = "23514"
_ROW_BYTES = 100  # of a row without frame and reply
_BEGUN = 2**63  # for `_gather_at_seq`: a batch is under way, nobody gathers rows for the next one


class Waiter(Protocol):
    def committed(self, reply: bytes | None) -> None:
        """The entry is durable; now it may be answered."""
        ...


class WriterCounts:
    """Plain numbers: written on the hot path, read by the metrics."""

    __slots__ = ("batches", "bytes", "commit_seconds", "lost_connections", "refusals", "rows")

    def __init__(self) -> None:
        self.rows = self.bytes = self.batches = self.refusals = self.lost_connections = 0
        self.commit_seconds = 0.0


class _Batch:
    """Rows in the order of their seq, and who waits for them."""

    __slots__ = ("bytes", "data", "last_seq", "parts", "waiters")

    def __init__(self) -> None:
        self.parts: list[bytes] = [COPY_HEADER]
        self.data = b""  # the parts, joined when the batch is taken
        self.waiters: list[Any] = []  # by turns a waiter and its reply: a pair each would be work for the collector
        self.bytes = self.last_seq = 0


class JournalWriter:
    """One per gateway process. Not thread-safe: everything happens on one event loop."""

    def __init__(
        self,
        dsn: str,
        gateway_name: str,
        *,
        most_rows: int = MOST_WAITING_ROWS,
        most_bytes: int = MOST_WAITING_BYTES,
        linger_s: float = LINGER_S,
        retry_after_refusal_s: float = RETRY_AFTER_REFUSAL_S,
    ) -> None:
        self.counts = WriterCounts()
        self.seq = 0
        self.full = False
        self.trouble: str | None = None  # why nothing is stored just now
        self.on_room: Callable[[], None] = _nothing  # a full queue has room again
        self.on_commit: Callable[[int], None] = _nothing_with  # the last seq of a commit
        self._session = WriterSession(dsn, gateway_name)
        self._most_rows, self._most_bytes, self._linger_s = most_rows, most_bytes, linger_s
        self._retry_after_refusal_s = retry_after_refusal_s
        self._pipe: CopyPipe | None = None
        self._next = _Batch()
        self._flying: _Batch | None = None
        self._enough_rows = 1  # so many waiting rows start a batch at once
        self._linger: asyncio.TimerHandle | None = None
        self._taken_seq = self._landed_seq = 0  # the last seq that went into a batch, and the last one durable
        # Appending compares with these instead of counting: each saves some 30 ns per row.
        self._gather_at_seq = 0
        self._full_at_seq, self._full_at_bytes = most_rows, most_bytes
        self._tasks: set[asyncio.Task[None]] = set()
        self._idle: list[asyncio.Future[None]] = []

    @property
    def stream(self) -> int:
        return self._session.stream

    @property
    def waiting_rows(self) -> int:
        return self.seq - self._landed_seq

    async def start(self) -> int:
        """Open a stream, waiting for PostgreSQL if need be; its number."""
        self._loop = asyncio.get_running_loop()
        await self._session.open()
        self._attach()
        self._upkeep_timer = self._loop.call_later(UPKEEP_EVERY_S, self._upkeep)
        return self.stream

    def append(
        self, head: bytes, line: bytes, at_us: int, frame: bytes | None, reply: bytes | None, waiter: Waiter | None
    ) -> None:
        """Queue a row (columns packed by journal.rows); `waiter.committed(reply)` is called when it is durable."""
        self.seq = seq = self.seq + 1
        batch = self._next
        if frame is None:
            size, frame = NULL_LENGTH, b""
        else:
            size = len(frame)
        if reply is None:
            batch.parts += (head, line, pack_place(seq, 8, at_us, size), frame, NULL)
        else:
            reply_size = len(reply)
            batch.parts += (head, line, pack_place(seq, 8, at_us, size), frame, pack_length(reply_size), reply)
            size += reply_size
        if waiter is not None:
            batch.waiters += (waiter, reply)
        batch.bytes += size + _ROW_BYTES
        if seq >= self._full_at_seq or batch.bytes >= self._full_at_bytes:
            self.full = True
        if seq >= self._gather_at_seq:
            self._gather()

    def follow(self, waiter: Waiter, reply: bytes | None) -> None:
        """Call `waiter.committed(reply)` once everything appended so far is durable, without a row of its own."""
        batch = self._next if self.seq > self._taken_seq else self._flying
        if batch is None:
            waiter.committed(reply)
        else:
            batch.waiters += (waiter, reply)

    async def flush(self) -> None:
        """Return when everything appended so far is durable."""
        if self.waiting_rows:
            future = self._loop.create_future()
            self._idle.append(future)
            if self._gather_at_seq != _BEGUN:
                self._gather()
            await future

    async def stop(self, timeout_s: float = 10.0) -> None:
        """Commit what waits, then close the stream. What could not be committed in time was never answered."""
        try:
            async with asyncio.timeout(timeout_s):
                await self.flush()
        except TimeoutError:
            log.error("%s entries were not stored; they were not acknowledged either", self.waiting_rows)
        self._upkeep_timer.cancel()
        if self._linger is not None:
            self._linger.cancel()
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await (self._session.close() if self.waiting_rows else self._session.end_stream())

    # what the pipe asks and tells

    def take(self) -> bytes:
        batch = self._flying
        if batch is None:
            batch, self._next = self._next, _Batch()
            batch.last_seq = self._taken_seq = self.seq
            batch.parts.append(COPY_TRAILER)
            batch.data = b"".join(batch.parts)
            batch.parts.clear()
            self._flying, self._full_at_bytes = batch, self._most_bytes - batch.bytes
        self._flying_since = self._loop.time()
        return batch.data

    def committed(self) -> None:
        self.trouble = None
        self.counts.commit_seconds += self._loop.time() - self._flying_since
        self._land()

    def refused(self, error: CopyRefused) -> None:
        self.counts.refusals += 1
        self.trouble = str(error)
        log.error("PostgreSQL refuses journal entries; %s wait unanswered: %s", self.waiting_rows, error)
        if error.sqlstate == _NO_PARTITION:
            self._own(self._keep_up())
        else:
            self._schedule(self._retry_after_refusal_s)

    def lost(self, reason: str) -> None:
        self.counts.lost_connections += 1
        self.trouble = reason
        self._pipe = None
        log.warning("The journal lost PostgreSQL; %s entries wait unanswered: %s", self.waiting_rows, reason.strip())
        self._own(self._resume())

    # inside

    def _land(self) -> None:
        """The batch in flight is durable: start the next one, then let the answers go."""
        batch, self._flying = self._flying, None
        assert batch is not None
        rows = batch.last_seq - self._landed_seq
        self._landed_seq = batch.last_seq
        self._full_at_seq, self._full_at_bytes = batch.last_seq + self._most_rows, self._most_bytes
        # A commit costs the same for one row as for many: wait a moment until half as many came as last time.
        self._enough_rows = max(1, rows // 2)
        self._gather_at_seq = 0
        if self.seq - self._taken_seq >= self._enough_rows:
            self._gather_at_seq = _BEGUN
            self._begin()
        elif self.seq > self._taken_seq:
            self._gather()
        else:
            for future in self._idle:
                if not future.done():
                    future.set_result(None)
            self._idle.clear()
        self.counts.batches += 1
        self.counts.rows += rows
        self.counts.bytes += batch.bytes
        by_turns = iter(batch.waiters)
        for waiter, reply in zip(by_turns, by_turns, strict=True):
            try:
                waiter.committed(reply)
            except Exception:  # one station's trouble is not the others'
                log.exception("An answer could not be sent")
        if self.full and self.waiting_rows < self._most_rows // 2 and self._next.bytes < self._most_bytes // 2:
            self.full = False
            self.on_room()
        self.on_commit(batch.last_seq)

    def _gather(self) -> None:
        """Rows wait and no batch is under way: begin one when enough wait, or when they waited long enough."""
        if self.seq - self._taken_seq >= self._enough_rows or self._idle:
            self._gather_at_seq = _BEGUN
            if self._linger is not None:
                self._linger.cancel()
                self._linger = None
            self._loop.call_soon(self._begin)
        else:
            self._gather_at_seq = self._taken_seq + self._enough_rows
            if self._linger is None:
                self._linger = self._loop.call_later(self._linger_s, self._enough_waited)

    def _enough_waited(self) -> None:
        self._linger = None
        if self.seq > self._taken_seq and self._gather_at_seq != _BEGUN:
            self._gather_at_seq = _BEGUN
            self._begin()

    def _schedule(self, delay_s: float) -> None:
        if delay_s > 0:
            self._loop.call_later(delay_s, self._begin)
        else:
            self._loop.call_soon(self._begin)

    def _begin(self) -> None:
        if self._pipe is not None and self._pipe.idle:
            self._pipe.begin()

    def _attach(self) -> None:
        assert self._session.connection is not None
        self._pipe = CopyPipe(self._session.connection.pgconn, self)

    async def _resume(self) -> None:
        await self._session.close()
        last_seq = await self._session.open()
        log.info("The journal is back on stream %s, last committed %s", self.stream, last_seq)
        self.trouble = None
        self._attach()
        if self._flying is not None and last_seq >= self._flying.last_seq:
            self._land()
        elif self.waiting_rows:
            self._gather_at_seq = _BEGUN
            self._begin()

    def _upkeep(self) -> None:
        self._upkeep_timer = self._loop.call_later(UPKEEP_EVERY_S, self._upkeep)
        self._own(self._keep_up())

    async def _keep_up(self) -> None:
        try:
            await self._session.keep_up()
        except psycopg.Error as error:
            log.warning("The upkeep of the journal failed: %s", error)
        if self.waiting_rows:
            self._schedule(self._retry_after_refusal_s if self.trouble else 0)

    def _own(self, work: Coroutine[None, None, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _nothing() -> None:
    """Until somebody listens."""


def _nothing_with(_seq: int) -> None:
    """Until somebody listens."""
