"""What became of sessions, as notices to their drivers; where no driver has an account a batch costs no statement."""

import time
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from ohmstead.charging.held import HeldSession
from ohmstead.charging.rules.fold import SessionView
from ohmstead.charging.rules.notices import Seen, news_of
from ohmstead.charging.staging import rows
from ohmstead.drivers.notices import News, tell_all

_REMEMBERED_S: Final = 5.0


class _Memory:
    """Organisations in which drivers have accounts, asked for every few seconds."""

    def __init__(self) -> None:
        self._known: frozenset[UUID] = frozenset()
        self._asked_at = float("-inf")

    def organisations(self) -> frozenset[UUID]:
        now = time.monotonic()
        if now - self._asked_at >= _REMEMBERED_S:
            self._known = frozenset(row[0] for row in rows(_WITH_ACCOUNTS, []))
            self._asked_at = now
        return self._known

    def forget(self) -> None:
        self._asked_at = float("-inf")


memory: Final = _Memory()
_WITH_ACCOUNTS: Final = """
SELECT o.id FROM access_organisation o
WHERE EXISTS (SELECT 1 FROM drivers_driver d WHERE d.organisation_id = o.id AND d.user_id IS NOT NULL)
"""


def of_sessions(views: Sequence[tuple[HeldSession, SessionView]]) -> None:
    """Called before the rows are written, so that they still say what was known before."""
    known = memory.organisations()
    heard = [each for each in views if each[0].token_id is not None and each[0].organisation_id in known]
    drivers = _drivers({each[0].token_id for each in heard}) if heard else {}
    heard = [each for each in heard if each[0].token_id in drivers]
    if not heard:
        return
    before, places, now = (
        _before([each[0].id for each in heard]),
        _places({each[0].station_id for each in heard}),
        timezone.now(),
    )
    tell_all(
        [
            _news(session, view, kind, drivers[session.token_id], places.get(session.station_id, ""))
            for session, view in heard
            for kind in news_of(before.get(session.id), _seen(session, view), now)
        ]
    )


def _news(session: HeldSession, view: SessionView, kind: str, driver_id: UUID, place: str) -> News:
    details: dict[str, Any] = {
        "place": place,
        "evse": view.evse,
        "energy_wh": str(view.energy_wh),
        "soc_percent": view.soc_percent,
    }
    at = view.started_at if kind == "started" else view.ended_at or view.last_event_at
    return News(session.organisation_id, driver_id, kind, f"{session.id} {kind}", at, session.id, details)


def _seen(session: HeldSession, view: SessionView) -> Seen:
    faulted = bool(session.marks) and session.marks[-1][1] == "faulted"
    return Seen(view.state, view.charging_state, view.soc_percent, view.last_event_at, faulted)


def _drivers(token_ids: set[UUID | None]) -> dict[UUID | None, UUID]:
    return dict(
        rows(
            """SELECT t.id, d.id FROM drivers_token t JOIN drivers_driver d ON d.id = t.driver_id
               WHERE t.id = ANY(%s) AND d.user_id IS NOT NULL""",
            [list(token_ids)],
        )
    )


def _before(ids: Sequence[UUID]) -> dict[UUID, Seen]:
    found = rows(
        "SELECT id, state, charging_state, soc_percent, last_event_at FROM charging_session WHERE id = ANY(%s)",
        [list(ids)],
    )
    return {row[0]: Seen(*row[1:]) for row in found}


def _places(station_ids: set[UUID]) -> dict[UUID, str]:
    return dict(
        rows(
            """SELECT st.id, coalesce(s.name, st.identity) FROM network_station st
               LEFT JOIN network_site s ON s.id = st.site_id WHERE st.id = ANY(%s)""",
            [list(station_ids)],
        )
    )
