"""Stations added, changed and removed, with what stands on them."""

from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from ohmstead.access.rights import Right
from ohmstead.network import actions, plug_actions
from ohmstead.network.rules.plug_facts import PlugFormat, PlugStandard, PowerType
from ohmstead.web.api.access import viewer
from ohmstead.web.api.operation import LEFT_OUT, Input, operation
from ohmstead.web.api.schemas import StationOut
from ohmstead.web.api.stations import router, the_station
from ohmstead.web.api.things import connector_of, evse_of, given, site_of

plugs = Router(tags=["Stations"])

_NETWORK = Right.NETWORK


class StationPatchIn(Input):
    name: str = Field(LEFT_OUT, max_length=120)
    site_id: UUID | None = Field(None, description="Where it stands; null: at no site.")
    security_profile: Literal[0, 1, 2, 3] = Field(LEFT_OUT, description="The least it must use from now on.")
    latitude: float | None = Field(None, ge=-90, le=90, description="Only if it does not stand where its site is.")
    longitude: float | None = Field(None, ge=-180, le=180)
    notes: str = Field(LEFT_OUT, max_length=2000, examples=["Behind the bakery"])


class StationIn(StationPatchIn):
    identity: str = Field(min_length=1, max_length=48, description="As at the end of the address it connects to.")


class PasswordIn(Input):
    password: str | None = Field(None, description="16 to 40 plain characters; left out: we make one.", examples=[None])


class PasswordOut(Schema):
    password: str = Field(description="For the installer; nobody can read it again.", examples=["k2V9…"])


class CloseIn(Input):
    reason: str = Field("", max_length=120)


class EvsePatchIn(Input):
    physical_reference: str = Field(LEFT_OUT, max_length=40, description="Written on the place.", examples=["A3"])
    max_power_w: int | None = Field(None, ge=1, le=5_000_000, examples=[22000])


class EvseIn(EvsePatchIn):
    number: int = Field(ge=1, le=32_767, description="As the station counts, from 1.")


class ConnectorPatchIn(Input):
    standard: PlugStandard | Literal[""] = LEFT_OUT
    format: PlugFormat | Literal[""] = LEFT_OUT
    power_type: PowerType | Literal[""] = LEFT_OUT
    max_power_w: int | None = Field(None, ge=1, le=5_000_000, examples=[22000])
    max_current_a: int | None = Field(None, ge=1, le=5_000, examples=[32])
    max_voltage_v: int | None = Field(None, ge=1, le=2_000, examples=[400])


class ConnectorIn(ConnectorPatchIn):
    number: int = Field(ge=1, le=32_767)


@operation(
    router,
    "POST",
    "/stations",
    "create_station",
    "Add a station",
    right=_NETWORK,
    answers=StationOut,
    location="/stations/{identity}",
)
def create_station(request: HttpRequest, body: StationIn) -> StationOut:
    """It is let in from its first connection on: whoever adds a station knows it."""
    who, values = viewer(request), given(body)
    site = site_of(who, values.pop("site_id", None))
    actions.create_station(who.organisation, values.pop("identity"), by=who.actor, site=site, **values)
    return the_station(who, body.identity)


@operation(
    router, "PATCH", "/stations/{identity}", "change_station", "Change a station", right=_NETWORK, answers=StationOut
)
def change_station(request: HttpRequest, identity: str, body: StationPatchIn) -> StationOut:
    """What is left out stays as it is. Each kind of change is a line of its own in the audit trail."""
    who, values = viewer(request), given(body)
    station = who.station(identity)
    if "site_id" in values and (site := site_of(who, values.pop("site_id"))) != station.site:
        actions.move_station(station, site, by=who.actor)
    if (profile := values.pop("security_profile", None)) is not None and profile != station.security_profile:
        actions.set_security_profile(station, profile, by=who.actor)
    if values:
        actions.update_station(station, by=who.actor, **values)
    return the_station(who, identity)


@operation(router, "DELETE", "/stations/{identity}", "remove_station", "Take a station out of service", right=_NETWORK)
def remove_station(request: HttpRequest, identity: str) -> None:
    """Its connection is closed; its past stays, and it can be brought back."""
    actions.remove_station(viewer(request).station(identity), by=viewer(request).actor)


@operation(
    plugs,
    "POST",
    "/stations/{identity}/restore",
    "restore_station",
    "Bring a station back",
    right=_NETWORK,
    answers=StationOut,
    status=200,
)
def restore_station(request: HttpRequest, identity: str) -> StationOut:
    actions.restore_station(viewer(request).station(identity), by=viewer(request).actor)
    return the_station(viewer(request), identity)


@operation(
    plugs,
    "POST",
    "/stations/{identity}/password",
    "set_station_password",
    "Set the password of a station",
    right=_NETWORK,
    answers=PasswordOut,
    status=200,
)
def set_password(request: HttpRequest, identity: str, body: PasswordIn) -> PasswordOut:
    """For somebody who types it in at the station. From now on the station must bring it."""
    station = viewer(request).station(identity)
    return PasswordOut(password=actions.set_password(station, by=viewer(request).actor, password=body.password))


@operation(
    plugs,
    "POST",
    "/stations/{identity}/close-connection",
    "close_connection",
    "Cut the connection of a station",
    right=Right.OPERATE,
)
def close_connection(request: HttpRequest, identity: str, body: CloseIn) -> None:
    """The station comes back by itself."""
    reason = body.reason or "Closed by the operator."
    actions.close_connection(viewer(request).station(identity), by=viewer(request).actor, reason=reason)


@operation(
    plugs,
    "POST",
    "/stations/{identity}/evses",
    "add_evse",
    "Add an EVSE",
    right=_NETWORK,
    answers=StationOut,
    location="/stations/{identity}",
)
def add_evse(request: HttpRequest, identity: str, body: EvseIn) -> StationOut:
    plug_actions.add_evse(viewer(request).station(identity), by=viewer(request).actor, **given(body))
    return the_station(viewer(request), identity)


@operation(
    plugs,
    "PATCH",
    "/stations/{identity}/evses/{evse}",
    "change_evse",
    "Change an EVSE",
    right=_NETWORK,
    answers=StationOut,
)
def change_evse(request: HttpRequest, identity: str, evse: int, body: EvsePatchIn) -> StationOut:
    plug_actions.update_evse(evse_of(viewer(request), identity, evse), by=viewer(request).actor, **given(body))
    return the_station(viewer(request), identity)


@operation(plugs, "DELETE", "/stations/{identity}/evses/{evse}", "remove_evse", "Remove an EVSE", right=_NETWORK)
def remove_evse(request: HttpRequest, identity: str, evse: int) -> None:
    """A station that reports it again brings it back."""
    plug_actions.remove_evse(evse_of(viewer(request), identity, evse), by=viewer(request).actor)


@operation(
    plugs,
    "POST",
    "/stations/{identity}/evses/{evse}/connectors",
    "add_connector",
    "Add a connector",
    right=_NETWORK,
    answers=StationOut,
    location="/stations/{identity}",
)
def add_connector(request: HttpRequest, identity: str, evse: int, body: ConnectorIn) -> StationOut:
    where: Any = evse_of(viewer(request), identity, evse)
    plug_actions.add_connector(where, by=viewer(request).actor, **given(body))
    return the_station(viewer(request), identity)


@operation(
    plugs,
    "PATCH",
    "/stations/{identity}/evses/{evse}/connectors/{connector}",
    "change_connector",
    "Change a connector",
    right=_NETWORK,
    answers=StationOut,
)
def change_connector(
    request: HttpRequest, identity: str, evse: int, connector: int, body: ConnectorPatchIn
) -> StationOut:
    where = connector_of(viewer(request), identity, evse, connector)
    plug_actions.update_connector(where, by=viewer(request).actor, **given(body))
    return the_station(viewer(request), identity)


@operation(
    plugs,
    "DELETE",
    "/stations/{identity}/evses/{evse}/connectors/{connector}",
    "remove_connector",
    "Remove a connector",
    right=_NETWORK,
)
def remove_connector(request: HttpRequest, identity: str, evse: int, connector: int) -> None:
    plug_actions.remove_connector(connector_of(viewer(request), identity, evse, connector), by=viewer(request).actor)
