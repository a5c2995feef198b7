"""Meter readings as rows: a reading said twice is one row, two tellings of one moment complete each other."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from ohmstead.charging.models import NO_SESSION
from ohmstead.charging.rules.facts import exact
from ohmstead.charging.staging import NULL, Staged, array, plain, rows, text
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
NOTHING_NAMED: Final = str(NO_SESSION)
_BOTH: Final = ", ".join(f"{_TABLE}.{name}" for name in _VALUES)
_GREATEST: Final = ", ".join(f"GREATEST({_TABLE}.{name}, EXCLUDED.{name})" for name in _VALUES)
_STAGED: Final = Staged(
    _TABLE,
    _KEY + _VALUES,
    _KEY,
    # GREATEST is commutative and passes over NULL: the order of arrival leaves no trace.
    f"DO UPDATE SET ({', '.join(_VALUES)}) = ROW({_GREATEST}) WHERE ROW({_BOTH}) IS DISTINCT FROM ROW({_GREATEST})",
)


class ReadingRows:
    """The readings of one batch."""

    def __init__(self) -> None:
        self._rounds: list[dict[str, str]] = [{}]  # key -> values, in COPY's text form

    def add(self, station: str, evse: int | None, session: str, reading: Reading) -> None:
        """`station` and `session` are ids as text; the session is NOTHING_NAMED where the station named none."""
        key = f"{station}\t{reading.at.isoformat()}\t{evse or 0}\t{reading.context:d}\t{session}"
        values = _values(reading)
        for told in self._rounds:
            if told.setdefault(key, values) == values:
                return
        self._rounds.append({key: values})

    def write(self, *, new: bool = False) -> bool:
        """With `new`, readings nobody has told before cost half as much; False when some had been told after all."""
        if new and len(self._rounds) == 1 and self._rounds[0]:
            return _STAGED.write_new(_lines(self._rounds[0]))
        for told in self._rounds:
            if told:
                _STAGED.write(_lines(told))
        return len(self._rounds) == 1


def _lines(told: dict[str, str]) -> list[str]:
    """In the order of the primary key, so that neighbours in the index come one after the other."""
    return [f"{key}\t{values}" for key, values in sorted(told.items())]


_NO_PHASES: Final = "\t".join([NULL] * 6)


def _values(r: Reading) -> str:
    register, export = exact(r.register_wh), exact(r.export_register_wh)
    lines = (r.current_l1_a, r.current_l2_a, r.current_l3_a, r.voltage_l1_v, r.voltage_l2_v, r.voltage_l3_v)
    phases = _NO_PHASES if lines == (None,) * 6 else "\t".join(map(plain, lines))
    more = NULL if r.more is None else text(msgspec.json.encode(r.more).decode().replace("\\u0000", ""))
    signed = array(r.signed) if r.signed else NULL
    return (
        f"{NULL if register is None else register}\t{NULL if export is None else export}\t"
        f"{NULL if r.power_w is None else r.power_w}\t{NULL if r.offered_power_w is None else r.offered_power_w}\t"
        f"{phases}\t{NULL if r.soc_percent is None else r.soc_percent}\t"
        f"{NULL if r.temperature_c is None else r.temperature_c}\t"
        f"{NULL if r.frequency_hz is None else r.frequency_hz}\t{more}\t{signed}"
    )


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
