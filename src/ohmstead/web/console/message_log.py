"""Reading a station's message log with a filter: newest first, request and answer as one line."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from django.http import QueryDict

from ohmstead.journal import reader
from ohmstead.journal.entry import Entry
from ohmstead.network.models import Station
from ohmstead.web.console.journal import journal_connection
from ohmstead.web.console.messages import KINDS, Line, call_key, has_failed, line_of, said_and_answered
from ohmstead.web.console.moments import local_moment, moment_of

LINES: Final = 60
_CHUNK: Final = 200
_MOST_LOOKED_AT: Final = 4_000  # a rare word in a long log: the page says how far it looked and offers to go on
_CLOCKS_DIFFER: Final = timedelta(hours=1)  # of the gateway that dates messages, and of the desk that made the row


@dataclass(frozen=True, slots=True)
class MessageFilter:
    """What the query string asks for; values it does not know are ignored. Times are those of the site."""

    action: str = ""
    direction: str = ""
    text: str = ""
    errors: bool = False
    since: datetime | None = None
    until: datetime | None = None

    @classmethod
    def of(cls, query: QueryDict, zone: str) -> "MessageFilter":
        direction = query.get("direction", "")
        return cls(
            action=query.get("action", "").replace("\0", "").strip()[:60],
            direction=direction if direction in KINDS else "",
            text=query.get("text", "").strip()[:120],
            errors=query.get("errors") == "1",
            since=local_moment(query.get("from", ""), zone),
            until=local_moment(query.get("until", ""), zone),
        )

    @property
    def narrows(self) -> bool:
        return bool(self.action or self.direction or self.text or self.errors or self.since or self.until)

    def takes(self, entry: Entry) -> bool:
        """What the journal cannot filter by itself. Text is looked for in what is shown: hidden stays hidden."""
        if self.errors and not has_failed(entry):
            return False
        if not self.text:
            return True
        wanted = self.text.lower()
        shown = (entry.action or "", *((each or b"").decode("utf-8", "replace") for each in said_and_answered(entry)))
        return any(wanted in each.lower() for each in shown)


@dataclass(frozen=True, slots=True)
class Found:
    """`older`: where to go on looking, None at the beginning of the log."""

    lines: list[Line]
    older: datetime | None
    looked_at: int


def entries(
    station: Station, wanted: MessageFilter, before: datetime | None = None, since: datetime | None = None
) -> Iterator[Entry]:
    """Newest first, as far back as anybody wants to look."""
    bounds = [station.created_at - _CLOCKS_DIFFER, *(each for each in (wanted.since, since) if each)]
    until = min((each for each in (before, wanted.until) if each), default=None)
    while True:
        with journal_connection() as connection:
            chunk = reader.station_log(
                connection,
                station.pk,
                before=until,
                limit=_CHUNK,
                kinds=KINDS.get(wanted.direction),
                action=wanted.action or None,
                since=max(bounds),
            )
        yield from chunk
        if len(chunk) < _CHUNK:
            return
        until = chunk[-1].at


def read(
    station: Station,
    wanted: MessageFilter,
    *,
    before: datetime | None = None,
    since: datetime | None = None,
    most: int = LINES,
) -> Found:
    lines: list[Line] = []
    answered: dict[str, int] = {}  # requests of ours whose answer stands in a line already
    looked_at = 0
    for entry in entries(station, wanted, before, since):
        looked_at += 1
        key = call_key(entry)
        if key in answered:
            line = lines[answered[key]]
            lines[answered[key]] = replace(line, took_s=(line.at - entry.at).total_seconds())
            continue
        if wanted.takes(entry):
            lines.append(line_of(entry))
            if key:
                answered[key] = len(lines) - 1
        if len(lines) >= most or looked_at >= _MOST_LOOKED_AT:
            return Found(lines, entry.at, looked_at)
    return Found(lines, None, looked_at)


def before_of(query: QueryDict) -> datetime | None:
    return moment_of(query.get("before", ""))
