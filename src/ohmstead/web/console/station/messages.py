"""What a station says and what we say to it: live, filtered, exported."""

import csv
import io
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, Final
from urllib.parse import urlencode

import msgspec
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render

from ohmstead.journal.entry import Entry, EntryKind
from ohmstead.kit.cells import neutral
from ohmstead.network.models import Station
from ohmstead.web.console import message_log
from ohmstead.web.console.message_log import Found, MessageFilter
from ohmstead.web.console.messages import said_and_answered
from ohmstead.web.console.station.page import live_url, page
from ohmstead.web.scope import ConsoleRequest, console_view

_MOST_EXPORTED: Final = 5_000
_MOST_EXPORTED_BYTES: Final = 16 * 1024 * 1024
_DIRECTIONS: Final = {
    EntryKind.CONNECTED: "line",
    EntryKind.DISCONNECTED: "line",
    EntryKind.SENT: "to station",
    EntryKind.ANSWERED: "to station",
}


@console_view()
def messages(request: ConsoleRequest, identity: str) -> HttpResponse:
    context = page(request, identity, "station-messages")
    station, zone = context["station"], context["zone"]
    wanted = MessageFilter.of(request.GET, zone)
    before = message_log.before_of(request.GET)
    found = message_log.read(station, wanted, before=before)
    context |= {
        "wanted": wanted,
        "query": request.GET,
        "log": found.lines,
        "older": found.older.isoformat() if found.older else "",
        "looked_at": found.looked_at,
        "paused": before is not None or wanted.until is not None or request.GET.get("paused") == "1",
    }
    context["live_url"] = live_url("station-messages", station.pk, _watched(request.GET, found, context["paused"]))
    return render(request, "console/station/messages.html", context)


def _watched(query: QueryDict, found: Found, paused: bool) -> str:
    words = {name: query[name] for name in ("action", "direction", "text", "errors", "from") if query.get(name)}
    words["seen"] = found.lines[0].position if found.lines else ""
    if paused:
        words["paused"] = "1"
    return urlencode(words)


@console_view()
def export(request: ConsoleRequest, identity: str, form: str) -> HttpResponse:
    """The newest messages that the filter takes, secrets hidden."""
    station = request.viewer.station(identity)
    if form not in _FORMS:
        raise Http404("There is no such form of export.")
    wanted = MessageFilter.of(request.GET, station.site.time_zone if station.site else "UTC")
    kind, write = _FORMS[form]
    response = HttpResponse(_within_bounds(write(_taken(station, wanted))), content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="messages.{form}"'
    return response


def _taken(station: Station, wanted: MessageFilter) -> Iterator[Entry]:
    found = message_log.entries(station, wanted)
    return islice((entry for entry in found if wanted.takes(entry)), _MOST_EXPORTED)


def _within_bounds(lines: Iterator[bytes]) -> Iterator[bytes]:
    written = 0
    for line in lines:
        written += len(line)
        if written > _MOST_EXPORTED_BYTES:
            return
        yield line


def _row(entry: Entry) -> dict[str, Any]:
    said, answered = said_and_answered(entry)
    return {
        "at": entry.at.isoformat(),
        "direction": _DIRECTIONS.get(entry.kind, "from station"),
        "kind": entry.kind.name.lower(),
        "action": entry.action or "",
        "message": _plain(said),
        "answer": _plain(answered),
    }


def _plain(frame: bytes | None) -> Any:
    """The frame itself where it is JSON, its text where it is not."""
    if frame is None:
        return None
    try:
        return msgspec.json.decode(frame)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return frame.decode("utf-8", "replace")


def _json_lines(found: Iterator[Entry]) -> Iterator[bytes]:
    for entry in found:
        yield msgspec.json.encode(_row(entry)) + b"\n"


def _table(found: Iterator[Entry]) -> Iterator[bytes]:
    yield b"at,direction,kind,action,message,answer\r\n"
    for entry in found:
        text = io.StringIO()
        csv.writer(text).writerow([_cell(value) for value in _row(entry).values()])
        yield text.getvalue().encode()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return neutral(value if isinstance(value, str) else msgspec.json.encode(value).decode())


_FORMS: Final[dict[str, tuple[str, Callable[[Iterator[Entry]], Iterator[bytes]]]]] = {
    "jsonl": ("application/x-ndjson", _json_lines),
    "csv": ("text/csv; charset=utf-8", _table),
}
