"""What people do to sessions. The session itself is written by the worker, once it has folded this in."""

from django.db import transaction
from django.utils import timezone

from ohmstead.access.actors import Actor
from ohmstead.access.audit import record
from ohmstead.charging.closings import give_up
from ohmstead.charging.models import Closing, Session, SessionState
from ohmstead.network import commands
from ohmstead.station.commands import StopSession


class SessionNotRunning(ValueError):
    """The message is a sentence for the operator."""


@transaction.atomic(durable=True)
def close_session(session: Session, *, by: Actor, reason: str) -> Closing:
    """End a running session with its last reading, and ask the station to stop it too.

    If the station goes on to speak of it, it is running again: the meter does not lie.
    """
    session.refresh_from_db(fields=["state", "last_event_at"])
    if session.state != SessionState.RUNNING:
        raise SessionNotRunning("This session has ended already.")
    now = timezone.now()
    closing = give_up(session, by_hand=True, reason=reason or f"Closed by {by.name}.", now=now)
    commands.queue(session.station_id, StopSession(transaction_id=session.transaction_id), at=now, by=by)
    record(by, "session.closed", session, reason=reason)
    return closing
