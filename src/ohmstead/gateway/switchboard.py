"""Who is connected here, and what all links of a gateway share."""

import asyncio
import logging
from collections.abc import Coroutine
from uuid import UUID

from ohmstead.bus.client import Bus
from ohmstead.bus.messages import CallReply, LinkTaken, StationChanged
from ohmstead.gateway.arrivals import Arrivals
from ohmstead.gateway.counts import Counts
from ohmstead.gateway.holding import Hold
from ohmstead.gateway.link import Link
from ohmstead.gateway.moment import Moment
from ohmstead.gateway.settings import ADMITTED, GatewaySettings
from ohmstead.gateway.verdicts import Verdicts
from ohmstead.journal.writer import JournalWriter
from ohmstead.kit.clock import Clock
from ohmstead.station.commands import AnyCommand

log = logging.getLogger(__name__)

_ANSWERS_AGE_EVERY_S = 60.0
_FAREWELL_S = 1.0
_FAREWELL_STEP_S = 0.02


class Switchboard:
    """At most one link per station: the one with the highest epoch."""

    def __init__(self, settings: GatewaySettings, journal: JournalWriter, bus: Bus, clock: Clock) -> None:
        limits = settings.limits
        self.settings, self.journal, self.clock = settings, journal, clock
        self.moment = Moment(clock)
        self.arrivals = Arrivals(self.moment)
        self.counts = Counts()
        self.verdicts = Verdicts(bus, settings.policy, clock, self.counts)
        self.links: dict[UUID, Link] = {}
        self.closing: set[Link] = set()  # told why, and waiting for the other side to close
        self.waiting_for_room: dict[Link, None] = {}  # in the order they were stopped: first come, first served
        self.most_calls_per_sweep = max(1, round(limits.calls_per_s * settings.sweep_s))
        self.most_unanswered = limits.unanswered_calls
        self.most_unanswered_bytes = limits.unanswered_bytes
        self.sweeps_per_ping = max(1, round(settings.ping_s / settings.sweep_s))
        self._sweeps_per_age = max(1, round(_ANSWERS_AGE_EVERY_S / settings.sweep_s))
        self._sweeps = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._decisions: set[asyncio.Task[None]] = set()
        journal.on_room = self._room

    def enter(self, link: Link) -> None:
        """A newer connection of the same station wins at once."""
        held = self.links.get(link.station_id)
        if held is not None and held.epoch > link.epoch:
            link.close("a newer connection of this station was here first")
            return
        self.links[link.station_id] = link
        if held is not None:
            self._take_over(held)

    def leave(self, link: Link) -> None:
        self.waiting_for_room.pop(link, None)
        if self.links.get(link.station_id) is link:
            del self.links[link.station_id]

    def taken(self, news: LinkTaken) -> None:
        """Another gateway holds this station now."""
        link = self.links.get(news.station_id)
        if link is not None and link.epoch < news.epoch and news.gateway != self.settings.name:
            self._take_over(link)

    def changed(self, news: StationChanged) -> None:
        link = self.links.get(news.station_id)
        if link is None:
            return
        link.admission = news.admission
        if news.close is not None:
            link.close(news.close)
        elif news.admission not in ADMITTED:
            link.close("the operator refused this station")

    async def ask(
        self, station_id: UUID, command: AnyCommand, timeout_s: float, message_id: str | None = None
    ) -> CallReply:
        link = self.links.get(station_id)
        if link is None:
            return CallReply(state="offline", reason="The station is not connected to this gateway.")
        return await link.calls.ask(command, timeout_s, message_id)

    def sweep(self) -> None:
        """Look at every line once; called every `sweep_s`."""
        self._sweeps += 1
        age = self._sweeps % self._sweeps_per_age == 0
        for link in tuple(self.links.values()):
            link.look()
            if age:
                link.conversation.age()

    async def drain(self, reason: str, timeout_s: float) -> None:
        """Read no more, answer what was read, then close every line."""
        links = tuple(self.links.values())
        for link in links:
            link.hold(Hold.DRAINING)
        self.arrivals.hear()
        try:
            async with asyncio.timeout(timeout_s):
                while self._decisions:
                    await asyncio.wait(tuple(self._decisions))
                await self.journal.flush()
        except TimeoutError:
            log.warning("Some stations leave without an answer; they will send again.")
        for link in links:
            link.close(reason)
        for _ in range(round(_FAREWELL_S / _FAREWELL_STEP_S)):
            if not self.closing:
                break
            await asyncio.sleep(_FAREWELL_STEP_S)

    def decide(self, work: Coroutine[None, None, None]) -> None:
        """A station waits for what this finds out; the drain waits too."""
        task = self.own(work)
        self._decisions.add(task)
        task.add_done_callback(self._decisions.discard)

    def own(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        """Work on the side, until `end`."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    async def end(self) -> None:
        """After the drain: give answers on the bus a moment, then stop what is left."""
        tasks = tuple(self._tasks)
        if tasks:
            await asyncio.wait(tasks, timeout=1.0)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("Work for a station failed", exc_info=error)

    def _take_over(self, link: Link) -> None:
        self.counts.taken_over += 1
        link.close("a newer connection of this station took over")

    def _room(self) -> None:
        waiting, self.waiting_for_room = self.waiting_for_room, {}
        for link in waiting:
            link.release(Hold.JOURNAL_FULL)
