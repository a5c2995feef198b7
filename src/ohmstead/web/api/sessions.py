"""Sessions with their readings; one that hangs can be closed by hand."""

from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from ohmstead.access.rights import Right
from ohmstead.charging.actions import close_session
from ohmstead.charging.models import Session
from ohmstead.charging.queries import marks_of
from ohmstead.web.api.access import viewer
from ohmstead.web.api.operation import Input, operation
from ohmstead.web.api.pages import PageQuery, page, page_of
from ohmstead.web.api.schemas import ReadingOut, SessionOut
from ohmstead.web.api.things import plainly
from ohmstead.web.console.session import found, readings_of
from ohmstead.web.console.sessions import SessionFilter
from ohmstead.web.session_story import BOUNDING, story

router = Router(tags=["Sessions"])

_MOST_MARKS = 1_000


class SessionQuery(PageQuery):
    state: Literal["", "running", "ended", "lost", "refused"] = Field("", description="Only those in this state.")
    station: str = Field("", max_length=48, description="Identity of a station.")
    site: UUID | None = Field(None, description="Id of a site.")
    search: str = Field("", max_length=80, description="A card or its label, a station, a transaction id.")
    flagged: bool = Field(False, description="Only those with something remarkable.")
    started_from: datetime | None = Field(None, description="Started at or after.")
    started_before: datetime | None = Field(None, description="Started before.")


class ReadingQuery(PageQuery):
    limit: int = Field(200, ge=1, le=1000, description="Most items of a page, 1 to 1000.")


class SessionEventOut(Schema):
    at: datetime
    kind: str = Field(description="started, state, restarted, reading, closed or ended.", examples=["state"])
    detail: str = Field(description="State of the plug, kind of reading, or reason.", examples=["suspended_car"])
    resumed: bool = Field(description="Charging again after a pause.")
    by_hand: bool = Field(description="Closed by a person.")
    register_wh: Decimal | None
    soc_percent: float | None


class SessionEventsOut(Schema):
    items: list[SessionEventOut]


class CloseIn(Input):
    reason: str = Field("", max_length=300, description="Kept with the session and in the audit trail.")


@operation(router, "GET", "/sessions", "list_sessions", "List sessions", answers=page_of(SessionOut))
def list_sessions(request: HttpRequest, query: Query[SessionQuery]) -> Any:
    """Newest first."""
    wanted = SessionFilter(search=query.search, state=query.state, site=str(query.site or ""), flagged=query.flagged)
    sessions = wanted.applied(viewer(request))
    if query.station:
        sessions = sessions.filter(station=viewer(request).station(query.station))
    if query.started_from:
        sessions = sessions.filter(started_at__gte=query.started_from)
    if query.started_before:
        sessions = sessions.filter(started_at__lt=query.started_before)
    return page(sessions, query, session_out, ("-started_at", "-pk"))


@operation(router, "GET", "/sessions/{uuid:session_id}", "get_session", "One session", answers=SessionOut)
def get_session(request: HttpRequest, session_id: UUID) -> SessionOut:
    return session_out(found(viewer(request), session_id))


@operation(
    router,
    "GET",
    "/sessions/{uuid:session_id}/readings",
    "list_readings",
    "Readings of a session",
    answers=page_of(ReadingOut),
)
def list_readings(request: HttpRequest, session_id: UUID, query: Query[ReadingQuery]) -> Any:
    """What the meter said, oldest first."""
    readings = readings_of(found(viewer(request), session_id))
    return page(readings, query, partial(plainly, ReadingOut), ("at", "context"))


@operation(
    router,
    "GET",
    "/sessions/{uuid:session_id}/events",
    "list_session_events",
    "What happened in a session",
    answers=SessionEventsOut,
)
def list_session_events(request: HttpRequest, session_id: UUID) -> SessionEventsOut:
    """Oldest first, from the start to the end: pauses, restarts of the station, readings that bound it, closings.

    Of very restless sessions the first 300.
    """
    session = found(viewer(request), session_id)
    bounding = readings_of(session).filter(context__in=BOUNDING)
    happenings = story(session, marks_of(session)[:_MOST_MARKS], bounding[:_MOST_MARKS], session.closings.all())
    return SessionEventsOut(items=[plainly(SessionEventOut, each) for each in happenings])


@operation(
    router,
    "POST",
    "/sessions/{uuid:session_id}/close",
    "close_session",
    "Close a session by hand",
    right=Right.OPERATE,
    answers=SessionOut,
    status=202,
)
def close(request: HttpRequest, session_id: UUID, body: CloseIn) -> SessionOut:
    """Ends a running session with its last reading, and asks the station to stop it too. Takes effect in a moment."""
    session = found(viewer(request), session_id)
    close_session(session, by=viewer(request).actor, reason=body.reason)
    return session_out(found(viewer(request), session_id))


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
