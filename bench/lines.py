"""Stations' sockets without any library between: the load must cost little, or it measures itself."""

import base64
import os
import socket
from collections.abc import Iterator

from bench.frames import masked, pong

_READ_BYTES = 65536


class LineBroken(RuntimeError):
    """The server refused or closed a station's line, or answered with an error."""


class Line:
    """One station's WebSocket, blocking while it is set up and non-blocking under load."""

    __slots__ = ("_rest", "frames", "identity", "is_station", "sent_at_ns", "socket")

    def __init__(self, identity: str, connected: socket.socket) -> None:
        self.identity = identity
        self.socket = connected
        self.is_station = True  # False: an echo, which sends our own calls back
        self.frames: Iterator[bytes] = iter(())
        self.sent_at_ns = 0
        self._rest = b""

    def feed(self, data: bytes) -> list[bytes]:
        """The text payloads complete so far; pings are answered on the way."""
        payloads = []
        data = self._rest + data
        while (frame := server_frame(data)) is not None:
            opcode, payload, size = frame
            data = data[size:]
            if opcode == 0x1 and self.is_station and payload.startswith(b"[2"):
                self._decline(payload)
            elif opcode == 0x1:
                payloads.append(payload)
            elif opcode == 0x9:
                self.socket.send(pong(payload))
            elif opcode == 0x8:
                raise LineBroken(f"{self.identity} was closed: {payload[:2].hex()} {payload[2:]!r}")
        self._rest = data
        return payloads

    def _decline(self, call: bytes) -> None:
        """The server asks something of the station: nothing here can do it."""
        message_id = call.split(b'"', 2)[1]
        self.socket.send(masked(b'[4,"' + message_id + b'","NotImplemented","",{}]'))

    def receive(self) -> bytes:
        """Block until the next text payload."""
        while True:
            if found := self.feed(b""):
                return found[0]
            data = self.socket.recv(_READ_BYTES)
            if not data:
                raise LineBroken(f"{self.identity} was closed without a word")
            if found := self.feed(data):
                return found[0]

    def catch_up(self) -> None:
        """Answer what came unasked, such as pings, without waiting for anything."""
        patience_s = self.socket.gettimeout()
        self.socket.setblocking(False)
        try:
            data = self.socket.recv(_READ_BYTES)
        except BlockingIOError:
            return
        finally:
            self.socket.settimeout(patience_s)
        if not data:
            raise LineBroken(f"{self.identity} was closed without a word")
        self.feed(data)

    def say(self, payload: str) -> None:
        """Send one call; `receive` blocks for its answer."""
        self.socket.sendall(masked(payload.encode()))

    def close(self) -> None:
        self.socket.close()


def server_frame(data: bytes) -> tuple[int, bytes, int] | None:
    """(opcode, payload, bytes taken) of the first frame, None while it is incomplete."""
    if len(data) < 2:
        return None
    size, at = data[1] & 0x7F, 2
    if size == 126:
        size, at = int.from_bytes(data[2:4]), 4
    elif size == 127:
        size, at = int.from_bytes(data[2:10]), 10
    if len(data) < at + size:
        return None
    return data[0] & 0x0F, data[at : at + size], at + size


def upgrade_request(identity: str, port: int, subprotocol: str, password: str | None = None) -> bytes:
    lines = [
        f"GET /ocpp/{identity} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
        "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Protocol: {subprotocol}",
    ]
    if password is not None:
        lines.append(f"Authorization: Basic {base64.b64encode(f'{identity}:{password}'.encode()).decode()}")
    return "\r\n".join([*lines, "", ""]).encode()


def connect(identity: str, port: int, subprotocol: str = "ocpp1.6", password: str | None = None) -> Line:
    """A line that is open: the server switched protocols."""
    connected = socket.create_connection(("127.0.0.1", port), timeout=20)
    connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connected.sendall(upgrade_request(identity, port, subprotocol, password))
    head = b""
    while b"\r\n\r\n" not in head:
        data = connected.recv(_READ_BYTES)
        if not data:
            break
        head += data
    status, _, rest = head.partition(b"\r\n\r\n")
    if not status.startswith(b"HTTP/1.1 101"):
        raise LineBroken(f"{identity} was refused: {head[:300]!r}")
    line = Line(identity, connected)
    line._rest = rest
    return line
