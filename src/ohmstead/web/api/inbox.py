"""Stations that nobody has added, and attempts that were turned away at the door."""

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from ohmstead.access.rights import Right
from ohmstead.network import actions, queries
from ohmstead.network.models import Refusal, Station
from ohmstead.web.api.access import viewer
from ohmstead.web.api.operation import Input, operation
from ohmstead.web.api.pages import PageQuery, page, page_of
from ohmstead.web.api.things import plainly, site_of

router = Router(tags=["Inbox"])


class AcceptIn(Input):
    site_id: UUID | None = Field(None, description="Where it stands.")


class RefuseIn(Input):
    reason: str = Field("", max_length=300)


class WaitingOut(Schema):
    id: UUID
    identity: str
    admission: str = Field(description="pending or refused.", examples=["pending"])
    vendor: str
    model: str
    serial: str
    firmware: str
    protocol: str
    remote_address: str = Field(examples=["192.0.2.7"])
    online: bool
    first_heard_at: datetime


class RefusalOut(Schema):
    identity: str
    remote_address: str = Field(examples=["192.0.2.7"])
    code: str = Field(examples=["password_wrong"])
    sentence: str = Field(description="Why, for the installer.", examples=["The password is wrong."])
    count: int
    first_at: datetime
    last_at: datetime


def _waiting_out(station: Station) -> WaitingOut:
    plain = ("identity", "admission", "vendor", "model", "serial", "firmware", "remote_address", "online")
    return WaitingOut(
        id=station.pk,
        protocol=station.dialect,
        first_heard_at=station.created_at,
        **{name: getattr(station, name) for name in plain},
    )


@operation(router, "GET", "/inbox", "list_inbox", "Stations that wait", answers=page_of(WaitingOut))
def list_inbox(request: HttpRequest, query: Query[PageQuery]) -> Any:
    """Newest first."""
    return page(queries.inbox(viewer(request).organisation), query, _waiting_out, ("-created_at", "-pk"))


@operation(router, "GET", "/inbox/refused", "list_refused", "Stations turned away", answers=page_of(WaitingOut))
def list_refused(request: HttpRequest, query: Query[PageQuery]) -> Any:
    """By identity; each can still be accepted."""
    return page(queries.refused_stations(viewer(request).organisation), query, _waiting_out, ("identity",))


@operation(
    router, "GET", "/inbox/refusals", "list_refusals", "Attempts that ended at the door", answers=page_of(RefusalOut)
)
def list_refusals(request: HttpRequest, query: Query[PageQuery]) -> Any:
    """Newest first, counted by identity and reason."""
    found = Refusal.objects.filter(organisation=viewer(request).organisation)
    return page(found, query, partial(plainly, RefusalOut), ("-last_at", "-pk"))


@operation(
    router,
    "POST",
    "/inbox/{identity}/accept",
    "accept_station",
    "Let a station in",
    right=Right.ADMIT,
    answers=WaitingOut,
    status=200,
)
def accept(request: HttpRequest, identity: str, body: AcceptIn) -> WaitingOut:
    """It works as soon as it asks again, at the latest within a minute."""
    station = viewer(request).station(identity)
    actions.accept_station(station, by=viewer(request).actor, site=site_of(viewer(request), body.site_id))
    return _waiting_out(station)


@operation(
    router,
    "POST",
    "/inbox/{identity}/refuse",
    "refuse_station",
    "Turn a station away",
    right=Right.ADMIT,
    answers=WaitingOut,
    status=200,
)
def refuse(request: HttpRequest, identity: str, body: RefuseIn) -> WaitingOut:
    """Its connection is closed; it can be accepted later."""
    station = viewer(request).station(identity)
    actions.refuse_station(station, by=viewer(request).actor, reason=body.reason)
    return _waiting_out(station)
