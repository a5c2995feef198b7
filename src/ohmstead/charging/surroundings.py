"""What bears on a session from outside: the next start, stray stops, closings. In a fixed number of statements."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from ohmstead.charging.held import Held, HeldSession
from ohmstead.charging.rules.facts import EndFact
from ohmstead.charging.rules.matching import Candidate, Stray, match
from ohmstead.charging.session_rows import Touch, load_touched
from ohmstead.charging.staging import rows


def read_next_starts(sessions: Collection[HeldSession]) -> None:
    """Sessions at hand speak for themselves, the others by their rows; a refused start ends nobody's charge."""
    waiting = [session for session in sessions if not session.facts.ends and session.evse is not None]
    for session in sessions:
        session.around.next_start = None
    if not waiting:
        return
    asked = [(s.id, s.station_id, s.evse, s.facts.started_at()) for s in waiting]
    parameters = [list(column) for column in zip(*asked, strict=True)]
    stored = dict(rows(_NEXT_STARTS, [[session.id for session in sessions], *parameters]))
    started: dict[tuple[UUID, int], list[tuple[datetime, UUID]]] = {}
    for session in sessions:
        if session.facts.starts and not session.facts.refused and session.evse is not None:
            place = (session.station_id, session.evse)
            started.setdefault(place, []).append((session.facts.started_at(), session.id))
    for session in waiting:
        assert session.evse is not None
        mine = (session.facts.started_at(), session.id)
        others = [at for at, other in started.get((session.station_id, session.evse), ()) if (at, other) > mine]
        if (at := stored.get(session.id)) is not None:
            others.append(at)
        session.around.next_start = min(others, default=None)


_NEXT_STARTS: Final = """
SELECT w.session_id, (
    SELECT s.started_at FROM charging_session s
    WHERE s.station_id = w.station_id AND s.evse = w.evse AND s.start_heard
        AND s.verdict IN ('', 'accepted') AND s.started_at >= w.since
        AND (s.started_at, s.id) > (w.since, w.session_id) AND s.id <> ALL(%s::uuid[])
    ORDER BY s.started_at LIMIT 1)
FROM unnest(%s::uuid[], %s::uuid[], %s::int2[], %s::timestamptz[]) AS w(session_id, station_id, evse, since)
"""


def read_closings(sessions: Collection[HeldSession]) -> None:
    by_id = {session.id: session for session in sessions}
    for session in sessions:
        session.around.given_up_as_of = session.around.by_hand_as_of = None
    for session_id, by_hand, as_of in rows(
        "SELECT session_id, by_hand, max(as_of) FROM charging_closing WHERE session_id = ANY(%s) GROUP BY 1, 2",
        [list(by_id)],
    ):
        if by_hand:
            by_id[session_id].around.by_hand_as_of = as_of
        else:
            by_id[session_id].around.given_up_as_of = as_of


def stray_touches(sessions: Collection[HeldSession]) -> list[Touch]:
    """Stray stops that any of these sessions could take."""
    first: dict[UUID, datetime] = {}
    for session in sessions:
        at = session.facts.started_at()
        first[session.station_id] = min(at, first.get(session.station_id, at))
    return [Touch(station_id, 0, at, at) for station_id, _, at, *_ in _strays_since(first)]


def _strays_since(first: dict[UUID, datetime]) -> list[tuple]:
    return rows(_STRAYS, [list(first), list(first.values())])


_STRAYS: Final = """
SELECT s.station_id, s.id, s.at, s.evse, s.token_uid, s.register_wh, s.reason, s.session_id
FROM unnest(%s::uuid[], %s::timestamptz[]) AS w(station_id, since)
JOIN charging_straystop s ON s.station_id = w.station_id AND s.at >= w.since
"""


def match_strays(held: Held, dirty: dict[UUID, HeldSession]) -> None:
    """Match stray stops anew among the sessions they could belong to; those are loaded and become dirty too.

    Stops older than every dirty session keep their match: nothing that changed could have taken them.
    """
    touches = stray_touches(list(dirty.values()))
    for session in dirty.values():
        session.around.stray_stop = None
    if not touches:
        return
    first: dict[UUID, datetime] = {}
    for session in dirty.values():
        at = session.facts.started_at()
        first[session.station_id] = min(at, first.get(session.station_id, at))
    for session in load_touched(held, touches):
        dirty.setdefault(session.id, session)
    read_next_starts(list(dirty.values()))
    strays = {row[1]: row for row in _strays_since(first)}
    taken = _earlier_matches(dirty, strays)
    for station_id in first:
        _match_station(station_id, dirty, [row for row in strays.values() if row[0] == station_id], taken)


def _earlier_matches(dirty: dict[UUID, HeldSession], strays: Iterable[UUID]) -> set[UUID]:
    taken = set()
    for session_id, at, register_wh, reason in rows(
        """SELECT session_id, at, register_wh, reason FROM charging_straystop
           WHERE session_id = ANY(%s) AND id <> ALL(%s)""",
        [list(dirty), list(strays)],
    ):
        dirty[session_id].around.stray_stop = EndFact(at, reason, register_wh)
        taken.add(session_id)
    return taken


def _match_station(station_id: UUID, dirty: dict[UUID, HeldSession], found: list[tuple], taken: set[UUID]) -> None:
    candidates = [
        Candidate(
            id=session.id,
            evse=session.evse,
            started_at=session.facts.started_at(),
            until=session.around.next_start,
            token_uid=session.facts.token.uid if session.facts.token else "",
            register_wh=session.facts.start.register_wh if session.facts.start else None,
        )
        for session in dirty.values()
        if session.station_id == station_id and not session.facts.ends and session.id not in taken
    ]
    strays = [Stray(id_, evse, at, uid, register, reason) for _, id_, at, evse, uid, register, reason, _ in found]
    matched = match(strays, candidates)
    for stray in strays:
        session_id = matched.get(stray.id)
        if session_id is not None:
            dirty[session_id].around.stray_stop = EndFact(stray.at, stray.reason, stray.register_wh)
    _write_matches([(id_, matched.get(id_)) for _, id_, *_, before in found if matched.get(id_) != before])


def _write_matches(changed: list[tuple[UUID, UUID | None]]) -> None:
    if changed:
        ids, sessions = zip(*changed, strict=True)
        rows(
            """UPDATE charging_straystop s SET session_id = w.session_id
               FROM unnest(%s::uuid[], %s::uuid[]) AS w(id, session_id) WHERE s.id = w.id RETURNING s.id""",
            [list(ids), list(sessions)],
        )
