"""Reads of sessions and readings for others."""

from typing import Any, Final

from django.db import connection
from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import Mod, RowNumber

from ohmstead.access.models import Organisation
from ohmstead.charging.marks import BOOT
from ohmstead.charging.models import (
    NO_SESSION,
    Mark,
    MeterReading,
    QuarantinedEntry,
    Session,
    SessionState,
    TokenRefusal,
)
from ohmstead.drivers.models import Token
from ohmstead.journal import reader
from ohmstead.network.models import Station

READER: Final = "worker"  # whose cursors in the journal are the workers'


def sessions_of(organisation: Organisation) -> QuerySet[Session]:
    """Newest first. What was refused is no session to most who ask."""
    found = Session.objects.filter(organisation=organisation).exclude(state=SessionState.REFUSED)
    return found.select_related("station", "token").defer("facts").order_by("-started_at")


def running_at(station: Station) -> QuerySet[Session]:
    return Session.objects.filter(station=station, state=SessionState.RUNNING).defer("facts").order_by("evse")


def readings_of(session: Session) -> QuerySet[MeterReading]:
    """In time order: those named with the session, and unnamed ones of its EVSE within its time."""
    named = Q(session_id=session.pk)
    unnamed = Q(session_id=NO_SESSION, evse=session.evse, at__gte=session.started_at)
    until = session.ended_at or session.open_until
    if until is not None:
        unnamed &= Q(at__lte=until)
    found = MeterReading.objects.filter(station_id=session.station_id)
    return found.filter(named | unnamed).order_by("at", "context")


def thinned[R: QuerySet[Any]](readings: R, most: int) -> R:
    """Of more than `most` every second, third, ... one and the last, so that a long night is seen to its end."""
    step = -(-readings.count() // most)
    if step <= 1:
        return readings
    counted = readings.annotate(
        turn=Mod(Window(RowNumber(), order_by=[F("at"), F("context")]) - 1, step),
        number=Window(RowNumber(), order_by=[F("at"), F("context")]),
        in_all=Window(Count("at")),
    )
    return counted.filter(Q(turn=0) | Q(number=F("in_all")))


def marks_of(session: Session) -> QuerySet[Mark]:
    """In time order, as the fold reads them: named with the session, of its plug within its time, and boots."""
    of_plug = Q(evse=session.evse)
    if session.connector is not None:
        of_plug &= Q(connector__in=[0, session.connector])
    found = Mark.objects.filter(station_id=session.station_id, at__gte=session.started_at)
    until = session.ended_at or session.open_until
    if until is not None:
        found = found.filter(at__lte=until)
    unnamed = Q(session_id=NO_SESSION) & (Q(state=BOOT) | of_plug)
    return found.filter(Q(session_id=session.pk) | unnamed).order_by("at", "session_id", "number", "state")


def refusals_of_token(token: Token) -> QuerySet[TokenRefusal]:
    """Why it was not let charge, newest first."""
    found = TokenRefusal.objects.filter(organisation=token.organisation, canonical_uid=token.canonical_uid)
    return found.select_related("station__site").order_by("-last_at")


def fold_lag() -> reader.Lag:
    """How far the tables are behind what stations said, over all workers."""
    connection.ensure_connection()
    assert connection.connection is not None
    return reader.lag(connection.connection, READER)


def quarantined() -> QuerySet[QuarantinedEntry]:
    """Journal entries that could not be folded, newest first; each is a fault of ours to look at."""
    return QuarantinedEntry.objects.order_by("-quarantined_at")
