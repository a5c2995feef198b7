"""How people charge at a site."""

from decimal import Decimal
from typing import Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from ohmstead.access.rights import Right
from ohmstead.charging.site_rules import rules_at, set_rules
from ohmstead.web.api.access import viewer
from ohmstead.web.api.operation import LEFT_OUT, Input, operation
from ohmstead.web.api.things import given, plainly
from ohmstead.web.console.sites import the_site

router = Router(tags=["Sites"])

type Offline = Literal["listed", "everyone", "nobody"]
type MayReserve = Literal["nobody", "members", "drivers"]


class RulesOut(Schema):
    free_vend: bool = Field(description="Everybody charges, without a token.")
    offline: str = Field(description="Who charges while a station cannot ask us.", examples=["listed"])
    may_reserve: str = Field(examples=["drivers"])
    reserve_ahead_minutes: int = Field(examples=[1440])
    reserve_longest_minutes: int = Field(examples=[60])
    reserve_grace_minutes: int = Field(description="A car that has not come by then is not coming.", examples=[15])
    reservations_per_driver: int = Field(examples=[1])
    reservation_fee: Decimal
    no_show_fee: Decimal
    currency: str = Field(description="ISO 4217.", examples=["EUR"])


class RulesPatchIn(Input):
    free_vend: bool = LEFT_OUT
    offline: Offline = LEFT_OUT
    may_reserve: MayReserve = LEFT_OUT
    reserve_ahead_minutes: int = Field(LEFT_OUT, ge=0, le=86_400)
    reserve_longest_minutes: int = Field(LEFT_OUT, ge=5, le=1440)
    reserve_grace_minutes: int = Field(LEFT_OUT, ge=1, le=240)
    reservations_per_driver: int = Field(LEFT_OUT, ge=1, le=20)
    reservation_fee: Decimal = Field(LEFT_OUT, ge=0, le=1000, decimal_places=2)
    no_show_fee: Decimal = Field(LEFT_OUT, ge=0, le=1000, decimal_places=2)
    currency: str = Field(LEFT_OUT, pattern="^[A-Z]{3}$", examples=["EUR"])


@operation(
    router, "GET", "/sites/{uuid:site_id}/rules", "get_site_rules", "How people charge at a site", answers=RulesOut
)
def get_rules(request: HttpRequest, site_id: UUID) -> RulesOut:
    """The defaults where nothing has been said."""
    return plainly(RulesOut, rules_at(the_site(viewer(request), site_id)))


@operation(
    router,
    "PATCH",
    "/sites/{uuid:site_id}/rules",
    "change_site_rules",
    "Change how people charge at a site",
    right=Right.NETWORK,
    answers=RulesOut,
)
def change_rules(request: HttpRequest, site_id: UUID, body: RulesPatchIn) -> RulesOut:
    """What is left out stays as it is. Reservations that are made keep the terms they were made under."""
    who = viewer(request)
    return plainly(RulesOut, set_rules(the_site(who, site_id), given(body), by=who.actor))
