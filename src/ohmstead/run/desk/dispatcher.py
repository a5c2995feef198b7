"""Commands on their way: from the rows to the gateways, and the outcome back into the rows."""

import asyncio
import contextlib
import logging
from typing import Final

import msgspec
import psycopg

from ohmstead.access import live
from ohmstead.bus import subjects
from ohmstead.bus.client import Bus, BusUnavailable, NobodyServes
from ohmstead.bus.messages import CallReply, CallRequest, StationChanged
from ohmstead.kit.clock import Clock
from ohmstead.network import bulks, dispatch
from ohmstead.network.commands import WAKE_CHANNEL
from ohmstead.run.desk.database import DatabaseAway, DatabaseThread
from ohmstead.run.desk.live import tell_live
from ohmstead.station.commands import CommandOutcome

log = logging.getLogger(__name__)

POLL_S: Final = 1.0
CALL_TIMEOUT_S: Final = 30.0
# The gateway sends one call at a time to a station, so ours may wait for another one to end.
REPLY_TIMEOUT_S: Final = 2 * CALL_TIMEOUT_S + 5.0
MOST_UNDER_WAY: Final = 2_000
GIVE_UP_EVERY_S: Final = 10.0
_LISTEN_AGAIN_S: Final = 1.0


class Dispatcher:
    def __init__(self, bus: Bus, database: DatabaseThread, clock: Clock) -> None:
        self._clock = clock
        self._bus = bus
        self._database = database
        self._wake = asyncio.Event()
        self._under_way: set[asyncio.Task[None]] = set()

    def wake(self) -> None:
        self._wake.set()

    async def run(self) -> None:
        """Claim and send until cancelled; a command under way at that moment is ended by the journal or by age."""
        loop = asyncio.get_running_loop()
        give_up_at = loop.time()
        try:
            while True:
                self._wake.clear()
                try:
                    await self._announce()
                    await self._advance_bulks()
                    await self._claim()
                    if loop.time() >= give_up_at:
                        give_up_at = loop.time() + GIVE_UP_EVERY_S
                        ended = await self._database.run(lambda: dispatch.give_up_old(self._clock.now()))
                        await tell_live(self._bus, "commands", ended)
                except DatabaseAway:
                    pass
                except Exception:
                    log.exception("Dispatching goes on after an error")
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), POLL_S)
        finally:
            for task in list(self._under_way):
                task.cancel()
            await asyncio.gather(*self._under_way, return_exceptions=True)

    async def listen(self, database_url: str) -> None:
        """Wake on PostgreSQL's NOTIFY, and pass on what the pages must hear; without it the poll finds the work."""
        while True:
            try:
                connection = await psycopg.AsyncConnection.connect(database_url, autocommit=True)
                async with connection:
                    await connection.execute(f"LISTEN {WAKE_CHANNEL}")
                    await connection.execute(f"LISTEN {live.CHANNEL}")
                    self.wake()
                    async for heard in connection.notifies():
                        await self._heard(heard)
            except psycopg.Error as error:
                log.debug("Not listening: %s", error)
            await asyncio.sleep(_LISTEN_AGAIN_S)

    async def _heard(self, heard: psycopg.Notify) -> None:
        if heard.channel != live.CHANNEL:
            self.wake()
            return
        with contextlib.suppress(ValueError):
            topic, organisation_id, ids = live.told(heard.payload)
            await tell_live(self._bus, topic, {organisation_id: ids})

    async def _announce(self) -> None:
        if not self._bus.connected:
            return
        rows = await self._database.run(dispatch.announcements)
        for row in rows:
            changed = StationChanged(station_id=row.station_id, admission=row.admission, close=row.close)
            await self._bus.publish(subjects.STATION_CHANGED, changed)
        if rows and self._bus.connected:
            ids = [row.id for row in rows]
            await self._database.run(lambda: dispatch.announced(ids))

    async def _advance_bulks(self) -> None:
        moved = await self._database.run(lambda: bulks.advance(self._clock.now()))
        await tell_live(self._bus, "commands", moved)

    async def _claim(self) -> None:
        if not self._bus.connected or len(self._under_way) >= MOST_UNDER_WAY:
            return
        found = await self._database.run(lambda: dispatch.claim(self._clock.now()))
        await tell_live(self._bus, "commands", dispatch.told(found))
        for claimed in found:
            task = asyncio.create_task(self._send(claimed))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def _send(self, claimed: dispatch.Claimed) -> None:
        outcome = await self._ask(claimed)
        with contextlib.suppress(DatabaseAway):  # then it ends by the journal's word, or by its age
            if outcome is None:
                await self._database.run(lambda: dispatch.give_back([claimed.id]), within_s=30)
                return
            if outcome is dispatch.OFFLINE:
                await self._database.run(lambda: dispatch.not_connected(claimed.id, self._clock.now()), within_s=30)
            else:
                ended = {claimed.id: outcome}
                await self._database.run(lambda: dispatch.end(ended, self._clock.now()), within_s=30)
            await tell_live(self._bus, "commands", {claimed.organisation_id: {claimed.id}})
            await tell_live(self._bus, "stations", {claimed.organisation_id: {claimed.station_id}})
            self.wake()  # the station's next command

    async def _ask(self, claimed: dispatch.Claimed) -> CommandOutcome | None:
        """None: it never left."""
        if not claimed.gateway:
            return dispatch.OFFLINE
        request = CallRequest(
            station_id=claimed.station_id,
            command=msgspec.Raw(claimed.command),
            timeout_s=CALL_TIMEOUT_S,
            message_id=str(claimed.id),
        )
        try:
            reply = await self._bus.request(
                subjects.gateway_calls(claimed.gateway), request, CallReply, timeout_s=REPLY_TIMEOUT_S
            )
        except NobodyServes:
            return dispatch.OFFLINE
        except BusUnavailable as error:
            if not self._bus.connected:
                return None
            return CommandOutcome(state="timed_out", reason=str(error))
        return dispatch.outcome_of(reply.state, reply.reason, reply.payload)
