"""Sessions to and from their table, in sets."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from ohmstead.charging.held import Held, HeldSession, Key, session_id
from ohmstead.charging.rules.facts import SessionFacts
from ohmstead.charging.rules.fold import SessionView
from ohmstead.charging.staging import Staged, array, moment, plain, rows, text
from ohmstead.journal.entry import SHARDS

_VIEW: Final = SessionView.__struct_fields__
_COLUMNS: Final = ("id", "organisation_id", "station_id", "transaction_id", "token_id", "facts", *_VIEW)
_OURS: Final = ("token_id", "facts", *_VIEW)
_STAGED: Final = Staged(
    "charging_session",
    _COLUMNS,
    ("id",),
    f"DO UPDATE SET ({', '.join(_OURS)}) = ROW({', '.join(f'EXCLUDED.{name}' for name in _OURS)})",
)
_LOADED: Final = "s.id, s.station_id, s.transaction_id, s.organisation_id, s.token_id, s.token_uid, s.facts::text"
_facts = msgspec.json.Decoder(SessionFacts)
_TEXTS: Final = frozenset({"token_uid", "verdict", "state", "charging_state", "stop_reason"})


def load(held: Held, keys: Iterable[Key]) -> list[HeldSession]:
    """Hold the sessions of these keys that have a row."""
    ids = [session_id(*key) for key in keys if key not in held.sessions]
    if not ids:
        return []
    return _hold(held, rows(f"SELECT {_LOADED} FROM charging_session s WHERE s.id = ANY(%s)", [ids]))


class Touch(msgspec.Struct, frozen=True):
    """Something happened at an EVSE (0: anywhere on the station) that bears on whatever session covers that time."""

    station_id: UUID
    evse: int
    since: datetime
    until: datetime


def load_touched(held: Held, touches: Iterable[Touch]) -> list[HeldSession]:
    """Hold and return the stored sessions that could be running at a touch."""
    columns = list(zip(*{msgspec.structs.astuple(touch) for touch in touches}, strict=True))
    if not columns:
        return []
    return _hold(held, rows(_TOUCHED, [list(column) for column in columns]))


_TOUCHED: Final = f"""
SELECT DISTINCT ON (s.id) {_LOADED}
FROM unnest(%s::uuid[], %s::int2[], %s::timestamptz[], %s::timestamptz[]) AS t(station_id, evse, since, until)
CROSS JOIN LATERAL (
    SELECT * FROM charging_session WHERE station_id = t.station_id AND open_until >= t.since
    UNION ALL
    SELECT * FROM charging_session WHERE station_id = t.station_id AND open_until IS NULL
) s
WHERE s.started_at <= t.until AND (t.evse = 0 OR s.evse = t.evse)
"""


def _hold(held: Held, found: Iterable[tuple[Any, ...]]) -> list[HeldSession]:
    """What is in memory is newer than its row."""
    sessions = []
    for _, station_id, transaction_id, organisation_id, token_id, token_uid, facts in found:
        key = (station_id, transaction_id)
        session = held.sessions.get(key)
        if session is None:
            session = HeldSession(station_id, transaction_id, organisation_id, _facts.decode(facts))
            session.token_id, session.token_uid = token_id, token_uid
            held.sessions[key] = session
        sessions.append(session)
    return sessions


def behind(shards: Iterable[int]) -> list[UUID]:
    """Running sessions with stored readings that their rows do not show, because a worker ended in between."""
    return [id_ for (id_,) in rows(_BEHIND, [list(shards)])]


# The shard is the station id modulo SHARDS (journal/entry.py): its last six bits.
_BEHIND: Final = f"""
SELECT s.id FROM charging_session s
WHERE s.state = 'running' AND get_byte(uuid_send(s.station_id), 15) & {SHARDS - 1} = ANY(%s::int[])
    AND EXISTS (SELECT FROM charging_reading r
                WHERE r.station_id = s.station_id AND r.session_id = s.id AND r.at > s.last_event_at)
"""


def write(views: Iterable[tuple[HeldSession, SessionView]]) -> None:
    lines = [_line(session, view) for session, view in sorted(views, key=lambda each: each[0].id)]
    if lines:
        _STAGED.write(lines)


def _line(session: HeldSession, view: SessionView) -> str:
    cells = [
        str(session.id),
        str(session.organisation_id),
        str(session.station_id),
        text(session.transaction_id),
        plain(session.token_id),
        text(msgspec.json.encode(session.facts).decode()),
    ]
    for name in _VIEW:
        cells.append(_cell(name, getattr(view, name)))
    return "\t".join(cells)


def _cell(name: str, value: object) -> str:
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, list):
        return array(value)
    if isinstance(value, str):
        return text(value)
    return plain(value)


def find_tokens(sessions: Iterable[HeldSession]) -> None:
    """Link sessions to the tokens of their organisation."""
    wanted = {(s.organisation_id, s.token_uid) for s in sessions if s.token_uid and s.token_id is None}
    if not wanted:
        return
    organisations, uids = zip(*wanted, strict=True)
    found = {
        (organisation_id, uid): token_id
        for organisation_id, uid, token_id in rows(
            """SELECT t.organisation_id, t.canonical_uid, t.id
               FROM unnest(%s::uuid[], %s::text[]) AS w(organisation_id, uid)
               JOIN drivers_token t ON t.organisation_id = w.organisation_id AND t.canonical_uid = w.uid""",
            [list(organisations), list(uids)],
        )
    }
    for session in sessions:
        if session.token_uid and session.token_id is None:
            session.token_id = found.get((session.organisation_id, session.token_uid))
