"""The station rows a batch concerns: locked in the order of their keys, written in one statement."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection

from ohmstead.network.models import Station
from ohmstead.network.rules.line import StationLine
from ohmstead.network.text import plain

# A station that only says "alive" is written again after this long: the console shows minutes, not seconds.
SEEN_EVERY_S: Final = 10

_READ: Final = [field.name for field in fields(StationLine)]
_WRITTEN: Final = [name for name in _READ if name != "epoch"]  # the fencing number belongs to the admission


@dataclass(slots=True)
class LockedStation:
    id: UUID
    organisation_id: UUID
    identity: str
    admission: str
    security_profile: int
    line: StationLine
    changed: bool


def lock(seen: Mapping[UUID, datetime], changed: Iterable[UUID]) -> dict[UUID, LockedStation]:
    """Rows to be written, by id; a station that is only alive is left out while its row is fresh."""
    changed = set(changed)
    ids = sorted(seen.keys() | changed)
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT s.id, s.organisation_id, s.identity, s.admission, s.security_profile,
                       {", ".join(f"s.{name}" for name in _READ)}
                FROM unnest(%s::uuid[], %s::timestamptz[], %s::bool[]) AS v (id, seen_at, changed)
                JOIN network_station s ON s.id = v.id
                WHERE v.changed OR s.last_seen_at IS NULL OR s.last_seen_at < v.seen_at - %s * interval '1 second'
                ORDER BY s.id FOR NO KEY UPDATE OF s""",
            [
                [str(each) for each in ids],
                [seen.get(each) for each in ids],
                [each in changed for each in ids],
                SEEN_EVERY_S,
            ],
        )
        return {row[0]: _locked(row, changed) for row in cursor.fetchall()}


def _locked(row: Sequence[Any], changed: Set[UUID]) -> LockedStation:
    station_id, organisation_id, identity, admission, security_profile = row[:5]
    line = StationLine(*row[5:])
    return LockedStation(
        station_id, organisation_id, identity, admission, security_profile, line, station_id in changed
    )


def write(stations: Mapping[UUID, LockedStation], seen: Mapping[UUID, datetime]) -> None:
    for station in stations.values():
        at = seen.get(station.id)
        if at is not None and (station.line.last_seen_at is None or station.line.last_seen_at < at):
            station.line.last_seen_at = at
    _write_columns(_WRITTEN, [each for each in stations.values() if each.changed])
    _write_columns(["last_seen_at"], [each for each in stations.values() if not each.changed])


def _write_columns(names: list[str], stations: list[LockedStation]) -> None:
    if not stations:
        return
    types = {name: _column(name).db_type(connection) for name in names}
    columns = [[_value(name, getattr(each.line, name)) for each in stations] for name in names]
    arrays = ", ".join(f"%s::{_array_type(types[name])}" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE network_station s SET {", ".join(f"{name} = v.{name}" for name in names)}
                FROM unnest(%s::uuid[], {arrays}) AS v (id, {", ".join(names)}) WHERE s.id = v.id""",
            [[str(each.id) for each in stations], *columns],
        )


def _column(name: str) -> Any:
    return Station._meta.get_field(name)


def _array_type(db_type: str) -> str:
    return "text[]" if db_type.startswith("varchar") else f"{db_type}[]"


def _value(name: str, value: Any) -> Any:
    return plain(value, _column(name).max_length) if isinstance(value, str) else value
