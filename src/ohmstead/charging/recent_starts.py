"""Starts accepted a moment ago, which the worker has not folded into sessions yet."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from ohmstead.charging.held import session_id, transaction_key
from ohmstead.charging.rules.authorise_facts import RunningSession
from ohmstead.charging.staging import rows

KEPT_FOR: Final = timedelta(seconds=5)  # a start is folded within a second or two; a longer memory would lock a card
MOST: Final = 10_000

type _Owner = tuple[UUID, str]  # organisation, canonical uid


class RecentStarts:
    """One desk's memory, bounded in time and number. Another desk's starts are seen when they are folded."""

    def __init__(self) -> None:
        self._started: dict[tuple[_Owner, RunningSession], datetime] = {}  # oldest first

    def add(self, owner: _Owner, session: RunningSession, now: datetime) -> None:
        self._started.pop((owner, session), None)
        self._started[owner, session] = now
        self._forget(now)

    def of(self, owner: _Owner) -> list[RunningSession]:
        return [session for whose, session in self._started if whose == owner]

    def forget_folded(self, owners: Iterable[_Owner], now: datetime) -> None:
        """Where a row tells of the session, the row is right: it may have ended meanwhile."""
        asked = set(owners)
        waiting = {
            session_id(started.station_id, transaction_key(started.transaction_id)): (owner, started)
            for owner, started in self._started
            if owner in asked
        }
        if waiting:
            for (folded,) in rows("SELECT id FROM charging_session WHERE id = ANY(%s)", [list(waiting)]):
                del self._started[waiting[folded]]
        self._forget(now)

    def _forget(self, now: datetime) -> None:
        while self._started:
            first = next(iter(self._started))
            if now - self._started[first] <= KEPT_FOR and len(self._started) <= MOST:
                return
            del self._started[first]
