"""A desk: subscriptions, batches, dispatch and the sweep of lost gateways, in one process."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Final

from nats.aio.subscription import Subscription

from ohmstead.bus import subjects
from ohmstead.bus.client import Bus, Handler, Message
from ohmstead.bus.messages import (
    AdmitReply,
    AdmitRequest,
    AuthoriseReply,
    AuthoriseRequest,
    DoorRefused,
    GatewaySeen,
    LinkTaken,
)
from ohmstead.kit.clock import Clock
from ohmstead.network import presence
from ohmstead.network.admission import admit, note_refused
from ohmstead.run import metrics
from ohmstead.run.desk.batches import Batches
from ohmstead.run.desk.certificates import CertificateDesk, CertificateSources
from ohmstead.run.desk.database import DatabaseAway, DatabaseThread
from ohmstead.run.desk.dispatcher import Dispatcher
from ohmstead.run.desk.live import tell_live

log = logging.getLogger(__name__)

# How long the gateways wait for one question; an answer to nobody is work for nothing.
ADMIT_USEFUL_S: Final = 4.0
AUTHORISE_USEFUL_S: Final = 5.0
WORD_USEFUL_S: Final = 10.0
WATCH_EVERY_S: Final = 5.0
SWEEP_AFTER_S: Final = 20.0  # of unbroken bus: silence counts only while we could have heard


type Decide = Callable[[Sequence[AuthoriseRequest]], Sequence[AuthoriseReply]]


class Desk:
    """`decide` answers whether presented tokens may charge; `certificates` says whom to ask for the cars."""

    def __init__(
        self,
        database_url: str,
        nats_url: str,
        clock: Clock,
        decide: Decide,
        certificates: CertificateSources,
        watch_every_s: float = WATCH_EVERY_S,
    ) -> None:
        self._watch_every_s = watch_every_s
        self._urls = database_url, nats_url
        self._clock = clock
        self._bus = Bus("desk")
        self._database = DatabaseThread(clock)
        self._dispatcher = Dispatcher(self._bus, self._database, clock)
        self._admissions = Batches(
            AdmitRequest, admit, self._admitted, useful_s=ADMIT_USEFUL_S, database=self._database, clock=clock
        )
        self._verdicts = Batches(
            AuthoriseRequest, decide, self._decided, useful_s=AUTHORISE_USEFUL_S, database=self._database, clock=clock
        )
        self._gateways = Batches(
            GatewaySeen,
            self._note_gateways,
            self._gateways_noted,
            useful_s=WORD_USEFUL_S,
            database=self._database,
            clock=clock,
        )
        self._refused = Batches(
            DoorRefused, self._note_refused, _no_answer, useful_s=WORD_USEFUL_S, database=self._database, clock=clock
        )
        self._certificates = CertificateDesk(certificates, self._database, clock)
        self._answering: list[asyncio.Task[None]] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._subscriptions: list[Subscription] = []

    async def start(self) -> None:
        """Returns when NATS is there and every subject is served."""
        database_url, nats_url = self._urls
        metrics.set_ready("bus", False)
        metrics.set_ready("database", False)
        await self._bus.connect(nats_url)
        for subject, batches in (
            (subjects.ADMIT, self._admissions),
            (subjects.AUTHORISE, self._verdicts),
            (subjects.GATEWAY_SEEN, self._gateways),
            (subjects.DOOR_REFUSED, self._refused),
        ):
            self._answering.append(asyncio.create_task(batches.run()))
            await self._serve(subject, batches.take)
        await self._serve(subjects.CERTIFICATE, self._certificates.take)
        await self._bus.flush()
        self._own(self._dispatcher.run())
        self._own(self._dispatcher.listen(database_url))
        self._own(self._watch())

    async def stop(self) -> None:
        """Take nothing new, answer what was taken, leave."""
        for subscription in self._subscriptions:
            if self._bus.connected:
                await subscription.drain()  # what has reached this process is still taken
        for batches in (self._admissions, self._verdicts, self._gateways, self._refused):
            batches.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._answering, *self._tasks, return_exceptions=True)
        await self._certificates.close()
        await self._bus.close()
        await self._database.close()

    async def _serve(self, subject: str, handler: Handler) -> None:
        self._subscriptions.append(await self._bus.subscribe(subject, handler, queue=subjects.DESK_GROUP))

    def _own(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.append(asyncio.create_task(work))

    async def _admitted(self, message: Message, request: AdmitRequest, reply: AdmitReply) -> None:
        await message.respond(reply)
        if reply.station_id is not None:
            taken = LinkTaken(station_id=reply.station_id, epoch=reply.epoch, gateway=request.gateway)
            await self._bus.publish(subjects.LINK_TAKEN, taken)

    async def _decided(self, message: Message, request: AuthoriseRequest, reply: AuthoriseReply) -> None:
        await message.respond(reply)

    async def _watch(self) -> None:
        """Say what is there, and let stations of lost gateways go offline."""
        heard_since: float | None = None
        while True:
            now = self._clock.monotonic()
            if not self._bus.connected:
                heard_since = None
            elif heard_since is None:
                heard_since = now
            metrics.set_ready("bus", self._bus.connected)
            metrics.set_ready("database", await self._database.answers())
            if heard_since is not None and now - heard_since >= SWEEP_AFTER_S:
                await self._sweep()
            await asyncio.sleep(self._watch_every_s)

    async def _sweep(self) -> None:
        try:
            gone = await self._database.run(lambda: presence.sweep(self._clock.now()))
        except DatabaseAway:
            return
        except Exception:
            log.exception("The sweep of lost gateways goes on after an error")
            return
        if gone:
            log.warning("%d stations went offline with their gateway.", sum(map(len, gone.values())))
            await tell_live(self._bus, "stations", gone)

    def _note_gateways(self, words: Sequence[GatewaySeen]) -> list[presence.Told]:
        """The whole batch's news stands beside its first word."""
        told = presence.gateways_seen(words, self._clock.now())
        return [told, *({} for _ in words[1:])]

    async def _gateways_noted(self, message: Message, request: GatewaySeen, told: presence.Told) -> None:
        await tell_live(self._bus, "stations", told)

    def _note_refused(self, words: Sequence[DoorRefused]) -> list[None]:
        note_refused(words, at=self._clock.now())
        return [None] * len(words)


async def _no_answer(message: Message, request: DoorRefused, answer: None) -> None:
    """A gateway's word asks nothing."""
