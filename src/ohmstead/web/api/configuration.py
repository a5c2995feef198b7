"""Settings of stations: what they report, what they shall be, and templates."""

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from ohmstead.access.rights import Right
from ohmstead.network import setting_actions, setting_queries
from ohmstead.network.capabilities import capabilities
from ohmstead.network.models import DesiredValue, Noticed, SettingTemplate, StationMonitor
from ohmstead.network.setting_actions import Wanted
from ohmstead.web.api.access import viewer
from ohmstead.web.api.bulks import BulkOut, ChosenIn, MannerIn, bulk_out, chosen, manner
from ohmstead.web.api.commands import CommandOut, command_out
from ohmstead.web.api.operation import Input, operation
from ohmstead.web.api.pages import PageQuery, page, page_of
from ohmstead.web.api.things import plainly, the
from ohmstead.web.scope import Viewer

router = Router(tags=["Configuration"])

_CONFIGURE = Right.CONFIGURE
_NAME = Field(max_length=200, description="A key, or Component.Variable.", examples=["HeartbeatInterval"])


class VariableQuery(PageQuery):
    search: str = Field("", max_length=80, description="In names.")


class PlaceOut(Schema):
    name: str = Field(examples=["HeartbeatInterval"])
    evse: int = Field(description="0: of no certain EVSE.", examples=[0])
    connector: int = Field(examples=[0])


class VariableOut(PlaceOut):
    attribute: str = Field(examples=["actual"])
    value: str | None = Field(description="Of a secret never told.", examples=["300"])
    mutability: str = Field(examples=["read_write"])
    kind: str = Field(examples=["integer"])
    unit: str = Field(examples=["s"])
    needs_reboot: bool
    reported_at: datetime


class MonitorOut(PlaceOut):
    monitor_id: int
    kind: str = Field(examples=["upper_threshold"])
    value: float
    severity: int
    reported_at: datetime


class NoticedOut(PlaceOut):
    id: UUID
    at: datetime
    trigger: str = Field(examples=["alerting"])
    value: str = Field(examples=["82"])
    cleared: bool
    severity: int | None


class DesiredOut(PlaceOut):
    value: str = Field(examples=["300"])
    reported: str | None = Field(examples=["600"])
    drift: str = Field(description="none, differs, needs_reboot or not_reported.", examples=["differs"])
    template_id: UUID | None
    outcome: str = Field(description="The station's word when it was last asked.", examples=["Accepted"])
    wanted_at: datetime


class DriftOut(DesiredOut):
    station: str


class WantedIn(Input):
    name: str = _NAME
    value: str = Field(max_length=2500, examples=["300"])
    evse: int = Field(0, ge=0, le=32_767)
    connector: int = Field(0, ge=0, le=32_767)


class WantedOut(PlaceOut):
    value: str = Field(examples=["300"])


class SetIn(Input):
    values: list[WantedIn] = Field(min_length=1, max_length=200)
    keep: bool = Field(True, description="They shall stay so, and drift is told.")


class AskedOut(Schema):
    commands: list[CommandOut]


class PlaceQuery(Schema):
    evse: int = Field(0, ge=0, le=32_767)
    connector: int = Field(0, ge=0, le=32_767)


class TemplateIn(Input):
    name: str = Field(min_length=1, max_length=120, examples=["Market defaults"])
    values: list[WantedIn] = Field(min_length=1, max_length=200)
    vendor: str = Field("", max_length=64, description="Only for stations of this vendor; empty: any.")
    model: str = Field("", max_length=64)
    firmware: str = Field("", max_length=64)
    protocol: str = Field("", max_length=12)


class TemplateOut(Schema):
    id: UUID
    name: str = Field(examples=["Market defaults"])
    values: list[WantedOut]
    vendor: str
    model: str
    firmware: str
    protocol: str
    changed_at: datetime


class ApplyIn(Input):
    stations: ChosenIn
    manner: MannerIn = Field(default_factory=lambda: MannerIn.model_validate({}))


class CapabilityOut(Schema):
    operation: str = Field(examples=["unlock_connector"])
    offered: bool
    reason: str = Field(description="Why it is not offered.", examples=[""])
    lacks: list[str] = Field(description="Fields that do nothing here.", examples=[["profile"]])


class CapabilitiesOut(Schema):
    items: list[CapabilityOut]


def _drift_out(row: Any) -> DriftOut:
    values = {name: getattr(row, name) for name in DesiredOut.model_fields}
    return DriftOut(station=row.station.identity, **values)


def _template_out(row: SettingTemplate) -> TemplateOut:
    plain = {name: getattr(row, name) for name in ("name", "vendor", "model", "firmware", "changed_at")}
    return TemplateOut(id=row.pk, protocol=row.dialect, values=[WantedOut(**each) for each in row.values], **plain)


def _template(who: Viewer, template_id: UUID) -> SettingTemplate:
    mine = SettingTemplate.objects.filter(organisation=who.organisation).select_related("organisation")
    found: SettingTemplate = the(mine, template_id, "template")
    return found


def _wanted(values: list[WantedIn]) -> list[Wanted]:
    return [Wanted(each.name, each.value, each.evse, each.connector) for each in values]


@operation(
    router,
    "GET",
    "/stations/{identity}/capabilities",
    "get_capabilities",
    "What a station can be asked",
    answers=CapabilitiesOut,
)
def get_capabilities(request: HttpRequest, identity: str) -> CapabilitiesOut:
    """Every operation, with why one is not offered."""
    found = capabilities(viewer(request).station(identity))
    return CapabilitiesOut(
        items=[
            CapabilityOut(operation=name, offered=each.offered, reason=each.reason, lacks=sorted(each.lacks))
            for name, each in found.items()
        ]
    )


@operation(
    router,
    "GET",
    "/stations/{identity}/settings",
    "list_settings",
    "Settings a station reports",
    answers=page_of(VariableOut),
)
def list_settings(request: HttpRequest, identity: str, query: Query[VariableQuery]) -> Any:
    """By name, as last reported. Ask for them anew with the operation get_settings."""
    found = setting_queries.variables(viewer(request).station(identity), search=query.search)
    return page(found, query, partial(plainly, VariableOut), ("name", "evse", "connector", "attribute"))


@operation(
    router,
    "POST",
    "/stations/{identity}/settings",
    "set_settings",
    "Set settings of a station",
    right=_CONFIGURE,
    answers=AskedOut,
    status=202,
)
def set_settings(request: HttpRequest, identity: str, body: SetIn) -> AskedOut:
    """Asked in as few messages as its version has for it."""
    who = viewer(request)
    rows = setting_actions.set_values(who.station(identity), _wanted(body.values), by=who.actor, keep=body.keep)
    return AskedOut(commands=[command_out(row) for row in rows])


@operation(
    router,
    "GET",
    "/stations/{identity}/wanted-settings",
    "list_wanted_settings",
    "What a station shall have",
    answers=page_of(DesiredOut),
)
def list_wanted(request: HttpRequest, identity: str, query: Query[PageQuery]) -> Any:
    """With what it reports instead."""
    found = setting_queries.desired(viewer(request).station(identity))
    return page(found, query, partial(plainly, DesiredOut), ("name", "evse", "connector"))


@operation(
    router,
    "DELETE",
    "/stations/{identity}/wanted-settings/{name}",
    "forget_wanted_setting",
    "No longer want a setting",
    right=_CONFIGURE,
)
def forget_wanted(request: HttpRequest, identity: str, name: str, query: Query[PlaceQuery]) -> None:
    """Nothing is sent."""
    who = viewer(request)
    station = who.station(identity)
    mine = DesiredValue.objects.filter(station=station, name=name, evse=query.evse, connector=query.connector)
    row = the(mine, mine.values_list("pk", flat=True).first() or UUID(int=0), "wanted setting")
    setting_actions.no_longer_want(station, row.name, by=who.actor, evse=row.evse, connector=row.connector)


@operation(router, "GET", "/drift", "list_drift", "Where stations differ", answers=page_of(DriftOut))
def list_drift(request: HttpRequest, query: Query[PageQuery]) -> Any:
    """Everything that stations report otherwise than wanted."""
    return page(setting_queries.drift(viewer(request).organisation), query, _drift_out, ("pk",))


@operation(
    router,
    "GET",
    "/stations/{identity}/monitors",
    "list_monitors",
    "What a station watches of itself",
    answers=page_of(MonitorOut),
)
def list_monitors(request: HttpRequest, identity: str, query: Query[PageQuery]) -> Any:
    found = StationMonitor.objects.filter(station=viewer(request).station(identity))
    return page(found, query, partial(plainly, MonitorOut), ("monitor_id",))


@operation(
    router,
    "GET",
    "/stations/{identity}/noticed",
    "list_noticed",
    "What a station noticed",
    answers=page_of(NoticedOut),
)
def list_noticed(request: HttpRequest, identity: str, query: Query[PageQuery]) -> Any:
    """Events of its device model, newest first."""
    found = Noticed.objects.filter(station=viewer(request).station(identity))
    return page(found, query, partial(plainly, NoticedOut), ("-at", "-pk"))


@operation(
    router, "GET", "/setting-templates", "list_setting_templates", "List templates", answers=page_of(TemplateOut)
)
def list_templates(request: HttpRequest, query: Query[PageQuery]) -> Any:
    """By name."""
    return page(setting_queries.templates(viewer(request).organisation), query, _template_out, ("name", "pk"))


@operation(
    router,
    "GET",
    "/setting-templates/{uuid:template_id}",
    "get_setting_template",
    "One template",
    answers=TemplateOut,
)
def get_template(request: HttpRequest, template_id: UUID) -> TemplateOut:
    return _template_out(_template(viewer(request), template_id))


def _saved(who: Viewer, body: TemplateIn, template: SettingTemplate | None) -> TemplateOut:
    fits = {"vendor": body.vendor, "model": body.model, "firmware": body.firmware, "dialect": body.protocol}
    values = _wanted(body.values)
    return _template_out(
        setting_actions.save_template(who.organisation, body.name, values, by=who.actor, fits=fits, template=template)
    )


@operation(
    router,
    "POST",
    "/setting-templates",
    "create_setting_template",
    "Make a template",
    right=_CONFIGURE,
    answers=TemplateOut,
    location="/setting-templates/{id}",
)
def create_template(request: HttpRequest, body: TemplateIn) -> TemplateOut:
    return _saved(viewer(request), body, None)


@operation(
    router,
    "PUT",
    "/setting-templates/{uuid:template_id}",
    "replace_setting_template",
    "Replace a template",
    right=_CONFIGURE,
    answers=TemplateOut,
)
def replace_template(request: HttpRequest, template_id: UUID, body: TemplateIn) -> TemplateOut:
    """Stations that have it already are not touched before it is applied again."""
    return _saved(viewer(request), body, _template(viewer(request), template_id))


@operation(
    router,
    "DELETE",
    "/setting-templates/{uuid:template_id}",
    "delete_setting_template",
    "Delete a template",
    right=_CONFIGURE,
)
def delete_template(request: HttpRequest, template_id: UUID) -> None:
    """What its stations shall have stays as it is."""
    setting_actions.delete_template(_template(viewer(request), template_id), by=viewer(request).actor)


@operation(
    router,
    "POST",
    "/setting-templates/{uuid:template_id}/apply",
    "apply_setting_template",
    "Apply a template",
    right=_CONFIGURE,
    answers=BulkOut,
    location="/bulks/{id}",
)
def apply_template(request: HttpRequest, template_id: UUID, body: ApplyIn) -> BulkOut:
    """To those of the stations it fits, as bulk work."""
    who = viewer(request)
    made = setting_actions.apply_template(
        _template(who, template_id), chosen(who, body.stations), by=who.actor, manner=manner(body.manner, body.stations)
    )
    return bulk_out(who, made.pk)
