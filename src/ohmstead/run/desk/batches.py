"""Requests of one kind, gathered while the database works and answered together."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec
from prometheus_client import Counter

from ohmstead.bus.client import Message
from ohmstead.kit.clock import Clock
from ohmstead.run.desk.database import DatabaseAway, DatabaseThread

log = logging.getLogger(__name__)

MOST_AT_ONCE: Final = 500
MOST_WAITING: Final = 20_000  # two reconnect storms; beyond, the asker's own time-out speaks

DROPPED = Counter("ohmstead_desk_dropped_total", "Requests left without an answer.", ["kind", "why"])
ANSWERED = Counter("ohmstead_desk_answered_total", "Requests answered.", ["kind"])


@dataclass(frozen=True, slots=True)
class _Waiting[Q]:
    message: Message
    request: Q
    since: float


class Batches[Q: msgspec.Struct, R]:
    """`take` is a bus handler; `run` is the task that answers.

    A request older than `useful_s` is dropped: the one who asked has stopped listening.
    """

    def __init__(
        self,
        kind: type[Q],
        work: Callable[[Sequence[Q]], Sequence[R]],
        answer: Callable[[Message, Q, R], Awaitable[None]],
        *,
        useful_s: float,
        database: DatabaseThread,
        clock: Clock,
    ) -> None:
        self._kind = kind
        self._name = kind.__name__
        self._work = work
        self._answer = answer
        self._useful_s = useful_s
        self._database = database
        self._clock = clock
        self._waiting: deque[_Waiting[Q]] = deque()
        self._some = asyncio.Event()
        self._closed = False

    async def take(self, message: Message) -> None:
        request = message.decode(self._kind)
        if len(self._waiting) >= MOST_WAITING:
            DROPPED.labels(self._name, "full").inc()
            return
        self._waiting.append(_Waiting(message, request, self._clock.monotonic()))
        self._some.set()

    async def run(self) -> None:
        """Until `close`; what was taken before that is still answered."""
        while not self._closed:
            await self._some.wait()
            self._some.clear()
            await self._drain()

    def close(self) -> None:
        self._closed = True
        self._some.set()

    async def _drain(self) -> None:
        while batch := self._next():
            try:
                await self._do(batch)
            except DatabaseAway:
                DROPPED.labels(self._name, "database").inc(len(batch))
            except Exception:
                await self._one_by_one(batch)

    def _next(self) -> list[_Waiting[Q]]:
        oldest_useful = self._clock.monotonic() - self._useful_s
        batch: list[_Waiting[Q]] = []
        while self._waiting and len(batch) < MOST_AT_ONCE:
            each = self._waiting.popleft()
            if each.since < oldest_useful:
                DROPPED.labels(self._name, "late").inc()
            else:
                batch.append(each)
        return batch

    async def _do(self, batch: Sequence[_Waiting[Q]]) -> None:
        requests = [each.request for each in batch]
        until = batch[0].since + self._useful_s - self._clock.monotonic()
        answers = await self._database.run(lambda: self._work(requests), within_s=until)
        for each, answer in zip(batch, answers, strict=True):
            await self._answer(each.message, each.request, answer)
        ANSWERED.labels(self._name).inc(len(batch))

    async def _one_by_one(self, batch: Sequence[_Waiting[Q]]) -> None:
        """One request that cannot be worked must not take the others with it."""
        for each in batch:
            try:
                await self._do([each])
            except DatabaseAway:
                DROPPED.labels(self._name, "database").inc()
            except Exception:
                DROPPED.labels(self._name, "failed").inc()
                log.exception("A %s could not be worked", self._name)
