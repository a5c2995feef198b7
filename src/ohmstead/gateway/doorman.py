"""Reads the upgrade request itself, so that admission can be asked for before the handshake is answered.

picows answers a handshake at once; here the socket waits for the desk, then gets a refusal in plain HTTP or is handed
over to picows as if it had just connected.
"""

import asyncio
import logging
from typing import TYPE_CHECKING, Final, cast

from picows import WSAutoPingStrategy, WSUpgradeResponse, WSUpgradeResponseWithListener
from picows.picows import WSProtocol  # type: ignore[attr-defined]

from ohmstead.gateway.link import Link
from ohmstead.gateway.upgrade import (
    END_OF_HEAD,
    MOST_HEAD_BYTES,
    Upgrade,
    UpgradeRefused,
    minimal_request,
    read_address,
    read_head,
    read_upgrade,
    refusal_response,
)

if TYPE_CHECKING:
    from ohmstead.gateway.door import Door

log = logging.getLogger(__name__)
_quiet: Final = logging.getLogger("ohmstead.gateway.socket")
_quiet.setLevel(logging.CRITICAL)  # picows formats a line per connection otherwise
_READ_BUFFER_BYTES: Final = 4096  # 16 kB resident per idle connection; the default of picows needs 28 kB


class Doorman(asyncio.Protocol):
    """Lives from accept to handover."""

    __slots__ = ("_data", "_door", "_timer", "_transport", "_welcome", "secure")

    def __init__(self, door: "Door", secure: bool) -> None:
        self._door = door
        self._data = b""
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._welcome = True
        self.secure = secure

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._welcome = self._door.arrived(self)
        self._timer = asyncio.get_running_loop().call_later(self._door.head_timeout_s, self._too_slow)

    def data_received(self, data: bytes) -> None:
        self._data += data
        end = self._data.find(END_OF_HEAD)
        if end < 0:
            if len(self._data) > MOST_HEAD_BYTES:
                self.refuse(431, "The request head is too long.")
            return
        if self._timer is not None:
            self._timer.cancel()
        assert self._transport is not None
        self._transport.pause_reading()
        head, self._data = self._data[:end], self._data[end + len(END_OF_HEAD) :]
        self._read(head)

    def connection_lost(self, error: Exception | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._door.left(self)
        self._transport = None

    @property
    def gone(self) -> bool:
        return self._transport is None or self._transport.is_closing()

    @property
    def remote_address(self) -> str:
        peer = self._transport.get_extra_info("peername") if self._transport else None
        return str(peer[0]) if peer else ""

    @property
    def ssl_object(self) -> object | None:
        return self._transport.get_extra_info("ssl_object") if self._transport else None

    def refuse(self, status: int, sentence: str) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(refusal_response(status, sentence))
            self._transport.close()

    def hand_over(self, link: Link, upgrade: Upgrade) -> None:
        """Make the socket a WebSocket of picows that talks to `link`."""
        transport = self._transport
        assert transport is not None
        self._door.left(self)
        self._transport = None
        response = WSUpgradeResponse.create_101_response({"Sec-WebSocket-Protocol": link.dialect.subprotocol})
        protocol = WSProtocol(
            None, None, False, lambda request: WSUpgradeResponseWithListener(response, link), _quiet, True,
            5, False, 20, 20, WSAutoPingStrategy.PING_WHEN_IDLE, False,
            self._door.frame_bytes, None, _READ_BUFFER_BYTES,
        )  # fmt: skip
        transport.set_protocol(protocol)
        protocol.connection_made(transport)
        pending = minimal_request(upgrade.websocket_key) + self._data
        while pending:
            room = memoryview(protocol.get_buffer(len(pending)))
            size = min(len(room), len(pending))
            room[:size] = pending[:size]
            pending = pending[size:]
            protocol.buffer_updated(size)
        transport.resume_reading()

    def _read(self, data: bytes) -> None:
        if not self._welcome:
            self.refuse(503, "This gateway is full. Try again in a moment.")
            return
        organisation, identity = None, ""
        try:
            head = read_head(data)
            organisation, identity = read_address(head.path)
            upgrade = read_upgrade(head, organisation, identity)
        except UpgradeRefused as refused:
            self._door.refused(self, organisation, identity, refused)
        else:
            self._door.knock(self, upgrade)

    def _too_slow(self) -> None:
        self.refuse(408, "No upgrade request arrived in time.")
