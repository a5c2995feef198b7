"""Cards nobody knows yet, and what looks wrong about cards."""

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from ohmstead.access.rights import Right
from ohmstead.drivers import alarms, cards, queries
from ohmstead.drivers.models import Alarm, Sighting
from ohmstead.web.api.access import viewer
from ohmstead.web.api.cards import TokenOut, token_out
from ohmstead.web.api.operation import Input, operation
from ohmstead.web.api.pages import PageQuery, page, page_of
from ohmstead.web.api.things import driver_of, plainly, the

router = Router(tags=["Drivers"])

_DRIVERS = Right.DRIVERS


class SightingOut(Schema):
    id: UUID
    uid: str
    kind: str = Field(examples=["rfid"])
    station: str
    verdict: str = Field(examples=["unknown"])
    count: int
    last_at: datetime


class AdoptIn(Input):
    label: str = Field("", max_length=120)
    driver_id: UUID | None = None


class AlarmOut(Schema):
    id: UUID
    kind: str = Field(examples=["two_places"])
    sentence: str = Field(examples=["The card was at two places that are too far apart."])
    count: int
    first_at: datetime
    last_at: datetime


class SettleIn(Input):
    note: str = Field("", max_length=300)


def _sighting_out(row: Sighting) -> SightingOut:
    plain = ("id", "uid", "kind", "verdict", "count", "last_at")
    return SightingOut(station=row.station.identity, **{name: getattr(row, name) for name in plain})


@operation(
    router,
    "GET",
    "/unknown-cards",
    "list_unknown_cards",
    "Cards nobody knows",
    right=_DRIVERS,
    answers=page_of(SightingOut),
)
def list_unknown_cards(request: HttpRequest, query: Query[PageQuery]) -> Any:
    """Seen at stations within a day, the newest first."""
    found = queries.unknown_cards(viewer(request).organisation, timezone.now())
    return page(found, query, _sighting_out, ("-last_at", "-pk"))


@operation(
    router,
    "POST",
    "/unknown-cards/{uuid:sighting_id}/adopt",
    "adopt_card",
    "Take an unknown card in",
    right=_DRIVERS,
    answers=TokenOut,
    location="/cards/{id}",
)
def adopt(request: HttpRequest, sighting_id: UUID, body: AdoptIn) -> TokenOut:
    """From then on it may charge."""
    who = viewer(request)
    mine = Sighting.objects.filter(organisation=who.organisation).select_related("organisation")
    driver = driver_of(who, body.driver_id) if body.driver_id else None
    return token_out(cards.adopt(the(mine, sighting_id, "unknown card"), by=who.actor, driver=driver, label=body.label))


@operation(
    router, "GET", "/card-alarms", "list_card_alarms", "What looks wrong", right=_DRIVERS, answers=page_of(AlarmOut)
)
def list_alarms(request: HttpRequest, query: Query[PageQuery]) -> Any:
    """About cards, not settled yet; the newest first."""
    found = queries.open_alarms(viewer(request).organisation)
    return page(found, query, partial(plainly, AlarmOut), ("-last_at", "-pk"))


@operation(
    router,
    "POST",
    "/card-alarms/{uuid:alarm_id}/settle",
    "settle_card_alarm",
    "Settle an alarm",
    right=_DRIVERS,
)
def settle(request: HttpRequest, alarm_id: UUID, body: SettleIn) -> None:
    """Looked at and dealt with; if it happens again there is a new one."""
    mine = Alarm.objects.filter(organisation=viewer(request).organisation)
    alarms.settle_alarm(the(mine, alarm_id, "alarm"), by=viewer(request).actor, note=body.note)
