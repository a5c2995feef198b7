"""Starts and stops asked for by drivers: never two from two taps, and refused before the station is asked."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q

from ohmstead.access import live
from ohmstead.access.actors import Actor
from ohmstead.access.audit import record
from ohmstead.charging.authorisation import may_start
from ohmstead.charging.models import AppStart, Session, SessionState
from ohmstead.drivers.models import Token
from ohmstead.network import commands
from ohmstead.network.models import Command, CommandState, Evse, Station
from ohmstead.network.station_rows import locked
from ohmstead.station.commands import AnyCommand, StartSession, StopSession, new_request_id
from ohmstead.station.states import PlugState
from ohmstead.station.tokens import PresentedToken, TokenKind, TokenVerdict

PLUG_IN_WITHIN: Final = timedelta(seconds=60)  # what the driver is told; stations themselves wait 1 to 3 minutes
NOT_GUESSED: Final = 32  # letters of a key, as our pages give them
_CLOCK_SLACK: Final = timedelta(minutes=5)  # the station's clock may be behind ours by so much
_IN_USE: Final = (PlugState.CHARGING, PlugState.SUSPENDED_CAR, PlugState.SUSPENDED_STATION)
_UNDER_WAY: Final = (CommandState.QUEUED, CommandState.WAITING, CommandState.SENT)


class StartRefused(Exception):
    """`code` is why; the message is a sentence for the driver."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class StopRefused(Exception):
    """The message is a sentence for the driver."""


def start(token: Token, evse: Evse, *, key: str, now: datetime, by: Actor) -> AppStart:
    """Ask the station to start; said again with the same key, or while it is under way, it is the same start.

    What comes back may belong to another guest's token: that is the one to remember. Needs `evse.station`.
    Raises StartRefused.
    """
    refused = _refusal(token, evse)
    with transaction.atomic():
        locked(evse.station)
        earlier = _earlier(token, evse, key, now)
        if earlier is not None:
            return earlier
        if refused is not None:
            raise refused
        presented = PresentedToken(uid=token.uid, kind=TokenKind(token.kind), group_uid=token.parent_uid or None)
        command = StartSession(token=presented, evse=evse.number, remote_start_id=new_request_id())
        made = AppStart(organisation_id=token.organisation_id, token=token, evse=evse, key=key[:80], asked_at=now)
        made.command = _ask(evse.station, command, now, by)
        made.save(force_insert=True)
        return made


def stop(session: Session, *, now: datetime, by: Actor) -> Command | None:
    """None when it has ended already; a stop under way is not asked for again. Needs `session.station`."""
    if session.state != SessionState.RUNNING:
        return None
    if not session.station.online:
        raise StopRefused("The station cannot be reached now. Stop at the station, or unplug at the car.")
    with transaction.atomic():
        locked(session.station)
        asked = stop_of(session)
        if asked is not None and (asked.state in _UNDER_WAY or asked.asked_at > now - timedelta(seconds=20)):
            return asked
        return _ask(session.station, StopSession(transaction_id=session.transaction_id), now, by)


def stop_of(session: Session) -> Command | None:
    """The newest time somebody asked for its end."""
    asked = Command.objects.filter(station_id=session.station_id, kind=StopSession.__name__)
    asked = asked.filter(asked_at__gt=session.started_at - _CLOCK_SLACK)
    return asked.filter(command__transaction_id=session.transaction_id).order_by("-asked_at").first()


def session_of(start: AppStart) -> Session | None:
    """2.x sessions carry the number of the remote start; 1.6 ones are known by station, plug, token and time."""
    number = start.command.command["remote_start_id"]
    named = Q(remote_start_id=None, token_uid=start.token.canonical_uid, evse=start.evse.number)
    found = Session.objects.filter(
        Q(remote_start_id=number) | named,
        station_id=start.command.station_id,
        started_at__gt=start.asked_at - _CLOCK_SLACK,
    )
    over_before = Q(state=SessionState.ENDED, ended_at__lt=start.asked_at) | Q(state=SessionState.REFUSED)
    return found.exclude(over_before).select_related("station").order_by("-started_at").first()


def _refusal(token: Token, evse: Evse) -> StartRefused | None:
    decided = may_start(token, evse.station, evse.number)
    if decided.verdict is not TokenVerdict.ACCEPTED:
        return StartRefused(decided.code.value, decided.says)
    if evse.state in _IN_USE:
        return StartRefused("in_use", "Somebody else is charging here.")
    return None


def _earlier(token: Token, evse: Evse, key: str, now: datetime) -> AppStart | None:
    starts = AppStart.objects.filter(organisation=token.organisation_id).select_related("command", "evse", "token")
    mine = starts.filter(token=token)
    with_key = mine.filter(key=key[:80]).first()
    if with_key is None and token.kind == TokenKind.GUEST and len(key) >= NOT_GUESSED:
        # A guest whose first answer was lost has no cookie yet, and comes as another guest.
        with_key = starts.filter(
            token__kind=TokenKind.GUEST, evse=evse, key=key[:80], asked_at__gt=now - PLUG_IN_WITHIN
        ).first()
    if with_key is not None:
        return with_key
    under_way = Q(command__state__in=[*_UNDER_WAY, CommandState.ACCEPTED])
    newest = mine.filter(under_way, evse=evse, asked_at__gt=now - PLUG_IN_WITHIN).order_by("-asked_at").first()
    if newest is None:
        return None
    session = session_of(newest)
    return newest if session is None or session.state == SessionState.RUNNING else None


def _ask(station: Station, command: AnyCommand, now: datetime, by: Actor) -> Command:
    row = commands.row_of(station.pk, command, at=now, by=by)
    row.save(force_insert=True)
    commands.wake_dispatch()
    live.tell("commands", station.organisation_id, [row.pk])
    record(by, "station.asked", station, command=row.kind, command_id=str(row.pk))
    return row
