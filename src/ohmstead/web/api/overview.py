"""Who the caller is, the organisation in numbers, and how the installation is."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID
from zoneinfo import available_timezones

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from ohmstead.access import actions
from ohmstead.access.api_keys import revoke_every_api_key
from ohmstead.access.models import UnknownStations
from ohmstead.access.rights import Right
from ohmstead.network import queries
from ohmstead.web.api.access import viewer
from ohmstead.web.api.operation import LEFT_OUT, Input, operation
from ohmstead.web.api.problems import Refused
from ohmstead.web.api.schemas import StationFilterQuery
from ohmstead.web.api.things import given
from ohmstead.web.console import system
from ohmstead.web.console.places import places as found_places
from ohmstead.web.console.stations import StationFilter
from ohmstead.web.scope import Viewer

organisation = Router(tags=["Organisation"])
places = Router(tags=["Search"])
health = Router(tags=["System"])

_ABOUT = ("id", "slug", "name", "unknown_stations", "language", "time_zone")


class MeOut(Schema):
    kind: str = Field(description="key or user.", examples=["key"])
    name: str = Field(examples=["CRM (ohm_4f7Q…)"])
    organisation: str = Field(examples=["hill"])
    scopes: list[str] = Field(examples=[["view", "operate"]])


class OrganisationOut(Schema):
    id: UUID
    slug: str
    name: str = Field(examples=["Hill Energy"])
    language: str = Field(description="Of mails to people whose own is not known.", examples=["en"])
    time_zone: str = Field(description="Of sites that say none.")
    unknown_stations: Literal["hold", "refuse"] = Field(description="What becomes of stations nobody has added.")
    stations: int
    online: int
    inbox: int
    plugs_by_state: dict[str, int] = Field(
        description="Plugs of stations that are online.", examples=[{"available": 40, "charging": 12}]
    )


class OrganisationPatchIn(Input):
    name: str = Field(LEFT_OUT, min_length=1, max_length=120, examples=["Hill Energy"])
    unknown_stations: Literal["hold", "refuse"] = LEFT_OUT
    language: Literal["en", "de"] = LEFT_OUT
    time_zone: str = Field(LEFT_OUT, max_length=64)


class PlaceOut(Schema):
    id: UUID
    url_id: str = Field(description="A site's id or a station's identity.", examples=["HILL-1"])
    is_site: bool
    name: str
    city: str
    latitude: float | None
    longitude: float | None
    state: str
    total: int = Field(description="Plugs.")
    free: int
    busy: int
    faulted: int
    offline: int


class PlacesOut(Schema):
    items: list[PlaceOut]


class RevokedOut(Schema):
    count: int


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
    plain = {name: getattr(who.organisation, name) for name in _ABOUT}
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
    now = {name: getattr(who.organisation, name) for name in OrganisationPatchIn.model_fields}
    wanted: dict[str, Any] = now | given(body)
    if wanted["time_zone"] not in available_timezones():
        raise Refused("invalid", "There is no such time zone.")
    wanted["unknown_stations"] = UnknownStations(wanted["unknown_stations"])
    actions.change_organisation(who.organisation, by=who.actor, **wanted)
    return _organisation(who)


@operation(
    organisation,
    "POST",
    "/organisation/revoke-api-keys",
    "revoke_every_api_key",
    "Revoke every key",
    right=Right.INTEGRATE,
    answers=RevokedOut,
    status=200,
)
def revoke_every_key(request: HttpRequest) -> RevokedOut:
    """After a leak of unknown size; also the key that asks for it."""
    return RevokedOut(count=revoke_every_api_key(viewer(request).organisation, by=viewer(request).actor))


@operation(places, "GET", "/map", "get_map", "Places with their plugs", answers=PlacesOut)
def get_map(request: HttpRequest, query: Query[StationFilterQuery]) -> PlacesOut:
    """Sites, and stations that stand elsewhere; with the filters of the list of stations."""
    wanted = StationFilter(search=query.search, state=query.state, site=str(query.site or ""), dialect=query.protocol)
    names = tuple(PlaceOut.model_fields)
    found = found_places(viewer(request), wanted)
    return PlacesOut(items=[PlaceOut(**{name: getattr(each, name) for name in names}) for each in found])


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
