"""The timeline of a station: what it told us that is no session and no reading."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
from django.db import connection

from ohmstead.journal.entry import Entry
from ohmstead.kit.ids import derived_id
from ohmstead.network.text import plain, plain_json
from ohmstead.station.events import (
    AnyEvent,
    Booted,
    CertificateRequested,
    Connected,
    Disconnected,
    FirmwareStatusChanged,
    FrameRejected,
    LogStatusChanged,
    PlugStateChanged,
    SecurityEventRaised,
    StationNotice,
)

DETAIL_MAX_BYTES: Final = 16_000
KEPT_FOR: Final = timedelta(days=90)
KEPT_PER_STATION: Final = 1_000

type _Line = tuple[str, str, dict[str, Any]]  # kind, title, detail


def write(said: Sequence[tuple[Entry, AnyEvent]]) -> None:
    """The row's id follows from the journal entry, so a replay writes nothing twice."""
    rows = []
    for turn, (entry, event) in enumerate(said):
        line = _line(event)
        if line is not None:
            row_id = derived_id("station event", entry.stream, entry.seq, line[0], line[1], _turn(said, turn))
            rows.append((row_id, entry.station_id, entry.at, *line))
    put(rows)


def put(rows: Sequence[tuple[UUID, UUID, datetime, str, str, dict[str, Any]]]) -> None:
    """(id, station, at, kind, title, detail) of new rows."""
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO network_station_event (id, station_id, at, kind, title, detail)
               SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::timestamptz[], %s::text[], %s::text[], %s::jsonb[])
               ON CONFLICT (id) DO NOTHING""",
            [
                [str(row[0]) for row in rows],
                [str(row[1]) for row in rows],
                [row[2] for row in rows],
                [row[3] for row in rows],
                [plain(row[4], 120) for row in rows],
                [_detail(row[5]) for row in rows],
            ],
        )


def forget_old(now: datetime) -> int:
    """Keep three months and the newest thousand rows of each station; the number of rows deleted."""
    with connection.cursor() as cursor:
        cursor.execute(
            """DELETE FROM network_station_event e USING (
                 SELECT id, at, row_number() OVER (PARTITION BY station_id ORDER BY at DESC, id) AS place
                 FROM network_station_event) AS ranked
               WHERE e.id = ranked.id AND (ranked.place > %s OR ranked.at < %s)""",
            [KEPT_PER_STATION, now - KEPT_FOR],
        )
        return int(cursor.rowcount)


def _turn(said: Sequence[tuple[Entry, AnyEvent]], turn: int) -> int:
    """How many events of the same entry stand before this one."""
    before = 0
    while before < turn and said[turn - before - 1][0] is said[turn][0]:
        before += 1
    return before


def _line(event: AnyEvent) -> _Line | None:
    match event:
        case Connected():
            return "connection", "Connected", msgspec.to_builtins(event)
        case Disconnected():
            return "connection", "Disconnected", {"reason": event.reason}
        case Booted():
            return "boot", f"Booted: {event.reason}" if event.reason else "Booted", msgspec.to_builtins(event)
        case PlugStateChanged(error_code=str()):
            return "fault", str(event.error_code), msgspec.to_builtins(event)
        case SecurityEventRaised():
            return "security", event.kind, {"at": event.at.isoformat(), "info": event.info}
        case FirmwareStatusChanged():
            return "firmware", event.status, {"request_id": event.request_id}
        case LogStatusChanged():
            return "log", event.status, {"request_id": event.request_id}
        case StationNotice():
            return "notice", event.action, event.payload
        case FrameRejected():
            return "rejected", event.code, {"text": event.text, "action": event.action}
        case CertificateRequested():
            return "certificate", "Certificate requested", {"purpose": event.purpose}
    return None


def _detail(detail: dict[str, Any]) -> str:
    encoded = msgspec.json.encode(plain_json(detail))
    if len(encoded) > DETAIL_MAX_BYTES:
        start = encoded[:DETAIL_MAX_BYTES].decode("utf-8", "ignore")
        encoded = msgspec.json.encode({"cut": start, "bytes": len(encoded)})
    return encoded.decode()
