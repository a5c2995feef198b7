"""The worker process: a thread that folds, and a loop for NATS and periodic jobs beside it."""

import asyncio
import logging
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Final
from uuid import UUID

import msgspec

from ohmstead.bus import subjects
from ohmstead.bus.client import Bus, Message
from ohmstead.charging import upkeep
from ohmstead.charging.queries import READER
from ohmstead.journal import reader
from ohmstead.kit.clock import Clock
from ohmstead.run import metrics
from ohmstead.run.worker import gauges, jobs
from ohmstead.run.worker.folding import Folding, is_the_databases_fault

log = logging.getLogger(__name__)

POLL_S: Final = 0.5
ROUND_S: Final = 0.05  # the least time between rounds: a batch costs as much as some hundred entries
BALANCE_EVERY_S: Final = 1.0
LAG_EVERY_S: Final = 2.0
RETRY_S: Final = 0.5


class Worker:
    def __init__(self, database_url: str, nats_url: str, clock: Clock) -> None:
        self._clock = clock
        self._database_url = database_url
        self._nats_url = nats_url
        self._bus = Bus("worker")
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._fold_for_ever, name="folding")
        self._jobs: asyncio.Task[None] | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._publishing: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        metrics.set_ready("folding", False)
        self._loop = asyncio.get_running_loop()
        self._connecting = asyncio.create_task(self._connect(), name="bus")
        self._thread.start()
        self._jobs = asyncio.create_task(jobs.run(self._database_url), name="jobs")

    async def stop(self) -> None:
        """Finish the batch at hand and give the shards back."""
        self._stopping.set()
        self._wake.set()
        await asyncio.to_thread(self._thread.join)
        for task in (self._jobs, self._connecting):
            if task is not None:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
        await asyncio.gather(*self._publishing, return_exceptions=True)
        await self._bus.close()

    async def _connect(self) -> None:
        """Folding does not wait for NATS: without it, polling finds new entries."""
        while True:
            try:
                await self._bus.connect(self._nats_url)
                break
            except OSError as error:
                log.warning("NATS cannot be reached: %s", error)
                await asyncio.sleep(RETRY_S)
        await self._bus.subscribe(subjects.JOURNAL_APPENDED, self._appended)

    async def _appended(self, _: Message) -> None:
        self._wake.set()

    def _told(self, topic: str, changed: Mapping[UUID, set[UUID]]) -> None:
        """Called by the folding thread after a commit."""
        for organisation_id, ids in changed.items():
            if ids:
                subject = subjects.live(organisation_id, topic)
                self._loop.call_soon_threadsafe(self._publish, subject, msgspec.json.encode({"ids": sorted(ids)}))

    def _publish(self, subject: str, message: bytes) -> None:
        task = asyncio.create_task(self._bus.publish(subject, message))
        self._publishing.add(task)
        task.add_done_callback(self._publishing.discard)

    def _fold_for_ever(self) -> None:
        while not self._stopping.is_set():
            try:
                self._fold_while_connected()
            except Exception as error:
                metrics.set_ready("folding", False)
                known = is_the_databases_fault(error)
                log.warning("Folding stopped and starts again: %s", str(error).strip(), exc_info=not known)
                self._stopping.wait(RETRY_S)

    def _fold_while_connected(self) -> None:
        upkeep.ensure_partitions(self._clock.now())
        folding = Folding(self._database_url, self._told, self._clock)
        balanced_at = measured_at = float("-inf")
        try:
            while not self._stopping.is_set():
                now = self._clock.monotonic()
                if now - balanced_at >= BALANCE_EVERY_S:
                    folding.balance()
                    balanced_at = now
                    metrics.set_ready("folding", True)
                    folding.close_given_up()
                self._wake.clear()
                folded = folding.fold_some()
                gauges.FOLDED.inc(folded)
                gauges.SHARDS.set(len(folding.shards))
                if now - measured_at >= LAG_EVERY_S:
                    gauges.measure(reader.lag(folding.reading, READER), folding.quarantined)
                    measured_at = now
                if not folded:
                    self._wake.wait(POLL_S)
                self._stopping.wait(max(0.0, now + ROUND_S - self._clock.monotonic()))
            folding.write_waiting()
        finally:
            folding.close()
