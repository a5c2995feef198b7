"""States of plugs and transactions over time, and boots, as rows."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from ohmstead.charging.held import HeldSession
from ohmstead.charging.models import NO_SESSION
from ohmstead.charging.staging import Staged, rows, text

BOOT: Final = "boot"
FREE: Final = frozenset({"available", "preparing", "reserved", "unavailable"})
BUSY: Final = frozenset({"charging", "suspended_car", "suspended_station"})
_MOST: Final = 2**63 - 1
_KEY: Final = ("station_id", "at", "evse", "connector", "session_id", "state")
_STAGED: Final = Staged(
    "charging_mark",
    (*_KEY, "number"),
    _KEY,
    "DO UPDATE SET number = EXCLUDED.number WHERE charging_mark.number < EXCLUDED.number",
)


class MarkRows:
    """The marks of one batch."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}  # key -> number

    def add(
        self,
        station_id: UUID,
        at: datetime,
        state: str,
        *,
        evse: int | None,
        connector: int | None,
        session: UUID | None,
        number: int | None = None,
    ) -> None:
        key = f"{station_id}\t{at.isoformat()}\t{evse or 0}\t{connector or 0}\t{session or NO_SESSION}\t{text(state)}"
        self._numbers[key] = min(max(number or 0, self._numbers.get(key, 0)), _MOST)

    def write(self) -> None:
        if self._numbers:
            _STAGED.write(f"{key}\t{number}" for key, number in self._numbers.items())


def read_marks(sessions: Iterable[HeldSession]) -> None:
    """Give each session the marks in its window, and what boots and free plugs say about its end."""
    by_id = {session.id: session for session in sessions if session.window is not None}
    for session in by_id.values():
        session.marks, session.marked_at = [], None
        around = session.around
        around.booted_at = around.free_at = around.charging_at = None
    if not by_id:
        return
    asked = [
        (session.id, session.station_id, session.evse, session.facts.connector, session.window.start, _until(session))
        for session in by_id.values()
        if session.window is not None
    ]
    for session_id, at, state, named in rows(_MARKS, [list(column) for column in zip(*asked, strict=True)]):
        _take(by_id[session_id], at, state, named)


def _until(session: HeldSession) -> datetime | None:
    window = session.window
    assert window is not None
    return window.end or window.unnamed_until


def _take(session: HeldSession, at: datetime, state: str, named: bool) -> None:
    """Marks come in time order, so the last one of a kind is the newest."""
    around = session.around
    if state == BOOT:
        around.booted_at = at
        return
    if not named and state in FREE:
        around.free_at = at
    elif not named and state in BUSY:
        around.charging_at = at
    add_mark(session, at, state)


def add_mark(session: HeldSession, at: datetime, state: str) -> None:
    """Append in time order; of equal states in a row only the first counts."""
    session.marked_at = at
    if not session.marks or session.marks[-1][1] != state:
        session.marks.append((at, state))


_MARKS: Final = f"""
SELECT w.session_id, m.at, m.state, m.session_id <> '{NO_SESSION}'
FROM unnest(%s::uuid[], %s::uuid[], %s::int2[], %s::int2[], %s::timestamptz[], %s::timestamptz[])
    AS w(session_id, station_id, evse, connector, since, until)
JOIN charging_mark m ON m.station_id = w.station_id AND m.at >= w.since AND m.at <= coalesce(w.until, 'infinity')
    AND (m.session_id = w.session_id
         OR m.session_id = '{NO_SESSION}' AND (m.state = '{BOOT}' OR m.evse = w.evse
             AND (m.connector = 0 OR w.connector IS NULL OR m.connector = w.connector)))
ORDER BY w.session_id, m.at, m.session_id, m.number, m.state
"""
