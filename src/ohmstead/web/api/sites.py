"""Sites: places where stations stand."""

from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from ohmstead.access.rights import Right
from ohmstead.network import site_actions
from ohmstead.network.models import Site
from ohmstead.network.queries import removed_sites
from ohmstead.web.api.access import viewer
from ohmstead.web.api.operation import LEFT_OUT, Input, operation
from ohmstead.web.api.pages import PageQuery, page, page_of
from ohmstead.web.api.things import given
from ohmstead.web.console.sites import found_sites, the_site

router = Router(tags=["Sites"])

_NETWORK = Right.NETWORK
_OPENING = (
    'Empty: round the clock. Else `{"always": false, "weekly": [{"weekday": 1, "opens": "07:00", "closes": "22:00"}], '
    '"openings": [], "closings": [{"begins": "2026-12-24T14:00", "ends": "2026-12-27T00:00"}]}` in local time.'
)
_HOURS = {"always": False, "weekly": [{"weekday": 1, "opens": "07:00", "closes": "22:00"}]}


class SiteQuery(PageQuery):
    search: str = Field("", max_length=80, description="In name, address, postal code and city.")
    removed: bool = Field(False, description="Those that were removed instead.")


class SitePatchIn(Input):
    name: str = Field(LEFT_OUT, min_length=1, max_length=120)
    address: str = Field(LEFT_OUT, max_length=200)
    postal_code: str = Field(LEFT_OUT, max_length=16)
    city: str = Field(LEFT_OUT, max_length=80)
    country: str = Field(LEFT_OUT, max_length=2, description="Two letters, such as DE.", examples=["DE"])
    latitude: float | None = Field(None, ge=-90, le=90)
    longitude: float | None = Field(None, ge=-180, le=180)
    time_zone: str = Field(LEFT_OUT, max_length=40, description="IANA name, such as Europe/Berlin.")
    opening: dict[str, Any] = Field(LEFT_OUT, description=_OPENING, examples=[_HOURS])
    access_notes: str = Field(LEFT_OUT, max_length=2000, description="How a driver or technician gets in.")
    help_phone: str = Field(LEFT_OUT, max_length=40, examples=["+49 30 1234567"])
    visibility: Literal["public", "private"] = LEFT_OUT


class SiteIn(SitePatchIn):
    name: str = Field(min_length=1, max_length=120)


class FullSiteOut(Schema):
    id: UUID
    name: str
    address: str
    postal_code: str
    city: str
    country: str
    latitude: float | None
    longitude: float | None
    time_zone: str
    opening: dict[str, Any] = Field(description=_OPENING, examples=[_HOURS])
    access_notes: str
    help_phone: str
    visibility: str
    removed: bool = Field(description="Out of service; it can be brought back.")


def site_out(site: Site) -> FullSiteOut:
    names = [name for name in FullSiteOut.model_fields if name != "removed"]
    return FullSiteOut(removed=site.removed_at is not None, **{name: getattr(site, name) for name in names})


@operation(router, "GET", "/sites", "list_sites", "List sites", answers=page_of(FullSiteOut))
def list_sites(request: HttpRequest, query: Query[SiteQuery]) -> Any:
    """By name."""
    who = viewer(request)
    found = removed_sites(who.organisation) if query.removed else found_sites(who, query.search)
    return page(found, query, site_out, ("name", "pk"))


@operation(router, "GET", "/sites/{uuid:site_id}", "get_site", "One site", answers=FullSiteOut)
def get_site(request: HttpRequest, site_id: UUID) -> FullSiteOut:
    return site_out(the_site(viewer(request), site_id))


@operation(
    router,
    "POST",
    "/sites",
    "create_site",
    "Add a site",
    right=_NETWORK,
    answers=FullSiteOut,
    location="/sites/{id}",
)
def create_site(request: HttpRequest, body: SiteIn) -> FullSiteOut:
    who = viewer(request)
    return site_out(site_actions.create_site(who.organisation, by=who.actor, **given(body)))


@operation(
    router, "PATCH", "/sites/{uuid:site_id}", "change_site", "Change a site", right=_NETWORK, answers=FullSiteOut
)
def change_site(request: HttpRequest, site_id: UUID, body: SitePatchIn) -> FullSiteOut:
    """What is left out stays as it is."""
    site = the_site(viewer(request), site_id)
    site_actions.update_site(site, by=viewer(request).actor, **given(body))
    return site_out(the_site(viewer(request), site_id))


@operation(router, "DELETE", "/sites/{uuid:site_id}", "remove_site", "Take a site out of service", right=_NETWORK)
def remove_site(request: HttpRequest, site_id: UUID) -> None:
    """Refused while stations stand there. Its past stays, and it can be brought back."""
    site_actions.remove_site(the_site(viewer(request), site_id), by=viewer(request).actor)


@operation(
    router,
    "POST",
    "/sites/{uuid:site_id}/restore",
    "restore_site",
    "Bring a site back",
    right=_NETWORK,
    answers=FullSiteOut,
    status=200,
)
def restore_site(request: HttpRequest, site_id: UUID) -> FullSiteOut:
    site_actions.restore_site(the_site(viewer(request), site_id), by=viewer(request).actor)
    return site_out(the_site(viewer(request), site_id))
