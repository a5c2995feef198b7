"""Which session a stop without transaction id belongs to (1.6: -1, 0 or 2^63-1)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import msgspec


class Stray(msgspec.Struct, frozen=True):
    id: UUID
    evse: int | None
    at: datetime
    token_uid: str
    register_wh: Decimal | None
    reason: str


class Candidate(msgspec.Struct, frozen=True):
    """A session of the same station that has no stop of its own."""

    id: UUID
    evse: int | None
    started_at: datetime
    until: datetime | None  # the next start on its EVSE
    token_uid: str
    register_wh: Decimal | None


def match(strays: Iterable[Stray], candidates: Sequence[Candidate]) -> dict[UUID, UUID]:
    """Stray id -> session id. Each session takes one stop; stops are served in time order."""
    free = {candidate.id: candidate for candidate in candidates}
    matched: dict[UUID, UUID] = {}
    for stray in sorted(strays, key=lambda s: (s.at, s.id)):
        fitting = [candidate for candidate in free.values() if _fits(stray, candidate)]
        if fitting:
            best = max(fitting, key=lambda candidate: _closeness(stray, candidate))
            matched[stray.id] = best.id
            del free[best.id]
    return matched


def _fits(stray: Stray, candidate: Candidate) -> bool:
    if candidate.started_at > stray.at or (candidate.until is not None and stray.at > candidate.until):
        return False
    if stray.evse is not None and candidate.evse is not None and stray.evse != candidate.evse:
        return False
    if stray.token_uid and candidate.token_uid and stray.token_uid != candidate.token_uid:
        return False
    return stray.register_wh is None or candidate.register_wh is None or stray.register_wh >= candidate.register_wh


def _closeness(stray: Stray, candidate: Candidate) -> tuple[bool, Decimal, datetime, UUID]:
    """The same token first, then the meter that moved least, then the latest start."""
    same_token = bool(stray.token_uid) and stray.token_uid == candidate.token_uid
    moved = Decimal(0)
    if stray.register_wh is not None and candidate.register_wh is not None:
        moved = stray.register_wh - candidate.register_wh
    return same_token, -moved, candidate.started_at, candidate.id
