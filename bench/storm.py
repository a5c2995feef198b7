"""Thousands of stations at the door at once: connect, TLS, WebSocket upgrade, BootNotification, in one event loop."""

import errno
import select
import socket
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from bench.frames import masked
from bench.lines import LineBroken, server_frame, upgrade_request
from bench.provision import PASSWORD

_ADDRESSES = 8  # loopback source addresses, so that 10,000 sockets never run out of ports
_READ_BYTES = 4096


@dataclass(slots=True)
class Arrival:
    """One station on its way in."""

    identity: str
    socket: socket.socket
    state: str = "connecting"
    heard: bytes = b""
    served_s: float | None = None  # after the storm began
    refusal: str = ""


@dataclass(slots=True)
class Storm:
    """`at_once` bounds how many are on their way at the same time; all of them is a storm."""

    port: int
    subprotocol: str = "ocpp1.6"
    tls: ssl.SSLContext | None = None
    arrivals: list[Arrival] = field(default_factory=list)

    def run(self, identities: Sequence[str], at_once: int, timeout_s: float) -> float:
        """Seconds until the last station was served or refused."""
        begin = time.perf_counter()
        coming = iter(identities)
        epoll = select.epoll()
        on_way: dict[int, Arrival] = {}
        self._admit(coming, at_once, epoll, on_way)
        while on_way and time.perf_counter() - begin < timeout_s:
            for number, _ in epoll.poll(0.5, 512):
                arrival = on_way[number]
                try:
                    self._advance(arrival, epoll)
                except (OSError, LineBroken) as error:
                    if not isinstance(error, ssl.SSLWantReadError | ssl.SSLWantWriteError | BlockingIOError):
                        arrival.refusal = str(error)
                if arrival.state == "served" or arrival.refusal:
                    arrival.served_s = time.perf_counter() - begin
                    epoll.unregister(number)
                    del on_way[number]
            self._admit(coming, at_once, epoll, on_way)
        for arrival in on_way.values():
            arrival.refusal = f"still {arrival.state} after {timeout_s:.0f} s"
        epoll.close()
        return time.perf_counter() - begin

    @property
    def refused(self) -> list[Arrival]:
        return [arrival for arrival in self.arrivals if arrival.refusal]

    def close(self) -> None:
        for arrival in self.arrivals:
            arrival.socket.close()

    def _admit(self, coming: Iterator[str], at_once: int, epoll: select.epoll, on_way: dict[int, Arrival]) -> None:
        while len(on_way) < at_once and (identity := next(coming, None)) is not None:
            arrival = self._knock(identity)
            on_way[arrival.socket.fileno()] = arrival
            epoll.register(arrival.socket.fileno(), select.EPOLLOUT)

    def _knock(self, identity: str) -> Arrival:
        connecting = socket.socket()
        connecting.setblocking(False)
        connecting.setsockopt(socket.IPPROTO_IP, 24, 1)  # IP_BIND_ADDRESS_NO_PORT: ports are per destination
        connecting.bind((f"127.0.0.{2 + len(self.arrivals) % _ADDRESSES}", 0))
        status = connecting.connect_ex(("127.0.0.1", self.port))
        if status not in (0, errno.EINPROGRESS):
            raise OSError(status, "connect")
        if self.tls is not None:
            connecting = self.tls.wrap_socket(connecting, do_handshake_on_connect=False, suppress_ragged_eofs=True)
        arrival = Arrival(identity, connecting)
        self.arrivals.append(arrival)
        return arrival

    def _advance(self, arrival: Arrival, epoll: select.epoll) -> None:
        if arrival.state == "connecting":
            if error := arrival.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                raise OSError(error, "connect failed")
            arrival.state = "shaking hands"
            epoll.modify(arrival.socket.fileno(), select.EPOLLIN)
        if arrival.state == "shaking hands":
            if isinstance(arrival.socket, ssl.SSLSocket):
                arrival.socket.do_handshake()
            arrival.state = "upgrading"
            arrival.socket.send(upgrade_request(arrival.identity, self.port, self.subprotocol, PASSWORD))
            return
        data = arrival.socket.recv(_READ_BYTES)
        if not data:
            raise LineBroken(f"closed while {arrival.state}: {arrival.heard[:120]!r}")
        arrival.heard += data
        if arrival.state == "upgrading":
            self._upgraded(arrival)
        if arrival.state == "booting":
            _booted(arrival)

    def _upgraded(self, arrival: Arrival) -> None:
        head, found, rest = arrival.heard.partition(b"\r\n\r\n")
        if not found:
            return
        if not head.startswith(b"HTTP/1.1 101"):
            raise LineBroken(arrival.heard[:200].decode("latin-1"))
        arrival.heard = rest
        arrival.state = "booting"
        arrival.socket.send(boot(f"{arrival.identity}-{time.perf_counter_ns()}", self.subprotocol))


def boot(message_id: str, subprotocol: str) -> bytes:
    """BootNotification as a client frame."""
    if subprotocol == "ocpp1.6":
        payload = '{"chargePointVendor":"Bench","chargePointModel":"B1"}'
    else:
        payload = '{"reason":"PowerUp","chargingStation":{"vendorName":"Bench","model":"B1"}}'
    return masked(f'[2,"{message_id}","BootNotification",{payload}]'.encode())


def _booted(arrival: Arrival) -> None:
    while (frame := server_frame(arrival.heard)) is not None:
        opcode, payload, size = frame
        arrival.heard = arrival.heard[size:]
        if opcode == 0x8:
            raise LineBroken(f"closed: {payload[2:].decode('utf-8', 'replace')}")
        if payload.startswith(b"[3"):
            if b'"Accepted"' not in payload:
                raise LineBroken(payload.decode())
            arrival.state = "served"
            return


def quiet(context: ssl.SSLContext) -> ssl.SSLContext:
    """The bench looks at cost, not at trust: the server's certificate is its own authority's."""
    context.check_hostname = False
    with suppress(ValueError):
        context.verify_mode = ssl.CERT_NONE
    return context
