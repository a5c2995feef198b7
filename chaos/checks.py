"""Hold what the network stored against what the stations know."""

from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from decimal import Decimal

import psycopg

from chaos.provision import ORGANISATION
from chaos.truth import Charge, Truth
from ohmstead.journal.reader import lag
from ohmstead.station.readings import ReadingContext


@dataclass(slots=True)
class Verdict:
    """Every count but the first three must be zero."""

    acknowledged: int
    sessions: int
    readings: int
    lost: int  # acknowledged, but not in the journal exactly as sent and answered
    gaps: int  # journal sequence numbers missing inside a stream
    sessions_missing: int
    sessions_too_many: int
    sessions_wrong: int  # other energy, or not ended
    readings_missing: int
    readings_too_many: int
    quarantined: int
    lag: int
    offline: int  # stations that are connected, but not shown so
    errors: int  # messages answered with an error

    @property
    def clean(self) -> bool:
        told = ("acknowledged", "sessions", "readings")
        return not any(count for name, count in asdict(self).items() if name not in told)


def judge(connection: psycopg.Connection, truth: Truth, stations: int) -> Verdict:
    sessions = _sessions(connection)
    readings = _readings(connection)
    expected = {(charge.station, at): Decimal(wh) for charge in truth.charges for at, wh in charge.samples.items()}
    return Verdict(
        acknowledged=len(truth.acknowledged),
        sessions=len(truth.charges),
        readings=len(expected),
        lost=_lost(connection, truth),
        gaps=_number(connection, _GAPS),
        sessions_missing=sum(1 for charge in truth.charges if _key(charge) not in sessions),
        sessions_too_many=len(set(sessions) - {_key(charge) for charge in truth.charges}),
        sessions_wrong=sum(1 for charge in truth.charges if _differs(charge, sessions)),
        readings_missing=sum(1 for key, wh in expected.items() if readings[key] != [wh]),
        readings_too_many=sum(len(found) for key, found in readings.items() if key not in expected),
        quarantined=_number(connection, "SELECT count(*) FROM charging_quarantinedentry"),
        lag=lag(connection, "worker").entries,
        offline=stations - _number(connection, _ONLINE),
        errors=len(truth.errors),
    )


_GAPS = """SELECT coalesce(sum(top - bottom + 1 - entries), 0)::int8
           FROM (SELECT min(seq) AS bottom, max(seq) AS top, count(*) AS entries
                 FROM journal.entry GROUP BY stream) AS streams"""
_ONLINE = f"""SELECT count(*) FROM network_station s JOIN access_organisation o ON o.id = s.organisation_id
              WHERE o.slug = '{ORGANISATION}' AND s.online"""


def _lost(connection: psycopg.Connection, truth: Truth) -> int:
    stored: dict[str, Counter[tuple[bytes, bytes]]] = defaultdict(Counter)
    with connection.cursor(binary=True) as cursor:
        cursor.execute(
            """SELECT s.identity, e.frame, e.reply FROM journal.entry e
               JOIN network_station s ON s.id = e.station_id WHERE e.kind = 3"""
        )
        for identity, frame, reply in cursor:
            stored[identity][frame, reply] += 1
    return sum(1 for each in truth.acknowledged if not stored[each.station][each.frame, each.reply])


def _sessions(connection: psycopg.Connection) -> dict[tuple[str, str], tuple[Decimal, str]]:
    rows = connection.execute(
        """SELECT s.identity, c.transaction_id, c.energy_wh, c.state, c.id
           FROM charging_session c JOIN network_station s ON s.id = c.station_id"""
    ).fetchall()
    found: dict[tuple[str, str], tuple[Decimal, str]] = {}
    for identity, transaction_id, energy_wh, state, session_id in rows:
        key = (identity, transaction_id)
        found[key if key not in found else (identity, str(session_id))] = (energy_wh, state)
    return found


def _readings(connection: psycopg.Connection) -> defaultdict[tuple, list[Decimal]]:
    """Periodic samples only: begin and end registers are part of their session."""
    found: defaultdict[tuple, list[Decimal]] = defaultdict(list)
    rows = connection.execute(
        """SELECT s.identity, r.at, r.register_wh FROM charging_reading r JOIN network_station s ON s.id = r.station_id
           WHERE r.context = %s""",
        [int(ReadingContext.PERIODIC)],
    )
    for identity, at, register_wh in rows:
        found[identity, at].append(register_wh)
    return found


def _key(charge: Charge) -> tuple[str, str]:
    return charge.station, charge.transaction_id


def _differs(charge: Charge, sessions: dict[tuple[str, str], tuple[Decimal, str]]) -> bool:
    if _key(charge) not in sessions or charge.end_wh is None:
        return charge.end_wh is None
    energy_wh, state = sessions[_key(charge)]
    return energy_wh != charge.end_wh - charge.begin_wh or state != "ended"


def _number(connection: psycopg.Connection, query: str) -> int:
    row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return int(row[0])
