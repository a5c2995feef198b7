"""Where stations put logs and fetch firmware: streamed piece by piece, beside Django, at addresses nobody can guess."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from ohmstead.network import uploads
from ohmstead.network.file_targets import PREFIX
from ohmstead.network.rules.files import byte_range

SILENT_AT_MOST_S: Final = 60.0  # between two pieces of an upload
_DISK_FULL: Final = "53100"
_NOT_THERE: Final = "There is nothing at this address, or its time is over."
_ALWAYS: Final = [
    (b"content-security-policy", b"default-src 'none'; sandbox"),
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
]

type Receive = Callable[[], Awaitable[Mapping[str, Any]]]
type Send = Callable[[Mapping[str, Any]], Awaitable[None]]
type App = Callable[[Any, Receive, Send], Awaitable[None]]


class Refused(Exception):
    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class StationGone(Exception):
    """It hung up before all was sent."""


def with_station_files(django: App) -> App:
    """The application, with our addresses in front: Django would take a whole upload before it asks whose it is."""

    async def application(scope: Any, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(PREFIX):
            await _serve(scope, receive, send)
        else:
            await django(scope, receive, send)

    return application


async def _serve(scope: Any, receive: Receive, send: Send) -> None:
    token, _, name = scope["path"].removeprefix(PREFIX).partition("/")
    try:
        if scope["method"] in ("PUT", "POST"):
            await _take(scope, token, name, receive)
            await _say(send, 200, "Received.")
        elif scope["method"] in ("GET", "HEAD"):
            await _give(scope, token, send)
        else:
            raise Refused(405, "Logs are sent with PUT or POST, firmware is fetched with GET.")
    except Refused as refused:
        await _say(send, refused.status, str(refused))
    except StationGone:
        pass
    except DatabaseError as error:
        full = getattr(error.__cause__, "sqlstate", "") == _DISK_FULL
        await _say(send, 507 if full else 503, "There is no room left." if full else "Try again in a minute.")


async def _take(scope: Any, token: str, name: str, receive: Receive) -> None:
    most = settings.OHMSTEAD_STATION_FILE_MB * 1024 * 1024
    announced = _headers(scope).get(b"content-length", b"0")
    too_large = Refused(413, f"Files of more than {settings.OHMSTEAD_STATION_FILE_MB} MB are not taken.")
    begun = await _database(uploads.begin)(token, name, _sender(scope), timezone.now())
    if begun is None:
        raise Refused(404, _NOT_THERE)
    target, writing = begun
    try:
        if announced.isdigit() and int(announced) > most:
            raise too_large
        more, size = True, 0
        while more:
            piece, more = await _piece(receive)
            if size + len(piece) > most:
                raise too_large
            if piece:
                size = await _database(writing.add)(piece)
        if not size:
            raise Refused(400, "The file is empty.")
        await _database(uploads.received)(target, writing, timezone.now())
    except BaseException as error:
        reason = str(error) if isinstance(error, Refused) else "The upload broke off."
        await asyncio.shield(_database(uploads.broke_off)(target, writing, reason))
        raise


async def _piece(receive: Receive) -> tuple[bytes, bool]:
    try:
        async with asyncio.timeout(SILENT_AT_MOST_S):
            message = await receive()
    except TimeoutError:
        raise Refused(408, "Nothing came for a minute.") from None
    if message["type"] == "http.disconnect":
        raise StationGone
    return message.get("body", b""), message.get("more_body", False)


async def _give(scope: Any, token: str, send: Send) -> None:
    found = await _database(uploads.download)(token, timezone.now())
    if found is None:
        raise Refused(404, _NOT_THERE)
    headers = _headers(scope)
    try:
        wanted = byte_range(headers.get(b"range", b"").decode("latin-1"), found.size_bytes)
    except ValueError as error:
        raise Refused(416, str(error)) from None
    first, last = wanted or (0, found.size_bytes - 1)
    about = [
        *_ALWAYS,
        (b"content-type", b"application/octet-stream"),
        (b"content-disposition", f'attachment; filename="{found.name}"'.encode()),
        (b"content-length", str(last - first + 1).encode()),
        (b"accept-ranges", b"bytes"),
        (b"etag", f'"{found.sha256}"'.encode()),
    ]
    if wanted:
        about.append((b"content-range", f"bytes {first}-{last}/{found.size_bytes}".encode()))
    await send({"type": "http.response.start", "status": 206 if wanted else 200, "headers": about})
    if scope["method"] == "GET":
        pieces = found.read(first, last)
        while (piece := await _database(next)(pieces, None)) is not None:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await _database(uploads.fetched)(found, last - first + 1, timezone.now())
    await send({"type": "http.response.body", "body": b""})


async def _say(send: Send, status: int, sentence: str) -> None:
    body = f"{sentence}\n".encode()
    about = [*_ALWAYS, (b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    if status == 413:
        about.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": status, "headers": about})
    await send({"type": "http.response.body", "body": body})


def _database[**P, T](work: Callable[P, T]) -> Callable[P, Awaitable[T]]:
    """In a thread of its own; the connection goes back to the pool at once, since an upload may take an hour."""

    def in_thread(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return work(*args, **kwargs)
        finally:
            connection.close()

    return sync_to_async(in_thread, thread_sensitive=False)


def _headers(scope: Any) -> dict[bytes, bytes]:
    return dict(scope["headers"])


def _sender(scope: Any) -> str:
    client = scope.get("client")
    return str(client[0]) if client else ""
