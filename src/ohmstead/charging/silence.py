"""Running sessions nobody speaks of any more: given up, and their stations asked to stop them."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction

from ohmstead.access.actors import Actor
from ohmstead.access.audit import record
from ohmstead.charging.closings import give_up
from ohmstead.charging.models import Session
from ohmstead.charging.staging import rows
from ohmstead.network import commands
from ohmstead.station.commands import StopSession

FREE_FOR: Final = timedelta(minutes=15)  # a stop that is still queued on the station comes sooner than this
_RULE: Final = Actor.job("rule: silent sessions")

_SILENT: Final = """
SELECT s.id, s.last_event_at < %(silent)s FROM charging_session s
WHERE s.state = 'running'
    AND (s.last_event_at < %(silent)s OR EXISTS (
        SELECT FROM charging_mark m
        WHERE m.station_id = s.station_id AND m.evse = s.evse AND m.state IN ('available', 'faulted')
            AND (m.connector = 0 OR s.connector IS NULL OR m.connector = s.connector)
            AND m.at > s.last_event_at AND m.at < %(free)s))
    AND NOT EXISTS (
        SELECT FROM charging_closing c WHERE c.session_id = s.id AND c.as_of >= s.last_event_at)
ORDER BY s.id
"""


def close_silent(now: datetime) -> int:
    """How many sessions were given up; the worker folds that in within a second or two."""
    limit = timedelta(hours=settings.SILENT_SESSION_HOURS)
    found = rows(_SILENT, {"silent": now - limit, "free": now - FREE_FOR})
    for session_id, silent in found:
        if silent:
            reason = f"Nothing was heard of it for {limit / timedelta(hours=1):g} hours."
        else:
            reason = "Its plug is free or faulted, and no stop was heard."
        _give_up(session_id, reason, now)
    return len(found)


@transaction.atomic
def _give_up(session_id: UUID, reason: str, now: datetime) -> None:
    session = Session.objects.get(pk=session_id)
    give_up(session, by_hand=False, reason=reason, now=now)
    commands.queue(session.station_id, StopSession(transaction_id=session.transaction_id), at=now)
    record(_RULE, "session.given_up", session, reason=reason)
