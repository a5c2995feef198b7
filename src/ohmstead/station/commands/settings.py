"""Settings of a station and the inventory of its parts."""

from typing import Annotated, Literal

import msgspec

from ohmstead.station.commands.base import Command, Count, Part, RequestId, Secret, SecretNumber, new_request_id

type Attribute = Literal["actual", "target", "min_set", "max_set"]


class VariableName(Part, frozen=True, kw_only=True):
    """`Component.Variable`, each with an instance in brackets where it has one: `Component[1].Variable[x]`."""

    name: str
    evse: Count | None = None
    connector: Count | None = None


class AttributeName(VariableName, frozen=True, kw_only=True):
    attribute: Attribute = "actual"


class AttributeValue(AttributeName, frozen=True, kw_only=True):
    value: str


class ChangePassword(Command, frozen=True, kw_only=True):
    """Give the station a new password. OCPP: ChangeConfiguration, SetVariables."""

    password: Secret


class SetSetting(Command, frozen=True, kw_only=True):
    """Change one setting: a key, or a variable `Component.Variable`. OCPP: ChangeConfiguration, SetVariables."""

    name: str
    value: str


class GetSettings(Command, frozen=True, kw_only=True):
    """Read named settings, or all of them. OCPP: GetConfiguration, GetVariables, GetBaseReport."""

    names: tuple[str, ...] = ()


class ReadVariables(Command, frozen=True, kw_only=True):
    """Read variables of the device model with their outlets and attributes. OCPP: GetVariables."""

    variables: Annotated[tuple[AttributeName, ...], msgspec.Meta(min_length=1)]


class WriteVariables(Command, frozen=True, kw_only=True):
    """Change several variables of the device model at once. OCPP: SetVariables."""

    values: Annotated[tuple[AttributeValue, ...], msgspec.Meta(min_length=1)]


class GetInventory(Command, frozen=True, kw_only=True):
    """Ask for a report of the station's parts and variables. OCPP: GetBaseReport."""

    extent: Literal["configuration", "full", "summary"] = "full"
    request_id: RequestId = msgspec.field(default_factory=new_request_id)


class GetReport(Command, frozen=True, kw_only=True):
    """Ask for a report of chosen components, or of those in a certain condition. OCPP: GetReport."""

    variables: tuple[VariableName, ...] = ()
    conditions: tuple[Literal["active", "available", "enabled", "problem"], ...] = ()
    request_id: RequestId = msgspec.field(default_factory=new_request_id)


class Apn(Part, frozen=True, kw_only=True):
    """Access to a mobile network."""

    apn: str
    authentication: Literal["pap", "chap", "none", "auto"] = "auto"
    user: str | None = None
    password: Secret | None = None
    sim_pin: SecretNumber | None = None
    preferred_network: str | None = None
    only_preferred_network: bool | None = None


class Vpn(Part, frozen=True, kw_only=True):
    server: str
    user: str
    password: Secret
    key: Secret
    kind: Literal["IKEv2", "IPSec", "L2TP", "PPTP"]
    group: str | None = None


class SetNetworkProfile(Command, frozen=True, kw_only=True):
    """Store how the station reaches a server of ours, in one of its slots; its password stays as it is.

    OCPP: SetNetworkProfile.
    """

    slot: int
    url: str
    security_profile: Annotated[int, msgspec.Meta(ge=0, le=3)]
    interface: Literal[
        "Wired0", "Wired1", "Wired2", "Wired3", "Wireless0", "Wireless1", "Wireless2", "Wireless3", "Any"
    ] = "Wired0"
    message_timeout_s: Count = 30
    version: Literal["ocpp1.6", "ocpp2.0.1", "ocpp2.1"] | None = None
    identity: str | None = None
    apn: Apn | None = None
    vpn: Vpn | None = None
