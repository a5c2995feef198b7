"""Who the caller is, the organisation in numbers, and how the installation is."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from ohmstead.access import actions
from ohmstead.access.models import UnknownStations
from ohmstead.access.rights import Right
from ohmstead.network import queries
from ohmstead.web.api.access import viewer
from ohmstead.web.api.operation import Input, operation
from ohmstead.web.console import system
from ohmstead.web.scope import Viewer

organisation = Router(tags=["Organisation"])
health = Router(tags=["System"])


class MeOut(Schema):
    kind: str = Field(description="key or user.", examples=["key"])
    name: str = Field(examples=["CRM (ohm_4f7Q…)"])
    organisation: str = Field(examples=["hill"])
    scopes: list[str] = Field(examples=[["view", "operate"]])


class OrganisationOut(Schema):
    id: UUID
    slug: str
    name: str = Field(examples=["Hill Energy"])
    unknown_stations: Literal["hold", "refuse"] = Field(description="What becomes of stations nobody has added.")
    stations: int
    online: int
    inbox: int
    plugs_by_state: dict[str, int] = Field(
        description="Plugs of stations that are online.", examples=[{"available": 40, "charging": 12}]
    )


class OrganisationPatchIn(Input):
    unknown_stations: Literal["hold", "refuse"]


class GatewayOut(Schema):
    name: str = Field(examples=["gateway-1"])
    connections: int
    draining: bool
    lost: bool
    seen_at: datetime


class HealthOut(Schema):
    lag_entries: int = Field(description="Journal entries that are not in the tables yet.")
    lag_seconds: float
    connections: int
    gateways: list[GatewayOut]


@operation(organisation, "GET", "/me", "get_me", "Who am I?", answers=MeOut)
def get_me(request: HttpRequest) -> MeOut:
    who = viewer(request)
    scopes = sorted(right.value for right in who.rights)
    return MeOut(kind=who.actor.kind, name=who.actor.name, organisation=who.organisation.slug, scopes=scopes)


def _organisation(who: Viewer) -> OrganisationOut:
    counts = queries.overview(who.organisation)
    plain = {name: getattr(who.organisation, name) for name in ("id", "slug", "name", "unknown_stations")}
    numbers = {name: getattr(counts, name) for name in ("stations", "online", "inbox", "plugs_by_state")}
    return OrganisationOut(**plain, **numbers)


@operation(
    organisation, "GET", "/organisation", "get_organisation", "Your organisation in numbers", answers=OrganisationOut
)
def get_organisation(request: HttpRequest) -> OrganisationOut:
    return _organisation(viewer(request))


@operation(
    organisation,
    "PATCH",
    "/organisation",
    "change_organisation",
    "Change your organisation",
    right=Right.PEOPLE,
    answers=OrganisationOut,
)
def change_organisation(request: HttpRequest, body: OrganisationPatchIn) -> OrganisationOut:
    who = viewer(request)
    actions.set_unknown_stations(who.organisation, UnknownStations(body.unknown_stations), by=who.actor)
    return _organisation(who)


@operation(health, "GET", "/health", "get_health", "How the installation is", answers=HealthOut)
def get_health(request: HttpRequest) -> HealthOut:
    found: dict[str, Any] = system.health(viewer(request))
    gateways = [
        GatewayOut(**{name: getattr(each, name) for name in GatewayOut.model_fields}) for each in found["gateways"]
    ]
    lag = found["lag"]
    return HealthOut(
        lag_entries=lag.entries, lag_seconds=lag.seconds, connections=found["connections"], gateways=gateways
    )
