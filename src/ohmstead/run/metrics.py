"""Health, readiness and Prometheus metrics of a role, on a loopback port of its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from prometheus_client import generate_latest

_REQUEST_TIMEOUT_S: Final = 5.0
_CONTENT_TYPES: Final = {"/metrics": "text/plain; version=0.0.4; charset=utf-8"}

needs: dict[str, bool] = {}


def set_ready(need: str, ready: bool) -> None:
    """A role says of each thing it needs (database, bus, sockets) whether it has it; /readyz wants all of them."""
    needs[need] = ready


def missing() -> list[str]:
    return sorted(need for need, ready in needs.items() if not ready)


@asynccontextmanager
async def serve(port: int) -> AsyncIterator[int]:
    """Answer on 127.0.0.1 until the block ends; yields the port in use."""
    server = await asyncio.start_server(_answer, "127.0.0.1", port)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        async with asyncio.timeout(_REQUEST_TIMEOUT_S):
            head = await reader.readuntil(b"\r\n\r\n")
            path = head.split(b" ", 2)[1].decode("latin-1").partition("?")[0]
            status, body = page(path)
            content_type = _CONTENT_TYPES.get(path, "text/plain; charset=utf-8")
            headers = f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n"
            writer.write(f"{headers}Connection: close\r\n\r\n".encode() + body)
            await writer.drain()
    except (TimeoutError, ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, IndexError):
        pass  # a visitor that is no HTTP client, or went away
    finally:
        writer.close()


def page(path: str) -> tuple[str, bytes]:
    """The status line's end and the body for a path."""
    if path == "/healthz":
        return "200 OK", b"ok\n"
    if path == "/readyz":
        absent = missing()
        if absent:
            return "503 Service Unavailable", f"waiting for {', '.join(absent)}\n".encode()
        return "200 OK", b"ready\n"
    if path == "/metrics":
        return "200 OK", generate_latest()
    return "404 Not Found", b"/healthz, /readyz and /metrics are here\n"
