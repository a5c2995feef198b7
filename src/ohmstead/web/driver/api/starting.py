"""Starts, and sessions of one's own: follow, limit, stop."""

from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Header, Router, Schema, Status
from ninja.errors import HttpError
from pydantic import ConfigDict, Field

from ohmstead.charging import driver_starts, session_limits
from ohmstead.charging.driver_starts import StartRefused, StopRefused
from ohmstead.charging.models import SessionState
from ohmstead.charging.rules.limits import Limit
from ohmstead.charging.session_limits import LimitRefused
from ohmstead.network.plug_codes import plugs_of_code
from ohmstead.web.api.problems import Refused
from ohmstead.web.driver import charging, starting
from ohmstead.web.driver.api.finding import viewer
from ohmstead.web.driver.api.schemas import SessionOut, StartOut, session_out, start_out
from ohmstead.web.driver.scope import remember_guest
from ohmstead.web.driver.words import REFUSALS, SOMETHING

router = Router(tags=["Charging"])
_MOST = 100


class StartIn(Schema):
    model_config = ConfigDict(extra="forbid")
    plug: str = Field(max_length=60, description="The code on the plug.", examples=["AMP-0012-1"])


class LimitIn(Schema):
    model_config = ConfigDict(extra="forbid")
    energy_wh: Decimal | None = None
    minutes: int | None = None
    soc_percent: int | None = None


Key = Annotated[str, Header(alias="Idempotency-Key", min_length=8, max_length=80)]


@router.post("/starts", response={201: StartOut}, operation_id="start", summary="Start charging")
def start(request: HttpRequest, response: HttpResponse, body: StartIn, key: Key) -> Any:
    """The same Idempotency-Key is the same start, however often it comes. Without a token or cookie a guest is made;
    there a key of 32 letters or more is the same start for a minute."""
    who = viewer(request)
    plugs = plugs_of_code(who.organisation, body.plug)
    if len(plugs) != 1:
        raise HttpError(404, "There is no such plug.")
    if not who.may_charge:
        raise _refused("guests")
    token = who.token()
    try:
        begun = driver_starts.start(token, plugs[0], key=key, now=timezone.now(), by=who.actor)
    except StartRefused as refused:
        raise _refused(refused.code) from None
    remember_guest(response, begun.token)
    return Status(201, start_out(starting.reloaded(begun), timezone.now()))


def _refused(code: str) -> Refused:
    sentence, next_step = REFUSALS.get(code, SOMETHING)
    return Refused("conflict", str(sentence), code=code, next_step=str(next_step))


@router.get("/starts/{uuid:start_id}", response=StartOut, operation_id="get_start", summary="How far a start has come")
def get_start(request: HttpRequest, start_id: UUID) -> Any:
    return start_out(starting.found(viewer(request), start_id), timezone.now())


@router.get("/sessions", response=list[SessionOut], operation_id="list_sessions", summary="Your sessions")
def list_sessions(request: HttpRequest, running: bool = False) -> Any:
    """The newest hundred."""
    found = viewer(request).sessions().order_by("-started_at")
    if running:
        found = found.filter(state=SessionState.RUNNING)
    now = timezone.now()
    return [session_out(each, now) for each in found[:_MOST]]


@router.get("/sessions/{uuid:session_id}", response=SessionOut, operation_id="get_session", summary="One session")
def get_session(request: HttpRequest, session_id: UUID) -> Any:
    return session_out(charging.found(viewer(request), session_id), timezone.now())


@router.post("/sessions/{uuid:session_id}/stop", response={202: SessionOut}, operation_id="stop", summary="Stop")
def stop(request: HttpRequest, session_id: UUID) -> Any:
    """Saying it again is no error; the session tells when it has ended."""
    session = charging.found(viewer(request), session_id)
    try:
        driver_starts.stop(session, now=timezone.now(), by=viewer(request).actor)
    except StopRefused as refused:
        raise Refused("conflict", str(refused)) from None
    return Status(202, session_out(charging.found(viewer(request), session_id), timezone.now()))


@router.put("/sessions/{uuid:session_id}/limit", response=SessionOut, operation_id="set_limit", summary="Set a limit")
def set_limit(request: HttpRequest, session_id: UUID, body: LimitIn) -> Any:
    """The server stops the session when the first value is reached; an empty body takes the limit away."""
    session = charging.found(viewer(request), session_id)
    try:
        session_limits.set_limit(session, Limit(**body.dict()), by=viewer(request).actor)
    except LimitRefused as refused:
        raise Refused("invalid", str(refused)) from None
    return session_out(session, timezone.now())
