"""States of EVSEs and connectors: the newest word by the station's time wins; unknown ones are created."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from django.db import connection

from ohmstead.journal.entry import Entry
from ohmstead.kit.ids import uuid7
from ohmstead.network.rules.line import NUMBER_MAX, said_at
from ohmstead.network.text import plain
from ohmstead.station.events import AnyEvent, PlugStateChanged, TransactionStarted
from ohmstead.station.states import PlugState

_NEVER: Final = datetime(1, 1, 1, tzinfo=UTC)

# What an EVSE with several connectors is, when they differ: the first of these that one of them says.
PRECEDENCE: Final = [
    PlugState.CHARGING,
    PlugState.SUSPENDED_CAR,
    PlugState.SUSPENDED_STATION,
    PlugState.OCCUPIED,
    PlugState.PREPARING,
    PlugState.FINISHING,
    PlugState.RESERVED,
    PlugState.AVAILABLE,
    PlugState.FAULTED,
    PlugState.UNAVAILABLE,
    PlugState.UNKNOWN,
]


@dataclass(slots=True)
class _Word:
    """The newest thing said of a plug; `order` decides which that is."""

    order: tuple[datetime, int, int]
    state: str
    error_code: str = ""
    vendor_error_code: str = ""
    info: str = ""


type _Evse = tuple[UUID, int]  # station, number


def write(said: Sequence[tuple[Entry, AnyEvent]]) -> None:
    evses: dict[_Evse, _Word] = {}
    connectors: dict[tuple[_Evse, int], _Word] = {}
    several: set[_Evse] = set()
    for entry, event in said:
        if not isinstance(event, PlugStateChanged | TransactionStarted) or not _has_room(event):
            continue
        evse = (entry.station_id, int(event.evse or 0))
        word = _word(entry, event)
        _keep_newest(evses, evse, word)
        _keep_newest(connectors, (evse, event.connector or 1), word)  # a 1.6 connector is an EVSE with one connector
        if event.connector:
            several.add(evse)
    if evses:
        _write_evses(evses)
        _write_connectors(connectors)
    if several:
        _settle_several(sorted(several))


def _has_room(event: PlugStateChanged | TransactionStarted) -> bool:
    return event.evse is not None and 0 < event.evse <= NUMBER_MAX and 0 <= (event.connector or 0) <= NUMBER_MAX


def _word(entry: Entry, event: PlugStateChanged | TransactionStarted) -> _Word:
    """A transaction says that the EVSE exists; it says nothing of the plug that a status would not say better."""
    if isinstance(event, TransactionStarted):
        return _Word((_NEVER, 0, 0), PlugState.UNKNOWN.value)
    return _Word(
        (said_at(entry, event), entry.epoch, entry.seq),
        event.state.value,
        plain(event.error_code, 64),
        plain(event.vendor_error_code, 64),
        plain(event.info, 200),
    )


def _keep_newest[K](words: dict[K, _Word], key: K, word: _Word) -> None:
    before = words.get(key)
    if before is None or before.order < word.order:
        words[key] = word


def _write_evses(evses: dict[_Evse, _Word]) -> None:
    keys = sorted(evses)
    words = [evses[key] for key in keys]
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO network_evse AS e (id, station_id, number, state, state_at, state_epoch, state_seq,
                                              error_code, vendor_error_code, info)
               SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::int2[], %s::text[], %s::timestamptz[], %s::int8[],
                                    %s::int8[], %s::text[], %s::text[], %s::text[])
               ON CONFLICT (station_id, number) DO UPDATE SET
                 state = excluded.state, state_at = excluded.state_at, state_epoch = excluded.state_epoch,
                 state_seq = excluded.state_seq, error_code = excluded.error_code,
                 vendor_error_code = excluded.vendor_error_code, info = excluded.info
               WHERE excluded.state_at IS NOT NULL AND (excluded.state_at, excluded.state_epoch, excluded.state_seq)
                     > (COALESCE(e.state_at, '-infinity'), e.state_epoch, e.state_seq)""",
            [
                [str(uuid7()) for _ in keys],
                [str(key[0]) for key in keys],
                [key[1] for key in keys],
                *_columns(words),
                [word.error_code for word in words],
                [word.vendor_error_code for word in words],
                [word.info for word in words],
            ],
        )


def _write_connectors(connectors: dict[tuple[_Evse, int], _Word]) -> None:
    keys = sorted(connectors)
    words = [connectors[key] for key in keys]
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO network_connector AS c
                 (id, evse_id, number, standard, format, state, state_at, state_epoch, state_seq)
               SELECT v.id, e.id, v.number, '', '', v.state, v.state_at, v.state_epoch, v.state_seq
               FROM unnest(%s::uuid[], %s::uuid[], %s::int2[], %s::int2[], %s::text[], %s::timestamptz[], %s::int8[],
                           %s::int8[])
                 AS v (id, station_id, evse, number, state, state_at, state_epoch, state_seq)
               JOIN network_evse e ON e.station_id = v.station_id AND e.number = v.evse
               ORDER BY v.station_id, v.evse, v.number
               ON CONFLICT (evse_id, number) DO UPDATE SET
                 state = excluded.state, state_at = excluded.state_at, state_epoch = excluded.state_epoch,
                 state_seq = excluded.state_seq
               WHERE excluded.state_at IS NOT NULL AND (excluded.state_at, excluded.state_epoch, excluded.state_seq)
                     > (COALESCE(c.state_at, '-infinity'), c.state_epoch, c.state_seq)""",
            [
                [str(uuid7()) for _ in keys],
                [str(key[0][0]) for key in keys],
                [key[0][1] for key in keys],
                [key[1] for key in keys],
                *_columns(words),
            ],
        )


def _columns(words: Sequence[_Word]) -> list[list]:
    """state, state_at, state_epoch, state_seq; no time for a word that only creates."""
    return [
        [word.state for word in words],
        [None if word.order[0] == _NEVER else word.order[0] for word in words],
        [word.order[1] for word in words],
        [word.order[2] for word in words],
    ]


def _settle_several(evses: Sequence[_Evse]) -> None:
    """One state for an EVSE whose connectors differ: occupied when one is, not whatever was said last."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE network_evse e SET state = best.state
               FROM (SELECT c.evse_id,
                            (array_agg(c.state ORDER BY array_position(%s::text[], c.state::text)))[1] AS state
                     FROM unnest(%s::uuid[], %s::int2[]) AS v (station_id, number)
                     JOIN network_evse k ON k.station_id = v.station_id AND k.number = v.number
                     JOIN network_connector c ON c.evse_id = k.id
                     GROUP BY c.evse_id HAVING count(*) > 1) AS best
               WHERE e.id = best.evse_id AND e.state <> best.state""",
            [
                [state.value for state in PRECEDENCE],
                [str(station_id) for station_id, _ in evses],
                [number for _, number in evses],
            ],
        )
