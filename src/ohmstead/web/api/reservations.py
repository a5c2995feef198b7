"""Reservations of plugs."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from ohmstead.access.rights import Right
from ohmstead.charging.models import Reservation
from ohmstead.charging.reservations import cancel_reservation, reserve_any
from ohmstead.drivers.models import Token
from ohmstead.web.api.access import viewer
from ohmstead.web.api.operation import Input, operation
from ohmstead.web.api.pages import PageQuery, page, page_of
from ohmstead.web.api.things import the

router = Router(tags=["Sessions"])


class ReservationOut(Schema):
    id: UUID
    number: int = Field(description="What stations call it.")
    station: str
    evse: int
    driver: str = Field(examples=["Ada"])
    starts_at: datetime
    ends_at: datetime
    state: str = Field(examples=["booked"])
    fee: Decimal
    no_show_fee: Decimal
    currency: str = Field(examples=["EUR"])
    reason: str


class ReservationIn(Input):
    card_id: UUID = Field(description="Of the driver, and may charge.")
    site_id: UUID
    any_of: Literal["any", "ac", "dc"] = "any"
    starts_at: datetime
    ends_at: datetime


class CancelIn(Input):
    reason: str = Field("", max_length=200)


def _mine(request: HttpRequest) -> Any:
    mine = Reservation.objects.filter(organisation=viewer(request).organisation)
    return mine.select_related("evse__station", "driver")


def _out(row: Reservation) -> ReservationOut:
    plain = ("id", "number", "state", "fee", "no_show_fee", "currency", "reason")
    return ReservationOut(
        station=row.evse.station.identity,
        evse=row.evse.number,
        driver=str(row.driver),
        starts_at=row.during.lower,
        ends_at=row.during.upper,
        **{name: getattr(row, name) for name in plain},
    )


@operation(router, "GET", "/reservations", "list_reservations", "List reservations", answers=page_of(ReservationOut))
def list_reservations(request: HttpRequest, query: Query[PageQuery]) -> Any:
    """The newest first."""
    return page(_mine(request), query, _out, ("-created_at", "-pk"))


@operation(
    router,
    "POST",
    "/reservations",
    "create_reservation",
    "Reserve a plug for a driver",
    right=Right.DRIVERS,
    answers=ReservationOut,
)
def create_reservation(request: HttpRequest, body: ReservationIn) -> ReservationOut:
    """Whichever plug of that kind is free then, by the rules of the site."""
    who = viewer(request)
    token = the(Token.objects.filter(organisation=who.organisation), body.card_id, "card")
    site = the(who.sites(), body.site_id, "site")
    row = reserve_any(site, body.any_of, token, body.starts_at, body.ends_at, now=timezone.now(), by=who.actor)
    return _out(the(_mine(request), row.pk, "reservation"))


@operation(
    router,
    "POST",
    "/reservations/{uuid:reservation_id}/cancel",
    "cancel_reservation",
    "Cancel a reservation",
    right=Right.OPERATE,
    answers=ReservationOut,
    status=200,
)
def cancel(request: HttpRequest, reservation_id: UUID, body: CancelIn) -> ReservationOut:
    """The plug is free again."""
    row = the(_mine(request), reservation_id, "reservation")
    cancel_reservation(row, now=timezone.now(), by=viewer(request).actor, reason=body.reason)
    return _out(the(_mine(request), reservation_id, "reservation"))
