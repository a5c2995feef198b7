"""Who calls, and tokens for apps of one's own."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import Field

from ohmstead.drivers.arrivals import new_guest
from ohmstead.web.api.problems import Refused
from ohmstead.web.driver import bearers
from ohmstead.web.driver.api.finding import viewer

router = Router(tags=["You"])


class MeOut(Schema):
    kind: str = Field(description="driver, guest or nobody.")
    name: str
    organisation: str
    guests_may_charge: bool


class BearerOut(Schema):
    token: str = Field(description="Send it as Authorization: Bearer ...")


@router.get("/me", response=MeOut, operation_id="get_me", summary="Who am I?")
def get_me(request: HttpRequest) -> Any:
    who = viewer(request)
    return MeOut(
        kind="driver" if who.user else "guest" if who.guest else "nobody",
        name=str(who.driver or who.user or ""),
        organisation=who.organisation.name,
        guests_may_charge=who.organisation.guests_may_charge,
    )


@router.post("/guests", response={201: BearerOut}, operation_id="become_guest", summary="Charge without an account")
def become_guest(request: HttpRequest) -> Any:
    """Valid for 30 days, for whoever has it."""
    who = viewer(request)
    if not who.organisation.guests_may_charge:
        raise Refused("forbidden", "Guests cannot charge here.")
    return Status(201, BearerOut(token=bearers.of_guest(new_guest(who.organisation, timezone.now()))))


@router.post("/tokens", response={201: BearerOut}, operation_id="create_token", summary="A token for your own app")
def create_token(request: HttpRequest) -> Any:
    """For a person who is signed in; it stands in the list of sign-ins of the account, and can be ended there."""
    who = viewer(request)
    if who.user is None:
        raise Refused("unauthenticated", "Sign in first.")
    return Status(201, BearerOut(token=bearers.of_user(request, who.user)))
