"""The stream behind a page: comments while nothing happens, the page's own partials when something does."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any, Final

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connections
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import translation

from ohmstead.access.row_security import bound
from ohmstead.web.live.hub import Changes, Hub, hub, is_full_for
from ohmstead.web.live.watches import Watch, watch_for
from ohmstead.web.scope import Viewer, viewer_of_request

_QUIET_S: Final = 15.0  # proxies close what stays silent
_LIFE_S: Final = 1800.0  # then the browser connects anew, and rights are looked at again
_RELOAD = b"event: reload\ndata: now\n\n"


async def stream(request: HttpRequest, page: str, key: str = "") -> HttpResponseBase:
    """401 when signed out and 404 outside the tenant: the page then says that it is not live."""
    opened = await sync_to_async(_open, thread_sensitive=True)(request, page, key)
    if isinstance(opened, HttpResponse):
        return opened
    viewer, watch = opened
    live = hub(settings.OHMSTEAD_NATS_URL)
    if is_full_for(viewer.asker_id):
        return HttpResponse(status=429)
    language = translation.get_language() or settings.LANGUAGE_CODE
    response = StreamingHttpResponse(_messages(live, viewer, watch, language), content_type="text/event-stream")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _open(request: Any, page: str, key: str) -> HttpResponse | tuple[Viewer, Watch]:
    try:
        viewer = viewer_of_request(request)
        if viewer is None:
            return HttpResponse(status=401)
        with bound(viewer.organisation.pk):
            watch = watch_for(viewer, page, key, request.GET, request.headers.get("Last-Event-ID", ""))
        return (viewer, watch) if watch else HttpResponse(status=404)
    finally:
        # Django gives a request's connection back when the response ends, which a stream does not for a long time.
        connections.close_all()


async def _messages(live: Hub, viewer: Viewer, watch: Watch, language: str) -> AsyncIterator[bytes]:
    until = time.monotonic() + _LIFE_S
    with live.listening(viewer.organisation.pk, viewer.asker_id) as listener:
        # What changed between the page and this stream, or while the tab slept, must not be missed.
        yield _message(await asyncio.to_thread(_rendered, viewer, watch, None, language), watch.position)
        while time.monotonic() < until:
            await asyncio.sleep(watch.pause_s)
            changes = await listener.changes(min(watch.tick_s, _QUIET_S))
            if changes is not None and changes.overflowed:
                yield _RELOAD
                return
            if changes is None and watch.tick_s > _QUIET_S:
                yield b": still here\n\n"
                continue
            html = await asyncio.to_thread(_rendered, viewer, watch, changes or Changes(), language)
            yield _message(html, watch.position)


def _rendered(viewer: Viewer, watch: Watch, changes: Changes | None, language: str) -> str:
    try:
        with translation.override(language), bound(viewer.organisation.pk):
            return watch.everything() if changes is None else watch.after(changes)
    finally:
        connections.close_all()


def _message(html: str, position: str) -> bytes:
    """An unnamed message is swapped in by htmx; each line needs its own `data:`."""
    if not html:
        return b": nothing of this page\n\n"
    lines = [f"id: {position}"] if position else []
    lines += [f"data: {line}" for line in html.splitlines()]
    return "\n".join([*lines, "", ""]).encode()
