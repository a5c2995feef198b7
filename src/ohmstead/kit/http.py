"""The one way out: requests to addresses that others named (stations, partners, operators).

A request goes only to public addresses unless `allow_private` says otherwise; the name is resolved once and the
connection is made to the very address that was checked, so a second answer of the name server changes nothing.
Redirects are not followed, time and size are bounded.
"""

import ipaddress
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import urllib3

_PORTS: Final = {"http": 80, "https": 443}


class OutgoingRefused(ValueError):
    """The address may not be called; the sentence says why."""


class OutgoingFailed(OSError):
    """The address was called and did not answer as HTTP, in time and in size."""


@dataclass(frozen=True, slots=True)
class Response:
    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class GuardedClient:
    """`timeout_s` bounds connecting and each read, `total_s` the whole exchange, `max_bytes` the body."""

    allow_private: bool = False
    timeout_s: float = 10.0
    total_s: float = 60.0
    max_bytes: int = 1_000_000

    def request(
        self, method: str, url: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Response:
        """Raises OutgoingRefused before anything is sent, OutgoingFailed after."""
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname:
            raise OutgoingRefused(f"{url[:200]!r} is not an http or https address.")
        if parts.username or parts.password:
            raise OutgoingRefused("An address with a user name in it is not called.")
        try:
            port = parts.port or _PORTS[parts.scheme]
        except ValueError as error:
            raise OutgoingRefused(f"{url[:200]!r} has no valid port.") from error
        address = self._checked_address(parts.hostname, port)
        target = parts.path or "/"
        if parts.query:
            target += "?" + parts.query
        return self._send(parts.scheme, parts.hostname, address, port, method, target, body, headers or {})

    def _checked_address(self, host: str, port: int) -> str:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise OutgoingFailed(f"The name {host[:100]!r} has no address.") from error
        for *_, sockaddr in found:
            if self.allow_private or _is_public(str(sockaddr[0]).split("%")[0]):
                return str(sockaddr[0])
        raise OutgoingRefused(f"{host[:100]!r} is a private address and private addresses are not called.")

    def _send(
        self,
        scheme: str,
        host: str,
        address: str,
        port: int,
        method: str,
        target: str,
        body: bytes | None,
        headers: Mapping[str, str],
    ) -> Response:
        default_port = port == _PORTS[scheme]
        host_header = f"[{host}]" if ":" in host else host
        sent = {**headers, "Host": host_header if default_port else f"{host_header}:{port}"}
        timeout = urllib3.Timeout(connect=self.timeout_s, read=self.timeout_s)
        pool: urllib3.HTTPConnectionPool
        if scheme == "https":
            pool = urllib3.HTTPSConnectionPool(
                address, port, timeout=timeout, server_hostname=host, assert_hostname=host, cert_reqs="CERT_REQUIRED"
            )
        else:
            pool = urllib3.HTTPConnectionPool(address, port, timeout=timeout)
        with pool, _cut_after(self.total_s, pool):
            try:
                answer = pool.urlopen(
                    method,
                    target,
                    body,
                    sent,
                    retries=False,
                    redirect=False,
                    preload_content=False,
                    decode_content=True,
                )
                content = answer.read(self.max_bytes + 1)
            except (urllib3.exceptions.HTTPError, OSError) as error:
                raise OutgoingFailed(f"{host[:100]} did not answer: {error}") from error
            if len(content) > self.max_bytes:
                raise OutgoingFailed(f"{host[:100]} answered with more than {self.max_bytes} bytes.")
            return Response(answer.status, dict(answer.headers), content)


def _is_public(text: str) -> bool:
    """Also of the IPv4 address inside an IPv6 one that leads to it by translation or in a tunnel."""
    address = ipaddress.ip_address(text)
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if address in _TRANSLATED:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
        if inner is not None and not _is_public(str(inner)):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


_TRANSLATED: Final = ipaddress.IPv6Network("64:ff9b::/96")  # NAT64


@contextmanager
def _cut_after(seconds: float, pool: urllib3.HTTPConnectionPool) -> Iterator[None]:
    """Cut the pool's connections when the time is over: a peer that drips bytes never runs into a read's time-out."""
    sockets: list[socket.socket] = []

    class Watched(pool.ConnectionCls):  # type: ignore[name-defined]
        def connect(self) -> None:
            super().connect()
            sockets.append(self.sock)

    def cut() -> None:
        for each in sockets:
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # it has ended by itself

    known: Any = pool
    known.ConnectionCls = Watched
    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
