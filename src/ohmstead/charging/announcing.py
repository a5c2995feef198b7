"""What became of sessions, as domain events; while nobody listens a batch costs no statement."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from ohmstead.charging.held import HeldSession
from ohmstead.charging.rules.fold import SessionView
from ohmstead.charging.staging import rows
from ohmstead.integration.events import DomainEvent, SessionEnded, SessionStarted, SessionUpdated
from ohmstead.integration.listeners import listened_for, memory
from ohmstead.integration.outbox import Announcement, announce_all

_OF_SESSIONS: Final = ("session.started", "session.updated", "session.ended")
_UPDATED_EVERY_S: Final = 60
_EXACT: Final = Decimal("0.001")  # as the column holds it

type _Folded = tuple[HeldSession, SessionView]


def of_sessions(views: Sequence[_Folded]) -> None:
    """Called before the rows are written, so that they still say what was known before."""
    if not memory.wanted():
        return
    listening = listened_for({session.organisation_id for session, _ in views}, *_OF_SESSIONS)
    heard = [each for each in views if each[0].organisation_id in listening and each[1].state != "refused"]
    if not heard:
        return
    before = _before([session.id for session, _ in heard])
    identities = _identities({session.station_id for session, _ in heard})
    news: list[Announcement] = []
    for session, view in heard:
        news += _news(session, view, before.get(session.id), identities.get(session.station_id, ""))
    announce_all(news)


def _before(ids: Sequence[UUID]) -> dict[UUID, tuple[Any, ...]]:
    found = rows("SELECT id, state, ended_at, energy_wh FROM charging_session WHERE id = ANY(%s)", [list(ids)])
    return {row[0]: row[1:] for row in found}


def _identities(ids: set[UUID]) -> dict[UUID, str]:
    return dict(rows("SELECT id, identity FROM network_station WHERE id = ANY(%s)", [list(ids)]))


def _news(session: HeldSession, view: SessionView, before: tuple[Any, ...] | None, identity: str) -> list[Announcement]:
    fields = _fields(session, view, identity)
    found = []
    if before is None or before[0] == "refused":
        found.append(_told(session, SessionStarted(**fields), view, str(session.id)))
    if view.state == "running":
        minute = int(view.last_event_at.timestamp()) // _UPDATED_EVERY_S
        if before is not None:
            found.append(_told(session, SessionUpdated(**fields), view, f"{session.id} {minute}"))
    elif before != (view.state, view.ended_at, view.energy_wh):
        ended = SessionEnded(**fields, ended_at=view.ended_at, stop_reason=view.stop_reason)
        found.append(_told(session, ended, view, f"{session.id} {view.state} {view.ended_at} {view.energy_wh}"))
    return found


def _told(session: HeldSession, event: DomainEvent, view: SessionView, key: str) -> Announcement:
    at = view.started_at if isinstance(event, SessionStarted) else view.ended_at or view.last_event_at
    return Announcement(session.organisation_id, event, at, key)


def _fields(session: HeldSession, view: SessionView, identity: str) -> dict[str, Any]:
    return {
        "session_id": session.id,
        "station_id": session.station_id,
        "station": identity,
        "evse": view.evse,
        "transaction_id": session.transaction_id,
        "token_uid": view.token_uid,
        "state": view.state,
        "started_at": view.started_at,
        "energy_wh": view.energy_wh.quantize(_EXACT),
        "power_w": view.power_w,
        "soc_percent": view.soc_percent,
        "flags": tuple(view.flags),
    }
