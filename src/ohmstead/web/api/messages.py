"""Every frame of a station in both directions, as the journal keeps it; secrets are hidden."""

from datetime import datetime
from typing import Any, Final, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from ohmstead.journal import reader
from ohmstead.journal.entry import Entry, EntryKind
from ohmstead.journal.secrets import without_secrets
from ohmstead.web.api.access import viewer
from ohmstead.web.api.cursors import from_cursor, moment, to_cursor
from ohmstead.web.api.operation import operation
from ohmstead.web.api.pages import PageQuery, page_of
from ohmstead.web.console.journal import journal_connection

router = Router(tags=["Messages"])

_IN: Final = (EntryKind.RECEIVED, EntryKind.ANSWERED, EntryKind.UNREADABLE)
_KINDS: Final = {"in": _IN, "out": (EntryKind.SENT,), "line": (EntryKind.CONNECTED, EntryKind.DISCONNECTED), "": None}


class MessageQuery(PageQuery):
    action: str = Field("", max_length=60, description="OCPP action, such as Heartbeat.")
    direction: Literal["", "in", "out", "line"] = Field(
        "", description="From the station, to it, or of the connection."
    )
    since: datetime | None = None
    before: datetime | None = None


class MessageOut(Schema):
    id: str = Field(examples=["7-4711"])
    at: datetime
    kind: str = Field(description="connected, disconnected, received, sent, answered or unreadable.")
    protocol: str
    action: str
    frame: str = Field(description="As it came; JSON unless it was unreadable.", examples=['[2,"1","Heartbeat",{}]'])
    reply: str = Field(examples=['[3,"1",{"currentTime":"2026-05-04T08:15:00Z"}]'])


@operation(
    router,
    "GET",
    "/stations/{identity}/messages",
    "list_messages",
    "Messages of a station",
    answers=page_of(MessageOut),
)
def list_messages(request: HttpRequest, identity: str, query: Query[MessageQuery]) -> Any:
    """Newest first, each with its answer."""
    station = viewer(request).station(identity)
    before = moment(from_cursor(query.cursor, 1)[0]) if query.cursor else query.before
    since = max(station.created_at, query.since) if query.since else station.created_at
    with journal_connection() as connection:
        entries = reader.station_log(
            connection,
            station.pk,
            before=before,
            limit=query.limit,
            kinds=_KINDS[query.direction],
            action=query.action or None,
            since=since,
        )
    more = len(entries) == query.limit
    return {"items": [_out(entry) for entry in entries], "next": to_cursor(entries[-1].at) if more else None}


def _out(entry: Entry) -> MessageOut:
    return MessageOut(
        id=f"{entry.stream}-{entry.seq}",
        at=entry.at,
        kind=entry.kind.name.lower(),
        protocol=entry.dialect.subprotocol,
        action=entry.action or "",
        frame=_text(entry.frame),
        reply=_text(entry.reply),
    )


def _text(frame: bytes | None) -> str:
    return "" if frame is None else bytes(without_secrets(frame) or b"").decode("utf-8", "replace")
