"""Every frame of a station in both directions, as the journal keeps it; secrets are hidden."""

from datetime import datetime
from typing import Any, Final, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from ohmstead.journal.entry import Entry
from ohmstead.journal.secrets import without_secrets
from ohmstead.web.api.access import viewer
from ohmstead.web.api.cursors import from_cursor, moment, to_cursor
from ohmstead.web.api.operation import operation
from ohmstead.web.api.pages import PageQuery, page_of
from ohmstead.web.console import message_log
from ohmstead.web.console.message_log import MessageFilter

router = Router(tags=["Messages"])

_MOST_LOOKED_AT: Final = 2_000  # of a long log for one answer


class MessageQuery(PageQuery):
    action: str = Field("", max_length=60, description="OCPP action, such as Heartbeat.")
    direction: Literal["", "in", "out", "line"] = Field(
        "", description="From the station, to it, or of the connection."
    )
    text: str = Field("", max_length=120, description="In message or answer, as they are shown.")
    errors: bool = Field(False, description="Only what was answered with an error, or could not be read.")
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
    """Newest first, each with its answer. With `text` or `errors` a page may be short and have a `next`."""
    station = viewer(request).station(identity)
    before = moment(from_cursor(query.cursor, 1)[0]) if query.cursor else query.before
    wanted = MessageFilter(query.action, query.direction, query.text, query.errors, since=query.since)
    taken: list[Entry] = []
    ended_at: datetime | None = None
    for looked_at, entry in enumerate(message_log.entries(station, wanted, before), start=1):
        if wanted.takes(entry):
            taken.append(entry)
        if len(taken) == query.limit or looked_at == _MOST_LOOKED_AT:
            ended_at = entry.at
            break
    return {"items": [_out(entry) for entry in taken], "next": to_cursor(ended_at) if ended_at else None}


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
