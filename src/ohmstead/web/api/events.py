"""What happened, in order: as a list that is asked again, or as a stream that goes on where it broke off."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import connections
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from ninja import Query, Router, Schema
from ninja.errors import HttpError
from pydantic import Field

from ohmstead.access.row_security import bound
from ohmstead.integration import queries
from ohmstead.integration.events import SUBSCRIBABLE
from ohmstead.integration.models import Event
from ohmstead.integration.queries import Position
from ohmstead.web.api.access import viewer
from ohmstead.web.api.cursors import from_cursor, to_cursor
from ohmstead.web.api.operation import operation
from ohmstead.web.api.problems import Refused
from ohmstead.web.live.hub import hub, is_full_for
from ohmstead.web.scope import Viewer

router = Router(tags=["Events"])

MOST_WAIT_S: Final = 30
_LOOKED_EVERY_S: Final = 0.5
_STREAMED_AT_ONCE: Final = 200
_QUIET_S: Final = 15.0
_LIFE_S: Final = 1800.0
EVENT_STREAM: Final = "text/event-stream"
_EXAMPLE: Final = 'id: WzEyMzRd\nevent: station.online\ndata: {"type": "station.online", "data": {}}\n\n'
_STREAMED: Final = {EVENT_STREAM: {"schema": {"type": "string"}, "example": _EXAMPLE}}


class EventQuery(Schema):
    kinds: str = Field("", max_length=600, description="Comma apart, such as session.ended; empty: all.")
    after: str = Field("", max_length=200, description="`next` of the answer before; empty: what happens from now on.")
    limit: int = Field(100, ge=1, le=500)
    wait: int = Field(0, ge=0, le=MOST_WAIT_S, description="Seconds to wait until something happens.")


class StreamQuery(Schema):
    kinds: str = Field("", max_length=600, description="Comma apart, such as session.ended; empty: all.")
    after: str = Field("", max_length=200, description="As Last-Event-ID, for programs that cannot send the header.")


class EventOut(Schema):
    id: UUID
    type: str = Field(examples=["session.ended"])
    timestamp: datetime
    version: int = 1
    data: dict[str, Any] = Field(examples=[{"session_id": "019a3c5e-7f10-7c3e-9d2a-5b6f0a1c2d3e"}])


class EventsOut(Schema):
    items: list[EventOut]
    next: str = Field(description="Hand it back as `after`, also when there were no items.", examples=["WzEyMzRd"])


@operation(router, "GET", "/events", "list_events", "What happened", answers=EventsOut)
def list_events(request: HttpRequest, query: Query[EventQuery]) -> EventsOut:
    """In order and without holes, for 30 days. Events are written while somebody asks at least once a day."""
    who = viewer(request)
    queries.note_reader(who.organisation)
    position = _position(query.after) if query.after else queries.newest_position(who.organisation)
    kinds = _kinds(query.kinds)
    until = time.monotonic() + query.wait
    found = queries.events_after(who.organisation, position, kinds, query.limit)
    while not found and time.monotonic() < until:
        time.sleep(_LOOKED_EVERY_S)
        found = queries.events_after(who.organisation, position, kinds, query.limit)
    return EventsOut(items=[_out(each) for each in found], next=_cursor(found, position))


def _kinds(text: str) -> frozenset[str]:
    kinds = frozenset(each.strip() for each in text.split(",") if each.strip())
    if unknown := kinds - set(SUBSCRIBABLE):
        raise HttpError(422, f"{min(unknown)[:40]} is no kind of event.")
    return kinds


def _position(cursor: str) -> Position:
    number, key = from_cursor(cursor, 2)
    try:
        position = int(number), UUID(key)
    except ValueError:
        raise HttpError(422, "The cursor is not one this list gave out.") from None
    if not 0 <= position[0] < 2**63:
        raise HttpError(422, "The cursor is not one this list gave out.")
    return position


def _cursor(found: list[Event], before: Position) -> str:
    return to_cursor(*((found[-1].transaction, found[-1].pk) if found else before))


def _out(event: Event) -> EventOut:
    return EventOut(id=event.pk, type=event.kind, timestamp=event.at, data=event.data)


@operation(
    router,
    "GET",
    "/events/stream",
    "stream_events",
    "What happens, as it happens",
    status=200,
    responses={200: {"description": "Server-sent events.", "content": _STREAMED}},
)
def stream(request: HttpRequest, query: Query[StreamQuery]) -> HttpResponseBase:
    """Server-sent events; the header `Last-Event-ID` takes the stream up again without a hole. It ends after half an
    hour, and earlier when a proxy thinks so: connect again."""
    who = viewer(request)
    if is_full_for(who.asker_id):
        raise Refused("too-many-requests", "This program has as many streams open as it may.")
    queries.note_reader(who.organisation)
    last = request.headers.get("Last-Event-ID") or query.after
    position = _position(last) if last else queries.newest_position(who.organisation)
    kinds = _kinds(query.kinds)
    connections.close_all()  # Django gives it back when the answer ends, which a stream does not for a long time
    if request.META["REQUEST_METHOD"] == "HEAD":
        return HttpResponse(content_type=EVENT_STREAM)
    answer = StreamingHttpResponse(_messages(who, position, kinds), content_type=EVENT_STREAM)
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["X-Accel-Buffering"] = "no"
    return answer


async def _messages(who: Viewer, position: Position, kinds: frozenset[str]) -> AsyncIterator[bytes]:
    """Looked for on the hub's word that something changed, and every few seconds without it."""
    until = time.monotonic() + _LIFE_S
    with hub(settings.OHMSTEAD_NATS_URL).listening(who.organisation.pk, who.asker_id) as listener:
        yield b": this stream begins\n\n"
        spoken_at = time.monotonic()
        while time.monotonic() < until:
            found = await asyncio.to_thread(_read, who, position, kinds)
            for event in found:
                position = (event.transaction, event.pk)
                yield _message(event)
                spoken_at = time.monotonic()
            if len(found) == _STREAMED_AT_ONCE:
                continue
            if time.monotonic() - spoken_at > _QUIET_S:
                yield b": still here\n\n"
                spoken_at = time.monotonic()
            await listener.changes(_LOOKED_EVERY_S * 4)


def _read(who: Viewer, position: Position, kinds: frozenset[str]) -> list[Event]:
    try:
        with bound(who.organisation.pk):
            return queries.events_after(who.organisation, position, kinds, _STREAMED_AT_ONCE)
    finally:
        connections.close_all()


def _message(event: Event) -> bytes:
    data = json.dumps(_out(event).model_dump(mode="json"))
    return f"id: {to_cursor(event.transaction, event.pk)}\nevent: {event.kind}\ndata: {data}\n\n".encode()
