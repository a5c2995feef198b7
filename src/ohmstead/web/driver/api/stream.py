"""A start or a session as it goes on, as server-sent events; each message is the whole thing, as GET gives it."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connections
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone, translation

from ohmstead.access.row_security import bound
from ohmstead.web.api.problems import Refused, problem
from ohmstead.web.driver import charging, starting
from ohmstead.web.driver.api.door import identify
from ohmstead.web.driver.api.schemas import session_out, start_out
from ohmstead.web.driver.scope import DriverViewer
from ohmstead.web.live.hub import Changes, Hub, hub, is_full_for

_QUIET_S: Final = 15.0  # proxies close what stays silent
_LIFE_S: Final = 1800.0
_PAUSE_S: Final = 1.0  # at most one message a second


@dataclass(frozen=True, slots=True)
class Followed:
    viewer: DriverViewer
    station_id: UUID
    start_id: UUID | None = None
    session_id: UUID | None = None

    def is_about(self, changes: Changes) -> bool:
        if self.station_id in changes.stations or changes.commands or changes.overflowed:
            return True
        return self.session_id in changes.sessions if self.session_id else bool(changes.sessions)

    def now(self) -> str:
        if self.session_id is not None:
            return session_out(charging.found(self.viewer, self.session_id), timezone.now()).model_dump_json()
        assert self.start_id is not None
        return start_out(starting.found(self.viewer, self.start_id), timezone.now()).model_dump_json()


async def stream(
    request: HttpRequest, start_id: UUID | None = None, session_id: UUID | None = None
) -> HttpResponseBase:
    opened = await sync_to_async(_open, thread_sensitive=True)(request, start_id, session_id)
    if isinstance(opened, HttpResponse):
        return opened
    live = hub(settings.OHMSTEAD_NATS_URL)
    if is_full_for(opened.viewer.asker_id):
        return problem("too-many-requests", "Too many streams are open.")
    language = translation.get_language() or settings.LANGUAGE_CODE
    response = StreamingHttpResponse(_messages(live, opened, language), content_type="text/event-stream")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _open(request: Any, start_id: UUID | None, session_id: UUID | None) -> HttpResponse | Followed:
    try:
        viewer = identify(request)
        with bound(viewer.organisation.pk):
            if session_id is not None:
                return Followed(viewer, charging.found(viewer, session_id).station_id, session_id=session_id)
            assert start_id is not None
            start = starting.found(viewer, start_id)
            return Followed(viewer, start.command.station_id, start_id=start_id)
    except Refused as refused:
        return refused.answer()
    except Http404:
        return problem("not-found", "There is no such thing of yours.")
    finally:
        connections.close_all()  # a stream would keep its connection for a long time


async def _messages(live: Hub, followed: Followed, language: str) -> AsyncIterator[bytes]:
    until, said = time.monotonic() + _LIFE_S, ""
    with live.listening(followed.viewer.organisation.pk, followed.viewer.asker_id) as listener:
        changes: Changes | None = Changes(overflowed=True)
        while time.monotonic() < until:
            if changes is None:
                yield b": still here\n\n"
            elif followed.is_about(changes):
                found = await asyncio.to_thread(_found, followed, language)
                if found != said:
                    said = found
                    yield f"data: {found}\n\n".encode()
            await asyncio.sleep(_PAUSE_S)
            changes = await listener.changes(_QUIET_S)


def _found(followed: Followed, language: str) -> str:
    try:
        with translation.override(language), bound(followed.viewer.organisation.pk):
            return followed.now()
    finally:
        connections.close_all()
