"""Open pages of the list of stations, each a raw stream of server-sent events as a browser holds it."""

import re
import selectors
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.large_network import session_key

_READ_BYTES = 1 << 16
_ROW = re.compile(
    r'<tr id="station-.*?href="/console/stations/(?P<identity>[^"/]+)".*?class="plug [^"]*" title="(?P<word>[^"]+)"',
    re.S,
)


class StreamBroken(RuntimeError):
    """The web refused or closed a console's stream."""


@dataclass(slots=True)
class Console:
    socket: socket.socket
    shows: set[str] = field(default_factory=set)  # identities of its rows
    waits_for: dict[str, tuple[str, float]] = field(default_factory=dict)  # identity -> word, sent at
    rest: str = ""


class Consoles:
    """`waits_ms`: from each frame sent to the event with its row read, per console that shows the station."""

    def __init__(self, port: int, addresses: Sequence[str]) -> None:
        self.waits_ms: list[float] = []
        self.expected = 0
        self.bytes_read = 0
        self._selector = selectors.DefaultSelector()
        self._consoles = [Console(_opened(port, number, address)) for number, address in enumerate(addresses)]

    def __enter__(self) -> "Consoles":
        for console in self._consoles:
            console.socket.setblocking(False)
            self._selector.register(console.socket, selectors.EVENT_READ, console)
        return self

    def __exit__(self, *_: object) -> None:
        self._selector.close()
        for console in self._consoles:
            console.socket.close()

    @property
    def rows(self) -> list[int]:
        """How many stations each shows."""
        return [len(console.shows) for console in self._consoles]

    def expect(self, identity: str, word: str, sent_at: float) -> None:
        """Whoever shows the station shall show this word."""
        for console in self._consoles:
            if identity in console.shows:
                console.waits_for[identity] = (word, sent_at)
                self.expected += 1

    def listen_for(self, seconds: float) -> None:
        until = time.perf_counter() + seconds
        while (left := until - time.perf_counter()) > 0:
            for key, _ in self._selector.select(left):
                self._read(key.data)

    def _read(self, console: Console) -> None:
        data = console.socket.recv(_READ_BYTES)
        if not data:
            raise StreamBroken("the web closed a console's stream")
        self.bytes_read += len(data)
        *events, console.rest = (console.rest + data.decode("utf-8", "replace")).split("\n\n")
        now = time.perf_counter()
        for event in events:
            for row in _ROW.finditer(event):
                console.shows.add(row["identity"])
                awaited = console.waits_for.get(row["identity"])
                if awaited is not None and awaited[0] == row["word"]:
                    del console.waits_for[row["identity"]]
                    self.waits_ms.append((now - awaited[1]) * 1e3)


def _opened(port: int, number: int, address: str) -> socket.socket:
    """HTTP/1.0, so that the events come as they are, without chunks around them."""
    connected = socket.create_connection(("127.0.0.1", port), timeout=20)
    cookie = f"sessionid={session_key(number)}"
    connected.sendall(f"GET {address} HTTP/1.0\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n".encode())
    head = b""
    while b"\r\n\r\n" not in head:
        byte = connected.recv(1)
        if not byte:
            break
        head += byte
    if not head.startswith((b"HTTP/1.1 200", b"HTTP/1.0 200")):
        raise StreamBroken(f"console {number} was refused: {head[:200]!r}")
    return connected
