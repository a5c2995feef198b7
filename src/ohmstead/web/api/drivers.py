"""Drivers and the groups they belong to."""

from decimal import Decimal
from functools import partial
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from ohmstead.access.rights import Right
from ohmstead.drivers import people, queries
from ohmstead.drivers.models import Group, GroupKind
from ohmstead.drivers.people import Limits
from ohmstead.web.api.access import viewer
from ohmstead.web.api.operation import LEFT_OUT, Input, operation
from ohmstead.web.api.pages import PageQuery, page, page_of
from ohmstead.web.api.things import driver_of, given, plainly, the
from ohmstead.web.scope import Viewer

router = Router(tags=["Drivers"])

_DRIVERS = Right.DRIVERS


class DriverQuery(PageQuery):
    search: str = Field("", max_length=80, description="Name, e-mail address, phone, or a card of the driver.")


class DriverPatchIn(Input):
    name: str = Field(LEFT_OUT, max_length=120, examples=["Ada"])
    email: str = Field(LEFT_OUT, max_length=254)
    phone: str = Field(LEFT_OUT, max_length=30, examples=["+49 30 1234567"])
    language: Literal["", "en", "de"] = LEFT_OUT
    time_zone: str = Field(LEFT_OUT, max_length=40)
    needs: str = Field(LEFT_OUT, max_length=300, examples=["Room for a wheelchair"])
    note: str = Field(LEFT_OUT, max_length=300)


class DriverIn(DriverPatchIn):
    name: str = Field("", max_length=120, examples=["Ada"])


class DriverOut(Schema):
    id: UUID
    name: str = Field(examples=["Ada"])
    email: str
    phone: str = Field(examples=["+49 30 1234567"])
    language: str = Field(examples=["en"])
    time_zone: str
    needs: str
    note: str


class GroupIn(Input):
    name: str = Field(min_length=1, max_length=120, examples=["Fleet north"])
    kind: GroupKind = Field(GroupKind.MEMBERS, examples=["fleet"])
    parent_id: UUID | None = None
    energy_wh_per_month: Decimal | None = Field(None, ge=0, max_digits=14, decimal_places=3)
    money_per_month: Decimal | None = Field(None, ge=0, max_digits=12, decimal_places=2)
    sessions_per_month: int | None = Field(None, ge=0, le=1_000_000)
    minutes_per_month: int | None = Field(None, ge=0, le=1_000_000)
    sessions_at_once: int | None = Field(None, ge=0, le=1_000)
    site_ids: list[UUID] = Field([], max_length=1_000, description="Private sites its members may charge at.")


class GroupOut(Schema):
    id: UUID
    name: str = Field(examples=["Fleet north"])
    kind: str = Field(examples=["fleet"])
    parent_id: UUID | None
    energy_wh_per_month: Decimal | None
    money_per_month: Decimal | None
    sessions_per_month: int | None
    minutes_per_month: int | None
    sessions_at_once: int | None


class MemberIn(Input):
    driver_id: UUID
    manages: bool = Field(False, description="May invite and remove the others.")


def _group(who: Viewer, group_id: UUID) -> Group:
    found: Group = the(queries.groups(who.organisation).select_related("parent", "organisation"), group_id, "group")
    return found


def _arranged(who: Viewer, body: GroupIn) -> dict[str, Any]:
    return {
        "kind": body.kind,
        "parent": _group(who, body.parent_id) if body.parent_id else None,
        "limits": Limits(**{name: getattr(body, name) for name in Limits.__slots__}),
        "sites": [the(who.sites(), each, "site") for each in body.site_ids],
    }


@operation(router, "GET", "/drivers", "list_drivers", "List drivers", right=_DRIVERS, answers=page_of(DriverOut))
def list_drivers(request: HttpRequest, query: Query[DriverQuery]) -> Any:
    """By name."""
    found = queries.search_drivers(viewer(request).organisation, query.search)
    return page(found, query, partial(plainly, DriverOut), ("name", "pk"))


@operation(router, "GET", "/drivers/{uuid:driver_id}", "get_driver", "One driver", right=_DRIVERS, answers=DriverOut)
def get_driver(request: HttpRequest, driver_id: UUID) -> Any:
    return plainly(DriverOut, driver_of(viewer(request), driver_id))


@operation(
    router,
    "POST",
    "/drivers",
    "create_driver",
    "Add a driver",
    right=_DRIVERS,
    answers=DriverOut,
    location="/drivers/{id}",
)
def create_driver(request: HttpRequest, body: DriverIn) -> Any:
    """With a name or an e-mail address."""
    who, values = viewer(request), given(body)
    return plainly(DriverOut, people.create_driver(who.organisation, values.pop("name", ""), by=who.actor, **values))


@operation(
    router,
    "PATCH",
    "/drivers/{uuid:driver_id}",
    "change_driver",
    "Change a driver",
    right=_DRIVERS,
    answers=DriverOut,
)
def change_driver(request: HttpRequest, driver_id: UUID, body: DriverPatchIn) -> Any:
    """What is left out stays as it is."""
    who = viewer(request)
    people.change_driver(driver_of(who, driver_id), by=who.actor, **given(body))
    return plainly(DriverOut, driver_of(who, driver_id))


@operation(
    router, "GET", "/driver-groups", "list_driver_groups", "List groups", right=_DRIVERS, answers=page_of(GroupOut)
)
def list_groups(request: HttpRequest, query: Query[PageQuery]) -> Any:
    """By name."""
    found = queries.groups(viewer(request).organisation)
    return page(found, query, partial(plainly, GroupOut), ("name", "pk"))


@operation(
    router,
    "POST",
    "/driver-groups",
    "create_driver_group",
    "Make a group",
    right=_DRIVERS,
    answers=GroupOut,
)
def create_group(request: HttpRequest, body: GroupIn) -> Any:
    """Limits are per driver and month; none means those of the group above."""
    who = viewer(request)
    return plainly(GroupOut, people.create_group(who.organisation, body.name, by=who.actor, **_arranged(who, body)))


@operation(
    router,
    "PUT",
    "/driver-groups/{uuid:group_id}",
    "change_driver_group",
    "Change a group",
    right=_DRIVERS,
    answers=GroupOut,
)
def change_group(request: HttpRequest, group_id: UUID, body: GroupIn) -> Any:
    who = viewer(request)
    people.change_group(_group(who, group_id), by=who.actor, name=body.name, **_arranged(who, body))
    return plainly(GroupOut, _group(who, group_id))


@operation(
    router,
    "POST",
    "/driver-groups/{uuid:group_id}/members",
    "join_driver_group",
    "Put a driver into a group",
    right=_DRIVERS,
)
def join_group(request: HttpRequest, group_id: UUID, body: MemberIn) -> None:
    who = viewer(request)
    people.join_group(_group(who, group_id), driver_of(who, body.driver_id), by=who.actor, manages=body.manages)


@operation(
    router,
    "DELETE",
    "/driver-groups/{uuid:group_id}/members/{uuid:driver_id}",
    "leave_driver_group",
    "Take a driver out of a group",
    right=_DRIVERS,
)
def leave_group(request: HttpRequest, group_id: UUID, driver_id: UUID) -> None:
    who = viewer(request)
    people.leave_group(_group(who, group_id), driver_of(who, driver_id), by=who.actor)
