"""Settings, monitors and events that stations reported -> tables, in a constant number of statements per batch."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection

from ohmstead import wire
from ohmstead.journal.entry import Entry
from ohmstead.kit.ids import derived_id
from ohmstead.network.models import Noticed, StationMonitor
from ohmstead.network.rules.secrets import KEPT_SECRET, is_secret
from ohmstead.network.rules.settings import comparable
from ohmstead.network.text import plain
from ohmstead.station import variables as said
from ohmstead.station.events import AnyEvent, CommandAnswered, StationNotice

NOTICED_AT_ONCE: Final = 200  # of one station in a batch
NOTICED_KEPT_FOR: Final = timedelta(days=90)
NOTICED_PER_STATION: Final = 2_000
_TELLS_VARIABLES: Final = frozenset({"NotifyReport", "NotifyEvent", "GetVariables", "GetConfiguration"})

type _Key = tuple[UUID, str, int, int, str]
type Said = tuple[Entry, AnyEvent]


@dataclass(slots=True)
class _Heard:
    variables: dict[_Key, tuple[said.ReportedVariable, datetime]] = field(default_factory=dict)
    monitors: dict[tuple[UUID, int], tuple[said.ReportedMonitor, datetime]] = field(default_factory=dict)
    noticed: dict[UUID, list[Noticed]] = field(default_factory=dict)


def learn(batch: Sequence[Said]) -> None:
    """Fold reports in; the newest word on a variable stays."""
    heard = _Heard()
    for entry, event in batch:
        action, payload = _told(event)
        if payload is None:
            continue
        if action in _TELLS_VARIABLES:
            for variable in wire.read_variables(action, payload):
                heard.variables[_key(entry.station_id, variable)] = (variable, entry.at)
        if action == "NotifyMonitoringReport":
            for monitor in wire.read_monitors(payload):
                heard.monitors[entry.station_id, monitor.monitor_id] = (monitor, entry.at)
        if action == "NotifyEvent":
            rows = heard.noticed.setdefault(entry.station_id, [])
            rows += _noticed(entry, wire.read_noticed(payload)[: NOTICED_AT_ONCE - len(rows)])
    put_variables(heard.variables)
    _put_monitors(heard.monitors)
    Noticed.objects.bulk_create((each for rows in heard.noticed.values() for each in rows), ignore_conflicts=True)


def _told(event: AnyEvent) -> tuple[str, Mapping[str, object] | None]:
    if isinstance(event, StationNotice | CommandAnswered):
        return event.action, event.payload
    return "", None


def _key(station_id: UUID, variable: said.ReportedVariable) -> _Key:
    place = variable.place
    return station_id, plain(place.name, 200), place.evse, place.connector, variable.attribute


def put_variables(variables: Mapping[_Key, tuple[said.ReportedVariable, datetime]]) -> None:
    """What a message does not say of a variable stays as it was; in the order of their keys, against deadlocks."""
    if not variables:
        return
    keys = sorted(variables)
    told = [variables[key][0] for key in keys]
    values = [_value(each) for each in told]
    columns: dict[str, list[Any]] = {
        "id uuid": [str(derived_id("variable", *key)) for key in keys],
        "station_id uuid": [str(key[0]) for key in keys],
        "name text": [key[1] for key in keys],
        "evse int2": [key[2] for key in keys],
        "connector int2": [key[3] for key in keys],
        "attribute text": [key[4] for key in keys],
        "value text": values,
        "comparable text": [comparable(value) for value in values],
        "mutability text": [each.mutability for each in told],
        "kind text": [plain(each.kind, 20) for each in told],
        "unit text": [plain(each.unit, 20) for each in told],
        "least float8": [each.least for each in told],
        "most float8": [each.most for each in told],
        "choices text": [plain(each.choices, 1_000) for each in told],
        "can_be_watched bool": [each.can_be_watched for each in told],
        "reported_at timestamptz": [variables[key][1] for key in keys],
    }
    names = [each.split()[0] for each in columns]
    arrays = ", ".join(f"%s::{each.split()[1]}[]" for each in columns)
    kept = ", ".join(f"{name} = coalesce(nullif(excluded.{name}, ''), v.{name})" for name in _TEXTS)
    kept += ", " + ", ".join(f"{name} = coalesce(excluded.{name}, v.{name})" for name in _OTHERS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO network_station_variable AS v ({", ".join(names)}, needs_reboot)
                SELECT u.*, false FROM unnest({arrays}) AS u
                ON CONFLICT (station_id, name, evse, connector, attribute) DO UPDATE SET
                  value = excluded.value, comparable = excluded.comparable, reported_at = excluded.reported_at,
                  needs_reboot = v.needs_reboot AND v.comparable = excluded.comparable, {kept}
                WHERE v.reported_at <= excluded.reported_at""",
            list(columns.values()),
        )


_TEXTS: Final = ("mutability", "kind", "unit", "choices")
_OTHERS: Final = ("least", "most", "can_be_watched")


def _value(variable: said.ReportedVariable) -> str | None:
    if variable.value is None:
        return None
    return KEPT_SECRET if variable.value and is_secret(variable.place.name) else plain(variable.value, 2_500)


def _put_monitors(monitors: Mapping[tuple[UUID, int], tuple[said.ReportedMonitor, datetime]]) -> None:
    StationMonitor.objects.bulk_create(
        [
            StationMonitor(
                station_id=station_id,
                monitor_id=monitor_id,
                name=plain(each.place.name, 200),
                evse=each.place.evse,
                connector=each.place.connector,
                kind=plain(each.kind, 30),
                value=each.value,
                severity=each.severity,
                in_sessions_only=each.in_sessions_only,
                origin=plain(each.origin, 30),
                reported_at=at,
            )
            for (station_id, monitor_id), (each, at) in sorted(monitors.items())
        ],
        update_conflicts=True,
        unique_fields=["station", "monitor_id"],
        update_fields=[
            "name", "evse", "connector", "kind", "value", "severity", "in_sessions_only", "origin", "reported_at"
        ],
    )  # fmt: skip


def _noticed(entry: Entry, events: Iterable[said.Noticed]) -> list[Noticed]:
    return [
        Noticed(
            id=derived_id("noticed", entry.stream, entry.seq, number),
            station_id=entry.station_id,
            name=plain(each.place.name, 200),
            evse=each.place.evse,
            connector=each.place.connector,
            at=min(each.at, entry.at) if each.at else entry.at,
            event_id=each.event_id,
            trigger=plain(each.trigger, 20),
            value=KEPT_SECRET if is_secret(each.place.name) else plain(each.value, 2_500),
            origin=plain(each.origin, 30),
            cause=each.cause,
            tech_code=plain(each.tech_code, 50),
            tech_info=plain(each.tech_info, 500),
            cleared=each.cleared,
            transaction_id=plain(each.transaction_id, 36),
            monitor_id=each.monitor_id,
            severity=each.severity,
        )
        for number, each in enumerate(events)
    ]


def forget_old(now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM network_noticed WHERE at < %s", [now - NOTICED_KEPT_FOR])
        cursor.execute(
            """DELETE FROM network_noticed e USING (
                 SELECT id, row_number() OVER (PARTITION BY station_id ORDER BY at DESC, id) AS place
                 FROM network_noticed WHERE station_id IN (
                   SELECT station_id FROM network_noticed GROUP BY 1 HAVING count(*) > %s)) AS ranked
               WHERE e.id = ranked.id AND ranked.place > %s""",
            [NOTICED_PER_STATION, NOTICED_PER_STATION],
        )
