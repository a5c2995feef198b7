"""The gateway: listeners, what it hears and says on the bus, and its end."""

import asyncio
import logging
import socket
import ssl
from collections.abc import Callable

import msgspec

from ohmstead.bus import subjects
from ohmstead.bus.client import Bus, Message
from ohmstead.bus.messages import CallReply, CallRequest, GatewaySeen, JournalAppended, LinkTaken, StationChanged
from ohmstead.gateway.door import Door
from ohmstead.gateway.doorman import Doorman
from ohmstead.gateway.settings import GatewaySettings
from ohmstead.gateway.switchboard import Switchboard
from ohmstead.gateway.tls import server_context
from ohmstead.journal.writer import JournalWriter
from ohmstead.kit.clock import Clock
from ohmstead.station.commands import AnyCommand

log = logging.getLogger(__name__)

_BACKLOG = 4096
_TLS_HANDSHAKE_S = 20.0
# What one turn of the loop can be made to read from one station: a default of several megabytes is seconds of work.
_RECEIVE_BYTES = 16 * 1024
_WAKE_EVERY_S = 0.02  # readers are woken at most so often
_STOPPING = "the gateway is restarting"
_read_command = msgspec.json.Decoder(AnyCommand).decode


class Gateway:
    """`start` with an open journal and a connected bus; `drain` once, at the end."""

    def __init__(self, settings: GatewaySettings, journal: JournalWriter, bus: Bus, clock: Clock) -> None:
        self.settings = settings
        self.board = Switchboard(settings, journal, bus, clock)
        self.door = Door(self.board, bus)
        self._journal, self._bus = journal, bus
        self._servers: list[asyncio.Server] = []
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._draining = False
        self.port: int | None = None
        self.tls_port: int | None = None

    async def start(self) -> None:
        await self._bus.subscribe(subjects.gateway_calls(self.settings.name), self._on_call)
        await self._bus.subscribe(subjects.LINK_TAKEN, self._on_link_taken)
        await self._bus.subscribe(subjects.STATION_CHANGED, self._on_station_changed)
        await self._bus.flush()
        self._journal.on_commit = self._on_commit
        if self.settings.port is not None:
            self.port = await self._listen(self.settings.port, None)
        if self.settings.tls is not None and self.settings.tls_port is not None:
            self.tls_port = await self._listen(self.settings.tls_port, server_context(self.settings.tls))
        self._sweep()
        self._say_seen()

    async def drain(self) -> None:
        """Take nothing new, answer what is stored, close every line; stopping the journal stores the last entries."""
        self._draining = True
        self.door.open = False
        for server in self._servers:
            server.close()
        await self._bus.publish(subjects.GATEWAY_SEEN, self._seen())
        await self.board.drain(_STOPPING, self.settings.drain_s)
        for timer in self._timers.values():
            timer.cancel()
        await self.board.end()

    async def _listen(self, port: int, context: ssl.SSLContext | None) -> int:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: Doorman(self.door, context is not None),
            self.settings.host,
            port,
            backlog=_BACKLOG,
            ssl=context,
            ssl_handshake_timeout=_TLS_HANDSHAKE_S if context else None,
        )
        for listening in server.sockets:
            with listening.dup() as same:
                same.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BYTES)  # accepted sockets inherit it
        self._servers.append(server)
        return int(server.sockets[0].getsockname()[1])

    # timers

    def _sweep(self) -> None:
        self._again("sweep", self.settings.sweep_s, self._sweep)
        self.board.sweep()

    def _say_seen(self) -> None:
        self._again("seen", self.settings.seen_s, self._say_seen)
        self.board.own(self._bus.publish(subjects.GATEWAY_SEEN, self._seen()))

    def _again(self, name: str, after_s: float, act: Callable[[], None]) -> None:
        self._timers[name] = asyncio.get_running_loop().call_later(after_s, act)

    def _seen(self) -> GatewaySeen:
        return GatewaySeen(
            gateway=self.settings.name,
            stream=self._journal.stream,
            connections=len(self.board.links),
            entries_total=self._journal.counts.rows,
            draining=self._draining,
        )

    def _on_commit(self, seq: int) -> None:
        if "wake" not in self._timers:
            self._timers["wake"] = asyncio.get_running_loop().call_later(_WAKE_EVERY_S, self._wake)

    def _wake(self) -> None:
        del self._timers["wake"]
        news = JournalAppended(stream=self._journal.stream, seq=self._journal.seq)
        self.board.own(self._bus.publish(subjects.JOURNAL_APPENDED, news))

    # the bus

    async def _on_call(self, message: Message) -> None:
        self.board.own(self._serve(message))  # one station's slow answer holds up no other

    async def _serve(self, message: Message) -> None:
        request = message.decode(CallRequest)
        try:
            command = _read_command(request.command)
        except msgspec.DecodeError as error:
            await message.respond(CallReply(state="failed", reason=f"This command cannot be read: {error}"))
            return
        reply = await self.board.ask(request.station_id, command, request.timeout_s, request.message_id)
        await message.respond(reply)

    async def _on_link_taken(self, message: Message) -> None:
        self.board.taken(message.decode(LinkTaken))

    async def _on_station_changed(self, message: Message) -> None:
        self.board.changed(message.decode(StationChanged))
