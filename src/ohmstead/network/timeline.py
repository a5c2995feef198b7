"""The timeline of a station: what it told us that is no session and no reading."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
from django.db import connection

from ohmstead.journal.entry import Entry
from ohmstead.kit.ids import derived_id
from ohmstead.network.rules.secrets import without_secrets
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

MOST_IN_A_BATCH: Final = {"rejected": 5, "notice": 10}  # of one station
MOST_OF_OTHERS: Final = 50
MOST_IN_AN_HOUR: Final = 10  # of one title, of the kinds above: a station may say the same every second for years


@dataclass(frozen=True, slots=True)
class Row:
    id: UUID
    station_id: UUID
    at: datetime
    kind: str
    title: str
    detail: dict[str, Any]


type _Line = tuple[str, str, dict[str, Any]]  # kind, title, detail


def write(said: Sequence[tuple[Entry, AnyEvent]]) -> None:
    """The row's id follows from the journal entry, so a replay writes nothing twice.

    A station that floods gets a few rows of a kind per batch, the last with `and_more`; the journal has them all.
    """
    rows: list[Row] = []
    kept: dict[tuple[UUID, str], list[Row]] = {}
    for turn, (entry, event) in enumerate(said):
        line = _line(event)
        if line is None:
            continue
        kind, title, detail = line
        same = kept.setdefault((entry.station_id, kind), [])
        if len(same) >= MOST_IN_A_BATCH.get(kind, MOST_OF_OTHERS):
            same[-1].detail["and_more"] = same[-1].detail.get("and_more", 0) + 1
            continue
        row_id = derived_id("station event", entry.stream, entry.seq, kind, title, _turn(said, turn))
        row = Row(row_id, entry.station_id, entry.at, kind, title, dict(detail))
        same.append(row)
        rows.append(row)
    put(rows)


def put(rows: Sequence[Row]) -> None:
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO network_station_event (id, station_id, at, kind, title, detail)
               SELECT v.*
               FROM unnest(%s::uuid[], %s::uuid[], %s::timestamptz[], %s::text[], %s::text[], %s::jsonb[])
                 AS v (id, station_id, at, kind, title, detail)
               WHERE v.kind <> ALL(%s) OR %s > (
                 SELECT count(*) FROM network_station_event k
                 WHERE k.station_id = v.station_id AND k.at > v.at - interval '1 hour' AND k.at <= v.at
                   AND k.kind = v.kind AND k.title = v.title)
               ON CONFLICT (id) DO NOTHING""",
            [
                [str(row.id) for row in rows],
                [str(row.station_id) for row in rows],
                [row.at for row in rows],
                [row.kind for row in rows],
                [plain(row.title, 120) for row in rows],
                [_detail(row.detail) for row in rows],
                list(MOST_IN_A_BATCH),
                MOST_IN_AN_HOUR,
            ],
        )


def forget_old(now: datetime) -> int:
    """Keep three months and the newest thousand rows of each station; the number of rows deleted."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM network_station_event WHERE at < %s", [now - KEPT_FOR])
        deleted = int(cursor.rowcount)
        cursor.execute(
            """DELETE FROM network_station_event e USING (
                 SELECT id, row_number() OVER (PARTITION BY station_id ORDER BY at DESC, id) AS place
                 FROM network_station_event WHERE station_id IN (
                   SELECT station_id FROM network_station_event GROUP BY 1 HAVING count(*) > %s)) AS ranked
               WHERE e.id = ranked.id AND ranked.place > %s""",
            [KEPT_PER_STATION, KEPT_PER_STATION],
        )
        return deleted + int(cursor.rowcount)


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
            return "notice", event.action, without_secrets(event.payload)
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
