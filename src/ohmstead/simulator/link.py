"""The socket of one station: connects, comes back with patience, keeps one call outstanding, answers calls."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from ssl import SSLContext
from typing import Any, Protocol

import msgspec
from picows import WSCloseCode, WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from ohmstead.kit.ids import uuid7
from ohmstead.simulator.outbox import CallFailed, Outgoing

log = logging.getLogger(__name__)

READ_BUFFER_BYTES = 4096
HANDSHAKE_TIMEOUT_S = 20.0
TIMEOUTS_TO_HANG_UP = 2

decode = msgspec.json.decode
encode = msgspec.json.encode


class CallRefused(Exception):
    """A call this station answers with a CALLERROR."""

    def __init__(self, code: str, text: str = "") -> None:
        super().__init__(code)
        self.code, self.text = code, text


class CallIgnored(Exception):
    """A call this station leaves without an answer."""


class Owner(Protocol):
    """What a link needs of its station."""

    def link_up(self) -> None: ...
    def link_down(self) -> None: ...
    def next_call(self) -> Outgoing | None: ...
    def call_ended(self, call: Outgoing, result: dict[str, Any] | None, failure: CallFailed | None) -> None: ...
    def asked(self, action: str, payload: dict[str, Any]) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Door:
    """How to reach the network; a new one is asked for at each attempt, since passwords and profiles change."""

    url: str
    subprotocol: str
    headers: tuple[tuple[str, str], ...] = ()
    tls: SSLContext | None = None
    ping_s: float = 0.0  # 0: this station sends no WebSocket pings


@dataclass(slots=True)
class Backoff:
    """Waits double from `first_s` to `most_s`, each with as much jitter again."""

    random: Random
    first_s: float = 1.0
    most_s: float = 60.0
    tries: int = 0

    def next_s(self) -> float:
        base_s = min(self.most_s, self.first_s * 2**self.tries)
        self.tries = min(self.tries + 1, 16)
        return base_s * self.random.uniform(0.5, 1.5)

    def reset(self) -> None:
        self.tries = 0


type Acknowledged = Callable[[str, str, Outgoing], None]  # station, message id, call


class Link(WSListener):
    def __init__(self, identity: str, door: Callable[[], Door], owner: Owner, backoff: Backoff) -> None:
        self.identity = identity
        self.door = door
        self.owner = owner
        self.backoff = backoff
        self.call_timeout_s = 30.0
        self.acknowledged: Acknowledged | None = None
        self.watch: Callable[[str, str, bytes], None] | None = None  # identity, "in" or "out", frame
        self.last_refusal: str | None = None
        self._transport: WSTransport | None = None
        self._wanted = asyncio.Event()
        self._wanted.set()
        self._outstanding: tuple[str, Outgoing] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._timeouts = 0
        self._parts: list[bytes] = []

    @property
    def up(self) -> bool:
        return self._transport is not None

    @property
    def idle(self) -> bool:
        return self._outstanding is None

    async def run(self) -> None:
        """Keep connected until cancelled."""
        try:
            while True:
                await self._wanted.wait()
                transport = await self._connect()
                if transport:
                    await self._until_down(transport)
                if self._wanted.is_set():
                    await asyncio.sleep(self.backoff.next_s())
        finally:
            self._hang_up(WSCloseCode.GOING_AWAY)

    async def _until_down(self, transport: WSTransport) -> None:
        try:
            await transport.wait_disconnected()
        except Exception:  # the connection loop: a frame nobody can read costs this connection, not the station
            log.info("%s lost its connection", self.identity, exc_info=True)
        self._went_down(transport)

    def go_offline(self, *, graceful: bool = False) -> None:
        """As if the cable were pulled (or, graceful, closed in good order), until `come_online`."""
        self._wanted.clear()
        if graceful:
            self._hang_up(WSCloseCode.OK)
        elif self._transport:
            self._transport.disconnect(graceful=False)

    def come_online(self) -> None:
        self.backoff.reset()
        self._wanted.set()

    def reconnect(self) -> None:
        """Close and come back at once: a restart, or new credentials."""
        self.backoff.reset()
        self._hang_up(WSCloseCode.SERVICE_RESTART)

    def advance(self) -> None:
        """Send the next call when none is outstanding."""
        if self._outstanding or not self._transport:
            return
        call = self.owner.next_call()
        if call is None:
            return
        message_id = str(uuid7())
        call.attempts += 1
        self._outstanding = (message_id, call)
        self._timer = asyncio.get_running_loop().call_later(self.call_timeout_s, self._timed_out, message_id)
        self._send(encode([2, message_id, call.action, call.body]))

    def send_unconfirmed(self, action: str, payload: dict[str, Any]) -> None:
        """OCPP 2.1 SEND, frame type 6: nobody answers."""
        if self._transport:
            self._send(encode([6, str(uuid7()), action, payload]))

    # picows calls these

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._parts.clear()

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type is WSMsgType.CLOSE:
            transport.send_close(frame.get_close_code())
            transport.disconnect()
        elif frame.msg_type in (WSMsgType.TEXT, WSMsgType.CONTINUATION):
            self._parts.append(frame.get_payload_as_bytes())
            if frame.fin:
                data = b"".join(self._parts)
                self._parts.clear()
                self._heard(data)

    # inside

    async def _connect(self) -> WSTransport | None:
        try:
            door = self.door()
            transport = await self._opened(door)
        except Exception as refusal:  # the connection loop: whatever the peer or the network did, try again later
            self._refused(f"{type(refusal).__name__}: {refusal}")
            return None
        if transport.response is None:  # closed in the middle of the handshake: a plain client at a TLS door
            self._refused("the network closed the connection during the handshake")
            return None
        if transport.response.headers.get("Sec-WebSocket-Protocol") != door.subprotocol:
            self._refused(f"the network does not speak {door.subprotocol}")
            transport.disconnect()
            return None
        if not self._wanted.is_set():  # the cable was pulled meanwhile
            transport.disconnect(graceful=False)
            return None
        self.last_refusal = None
        self._transport, self._timeouts = transport, 0
        self.owner.link_up()
        self.advance()
        return transport

    async def _opened(self, door: Door) -> WSTransport:
        async with asyncio.timeout(HANDSHAKE_TIMEOUT_S):
            transport, _ = await ws_connect(
                lambda: self,
                door.url,
                ssl_context=door.tls,
                extra_headers=[("Sec-WebSocket-Protocol", door.subprotocol), *door.headers],
                websocket_handshake_timeout=HANDSHAKE_TIMEOUT_S,
                read_buffer_init_size=READ_BUFFER_BYTES,
                enable_auto_ping=door.ping_s > 0,
                auto_ping_idle_timeout=door.ping_s,
                auto_ping_reply_timeout=door.ping_s,
                max_redirects=0,
            )
        return transport

    def _refused(self, reason: str) -> None:
        if reason != self.last_refusal:
            log.info("%s cannot connect: %s", self.identity, reason)
        self.last_refusal = reason

    def _went_down(self, transport: WSTransport) -> None:
        if self._transport is not transport:
            return
        self._transport = None
        self._parts.clear()
        self._end_call(None, CallFailed("Offline"))
        self.owner.link_down()

    def _hang_up(self, code: WSCloseCode) -> None:
        if self._transport:
            self._transport.send_close(code)
            self._transport.disconnect()

    def _heard(self, data: bytes) -> None:
        if self.watch:
            self.watch(self.identity, "in", data)
        frame = decode(data)
        kind, message_id = frame[0], frame[1]
        if kind == 2:
            self._answer(message_id, frame[2], frame[3])
        elif self._outstanding and self._outstanding[0] == message_id:
            self._timeouts = 0
            if kind == 3:
                if self.acknowledged:
                    self.acknowledged(self.identity, message_id, self._outstanding[1])
                self._end_call(frame[2], None)
            else:
                self._end_call(None, CallFailed(frame[2], frame[3]))
            self.advance()

    def _answer(self, message_id: str, action: str, payload: dict[str, Any]) -> None:
        try:
            reply = encode([3, message_id, self.owner.asked(action, payload)])
        except CallIgnored:
            return
        except CallRefused as refusal:
            reply = encode([4, message_id, refusal.code, refusal.text, {}])
        except Exception:  # the connection loop: a station answers InternalError and lives on
            log.exception("%s could not answer %s", self.identity, action)
            reply = encode([4, message_id, "InternalError", "the station could not do this", {}])
        self._send(reply)
        self.advance()

    def _timed_out(self, message_id: str) -> None:
        if not self._outstanding or self._outstanding[0] != message_id:
            return
        self._timeouts += 1
        self._end_call(None, CallFailed("Timeout"))
        if self._timeouts >= TIMEOUTS_TO_HANG_UP and self._transport:
            log.info("%s hears nothing and reconnects", self.identity)
            self._transport.disconnect(graceful=False)
        else:
            self.advance()

    def _end_call(self, result: dict[str, Any] | None, failure: CallFailed | None) -> None:
        if self._timer:
            self._timer.cancel()
        outstanding, self._outstanding, self._timer = self._outstanding, None, None
        if outstanding:
            self.owner.call_ended(outstanding[1], result, failure)

    def _send(self, data: bytes) -> None:
        if self._transport:
            if self.watch:
                self.watch(self.identity, "out", data)
            self._transport.send(WSMsgType.TEXT, data)
