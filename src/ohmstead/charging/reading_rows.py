"""Meter readings as rows: a reading said twice is one row, two tellings of one moment complete each other."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from ohmstead.charging.models import NO_SESSION
from ohmstead.charging.rules.facts import exact
from ohmstead.charging.staging import NULL, Staged, array, rows, text
from ohmstead.station.readings import Reading

_KEY: Final = ("station_id", "at", "evse", "context", "session_id")
_VALUES: Final = (
    "register_wh",
    "export_register_wh",
    "power_w",
    "offered_power_w",
    "current_l1_a",
    "current_l2_a",
    "current_l3_a",
    "voltage_l1_v",
    "voltage_l2_v",
    "voltage_l3_v",
    "soc_percent",
    "temperature_c",
    "frequency_hz",
    "more",
    "signed",
)
_TABLE: Final = "charging_reading"
_BOTH: Final = ", ".join(f"{_TABLE}.{name}" for name in _VALUES)
_GREATEST: Final = ", ".join(f"GREATEST({_TABLE}.{name}, EXCLUDED.{name})" for name in _VALUES)
_STAGED: Final = Staged(
    _TABLE,
    _KEY + _VALUES,
    _KEY,
    # GREATEST is commutative and passes over NULL: the order of arrival leaves no trace.
    f"DO UPDATE SET ({', '.join(_VALUES)}) = ROW({_GREATEST}) WHERE ROW({_BOTH}) IS DISTINCT FROM ROW({_GREATEST})",
)

type ReadingKey = tuple[UUID, datetime, int, int, UUID]


class ReadingRows:
    """The readings of one batch."""

    def __init__(self) -> None:
        self._rounds: list[dict[ReadingKey, str]] = [{}]

    def add(self, station_id: UUID, evse: int | None, session_id: UUID | None, reading: Reading) -> None:
        key = (station_id, reading.at, evse or 0, int(reading.context), session_id or NO_SESSION)
        line = _line(key, reading)
        for lines in self._rounds:
            if lines.setdefault(key, line) == line:
                return
        self._rounds.append({key: line})

    def write(self) -> None:
        for lines in self._rounds:
            if lines:
                _STAGED.write(lines.values())


def _line(key: ReadingKey, r: Reading) -> str:
    station_id, at, evse, context, session_id = key
    values = (
        exact(r.register_wh),
        exact(r.export_register_wh),
        r.power_w,
        r.offered_power_w,
        r.current_l1_a,
        r.current_l2_a,
        r.current_l3_a,
        r.voltage_l1_v,
        r.voltage_l2_v,
        r.voltage_l3_v,
        r.soc_percent,
        r.temperature_c,
        r.frequency_hz,
    )
    told = "\t".join([NULL if value is None else str(value) for value in values])
    more = NULL if r.more is None else text(msgspec.json.encode(r.more).decode().replace("\\u0000", ""))
    signed = array(r.signed) if r.signed else NULL
    return f"{station_id}\t{at.isoformat()}\t{evse}\t{context}\t{session_id}\t{told}\t{more}\t{signed}"


def series_of(wanted: Iterable[tuple[UUID, UUID, int | None, datetime, datetime | None, datetime | None]]) -> list:
    """Stored readings of sessions in folding order: (session, at, context, register, power, soc, named).

    Each wanted is (session, station, evse, earliest, end, unnamed_until); NULL ends are open.
    """
    columns = list(zip(*wanted, strict=True))
    return rows(_SERIES, [list(column) for column in columns]) if columns else []


_SERIES: Final = f"""
SELECT w.session_id, r.at, r.context, r.register_wh, r.power_w, r.soc_percent, r.session_id = w.session_id
FROM unnest(%s::uuid[], %s::uuid[], %s::int2[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[])
    AS w(session_id, station_id, evse, since, until, unnamed_until)
JOIN {_TABLE} r ON r.station_id = w.station_id AND r.at >= w.since
    AND (r.at <= coalesce(w.until, 'infinity') OR r.context = 7)
    AND (r.session_id = w.session_id
         OR r.session_id = '{NO_SESSION}' AND r.evse = w.evse
             AND r.at <= least(w.unnamed_until, w.until, 'infinity'))
ORDER BY w.session_id, r.at, CASE r.context WHEN 1 THEN 0 WHEN 7 THEN 2 ELSE 1 END, r.register_wh, r.context
"""
