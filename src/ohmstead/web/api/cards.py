"""Tokens: what drivers present. Most are cards."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from ohmstead.access.rights import Right
from ohmstead.drivers import actions, queries
from ohmstead.drivers.models import Driver, Group, Token, TokenStatus
from ohmstead.station.tokens import TokenKind
from ohmstead.web.api.access import viewer
from ohmstead.web.api.operation import LEFT_OUT, Input, operation
from ohmstead.web.api.pages import PageQuery, page, page_of
from ohmstead.web.api.things import given, the
from ohmstead.web.scope import Viewer

router = Router(tags=["Cards"])

_DRIVERS = Right.DRIVERS


class TokenQuery(PageQuery):
    search: str = Field("", max_length=80, description="A uid in any spelling, printed number, plate, label, driver.")
    status: Literal["", "valid", "blocked", "expired", "ordered"] = ""


class TokenIn(Input):
    uid: str = Field("", max_length=255, description="As on the card; empty only for app, guest and plate.")
    kind: TokenKind = Field(TokenKind.RFID, examples=["rfid"])
    label: str = Field("", max_length=120)
    printed_number: str = Field("", max_length=40, examples=["DE-HIL-000042"])
    plate: str = Field("", max_length=16, examples=[""])
    driver_id: UUID | None = None
    group_id: UUID | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    master: bool = Field(False, description="May stop any session of the organisation, and starts none.")
    twin_is_meant: bool = Field(False, description="Take it although a known card has its bytes in the other order.")


class TokenPatchIn(Input):
    label: str = Field(LEFT_OUT, max_length=120)
    driver_id: UUID | None = None
    group_id: UUID | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None


class BlockIn(Input):
    reason: str = Field("", max_length=200, examples=["Lost"])


class TokenOut(Schema):
    id: UUID
    uid: str
    kind: str = Field(examples=["rfid"])
    status: str = Field(description="valid, blocked, expired or ordered (not activated).", examples=["valid"])
    blocked_because: str
    label: str
    printed_number: str = Field(examples=["DEHIL000042"])
    plate: str
    master: bool
    driver_id: UUID | None
    group_id: UUID | None
    valid_from: datetime | None
    valid_to: datetime | None
    created_at: datetime


def token_out(token: Token) -> TokenOut:
    return TokenOut(**{name: getattr(token, name) for name in TokenOut.model_fields})


def _mine(who: Viewer, token_id: UUID) -> Token:
    found: Token = the(queries.search_tokens(who.organisation), token_id, "card")
    return found


def _owner(who: Viewer, values: dict[str, Any]) -> dict[str, Any]:
    """Driver and group by their ids."""
    kinds: dict[str, Any] = {"driver": Driver, "group": Group}
    for name, kind in kinds.items():
        if (key := values.pop(f"{name}_id", None)) is not None:
            values[name] = the(kind.objects.filter(organisation=who.organisation), key, name)
    return values


@operation(router, "GET", "/cards", "list_cards", "List cards", answers=page_of(TokenOut))
def list_cards(request: HttpRequest, query: Query[TokenQuery]) -> Any:
    """Newest first."""
    found = queries.search_tokens(viewer(request).organisation, query.search)
    if query.status:
        found = found.filter(status=query.status)
    return page(found, query, token_out, ("-created_at", "-pk"))


@operation(router, "GET", "/cards/{uuid:card_id}", "get_card", "One card", answers=TokenOut)
def get_card(request: HttpRequest, card_id: UUID) -> TokenOut:
    return token_out(_mine(viewer(request), card_id))


@operation(
    router, "POST", "/cards", "create_card", "Add a card", right=_DRIVERS, answers=TokenOut, location="/cards/{id}"
)
def create_card(request: HttpRequest, body: TokenIn) -> TokenOut:
    """Cards are compared without case and separators: `04:A2` and `04a2` are the same one."""
    who = viewer(request)
    return token_out(actions.create_token(who.organisation, by=who.actor, **_owner(who, given(body))))


@operation(router, "PATCH", "/cards/{uuid:card_id}", "change_card", "Change a card", right=_DRIVERS, answers=TokenOut)
def change_card(request: HttpRequest, card_id: UUID, body: TokenPatchIn) -> TokenOut:
    """What is left out stays as it is; null takes driver, group or an end away."""
    who = viewer(request)
    token, values = _mine(who, card_id), given(body)
    if values.keys() & {"valid_from", "valid_to"}:
        span = {name: values.get(name, getattr(token, name)) for name in ("valid_from", "valid_to")}
        actions.set_validity(token, by=who.actor, **span)
    if values.keys() & {"label", "driver_id", "group_id"}:
        kept = {"driver_id": token.driver_id, "group_id": token.group_id} | values
        owner = _owner(who, {name: kept[name] for name in ("driver_id", "group_id")})
        actions.give_token(token, by=who.actor, label=values.get("label"), **owner)
    return token_out(_mine(who, card_id))


@operation(
    router,
    "POST",
    "/cards/{uuid:card_id}/block",
    "block_card",
    "Block a card",
    right=_DRIVERS,
    answers=TokenOut,
    status=200,
)
def block_card(request: HttpRequest, card_id: UUID, body: BlockIn) -> TokenOut:
    """It starts no more sessions; one that runs goes on, and the card may still stop it."""
    token = _mine(viewer(request), card_id)
    actions.block_token(token, by=viewer(request).actor, reason=body.reason)
    return token_out(token)


@operation(
    router,
    "POST",
    "/cards/{uuid:card_id}/unblock",
    "unblock_card",
    "Unblock a card",
    right=_DRIVERS,
    answers=TokenOut,
    status=200,
)
def unblock_card(request: HttpRequest, card_id: UUID, body: BlockIn) -> TokenOut:
    token = _mine(viewer(request), card_id)
    if token.status == TokenStatus.BLOCKED:
        actions.unblock_token(token, by=viewer(request).actor, reason=body.reason)
    return token_out(token)
