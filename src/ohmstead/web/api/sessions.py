"""GET sessions and their readings."""

from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest
from ninja import Query, Router
from ninja.errors import HttpError

from ohmstead.charging.models import MeterReading, Session
from ohmstead.web.api.access import viewer
from ohmstead.web.api.cursors import from_cursor, moment, to_cursor
from ohmstead.web.api.schemas import (
    Problem,
    ReadingOut,
    ReadingQuery,
    ReadingsOut,
    SessionOut,
    SessionQuery,
    SessionsOut,
)
from ohmstead.web.console.session import found, readings_of
from ohmstead.web.console.sessions import SessionFilter, rows
from ohmstead.web.console.stations import uuid_of

router = Router(tags=["Sessions"])
_PROBLEMS = {401: Problem, 404: Problem, 422: Problem}


@router.get("", response={200: SessionsOut, **_PROBLEMS}, summary="List sessions", operation_id="list_sessions")
def list_sessions(request: HttpRequest, query: Query[SessionQuery]) -> SessionsOut:
    """Sessions of your organisation, newest first."""
    sessions = SessionFilter(state=query.state).applied(rows(viewer(request)))
    if query.station:
        sessions = sessions.filter(station=viewer(request).station(query.station))
    if query.started_from:
        sessions = sessions.filter(started_at__gte=query.started_from)
    if query.started_before:
        sessions = sessions.filter(started_at__lt=query.started_before)
    if query.cursor:
        at, key = from_cursor(query.cursor, 2)
        if (last := uuid_of(key)) is None:
            raise HttpError(422, "The cursor is not one this list gave out.")
        sessions = sessions.filter(Q(started_at__lt=moment(at)) | Q(started_at=moment(at), pk__lt=last))
    page = list(sessions.order_by("-started_at", "-pk")[: query.limit + 1])
    last_one = page[query.limit - 1] if len(page) > query.limit else None
    following = to_cursor(last_one.started_at, last_one.pk) if last_one else None
    return SessionsOut(items=[session_out(session) for session in page[: query.limit]], next=following)


@router.get("/{session_id}", response={200: SessionOut, **_PROBLEMS}, summary="One session", operation_id="get_session")
def get_session(request: HttpRequest, session_id: UUID) -> SessionOut:
    return session_out(found(viewer(request), session_id))


@router.get(
    "/{session_id}/readings",
    response={200: ReadingsOut, **_PROBLEMS},
    summary="Readings of a session",
    operation_id="list_readings",
)
def list_readings(request: HttpRequest, session_id: UUID, query: Query[ReadingQuery]) -> ReadingsOut:
    """What the meter said, oldest first."""
    readings = readings_of(found(viewer(request), session_id))
    if query.cursor:
        at, context = from_cursor(query.cursor, 2)
        if not context.isdecimal():
            raise HttpError(422, "The cursor is not one this list gave out.")
        readings = readings.filter(Q(at__gt=moment(at)) | Q(at=moment(at), context__gt=int(context)))
    page = list(readings[: query.limit + 1])
    last_one = page[query.limit - 1] if len(page) > query.limit else None
    following = to_cursor(last_one.at, last_one.context) if last_one else None
    return ReadingsOut(items=[_reading_out(reading) for reading in page[: query.limit]], next=following)


def session_out(session: Session) -> SessionOut:
    return SessionOut(
        id=session.pk,
        station=session.station.identity,
        evse=session.evse,
        transaction_id=session.transaction_id,
        token_uid=session.token_uid,
        state=session.state,
        started_at=session.started_at,
        ended_at=session.ended_at,
        energy_wh=session.energy_wh,
        start_register_wh=session.start_register_wh,
        end_register_wh=session.end_register_wh,
        power_w=session.power_w,
        max_power_w=session.max_power_w,
        soc_start_percent=session.soc_start_percent,
        soc_percent=session.soc_percent,
        suspended_by_car_s=session.suspended_car_s,
        suspended_by_station_s=session.suspended_station_s,
        stop_reason=session.stop_reason,
        flags=session.flags,
    )


def _reading_out(reading: MeterReading) -> ReadingOut:
    return ReadingOut(**{name: getattr(reading, name) for name in ReadingOut.model_fields})
