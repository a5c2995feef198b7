"""OCPP 2.x: variables of the device model, reports of it, and network profiles."""

from typing import Any, Final, get_args

from ohmstead.station import commands as c
from ohmstead.wire.refusals import CommandNotInDialect
from ohmstead.wire.saying import Sayings, made, pascal, said

FULL_INVENTORY: Final = 1  # the request id by which its NotifyReport messages are recognised
_PASSWORD: Final = "SecurityCtrlr.BasicAuthPassword"
_EXTENTS: Final = {
    "configuration": "ConfigurationInventory",
    "full": "FullInventory",
    "summary": "SummaryInventory",
}


def password(m: Any, command: c.ChangePassword) -> Any:
    return setting(m, c.SetSetting(name=_PASSWORD, value=command.password))


def setting(m: Any, command: c.SetSetting) -> Any:
    component, variable = _variable(m, command.name)
    data = m.SetVariableData(component=component, variable=variable, attribute_value=command.value)
    return m.SetVariablesRequest(set_variable_data=[data])


def settings(m: Any, command: c.GetSettings) -> Any:
    """Named variables are answered at once; without names the station reports everything by NotifyReport."""
    if not command.names:
        return m.GetBaseReportRequest(request_id=FULL_INVENTORY, report_base="FullInventory")
    data = []
    for name in command.names:
        component, variable = _variable(m, name)
        data.append(m.GetVariableData(component=component, variable=variable))
    return m.GetVariablesRequest(get_variable_data=data)


def read(m: Any, command: c.ReadVariables) -> Any:
    data = tuple(
        made(m.GetVariableData, **placed(m, each), attribute_type=_attribute(each)) for each in command.variables
    )
    return made(m.GetVariablesRequest, get_variable_data=data)


def write(m: Any, command: c.WriteVariables) -> Any:
    data = []
    for each in command.values:
        if _is_password(each.name):
            raise CommandNotInDialect(
                "A station's password is changed with its own command, so that both sides know it."
            )
        written = made(
            m.SetVariableData, **placed(m, each), attribute_type=_attribute(each), attribute_value=each.value
        )
        data.append(written)
    return made(m.SetVariablesRequest, set_variable_data=data)


def _is_password(name: str) -> bool:
    """In any spelling that a station might take for it."""
    component, _, variable = name.lower().partition(".")
    plain = f"{component.partition('[')[0].strip()}.{variable.partition('[')[0].strip()}"
    return plain == _PASSWORD.lower()


def _attribute(variable: c.AttributeName) -> str | None:
    return None if variable.attribute == "actual" else pascal(variable.attribute)


def inventory(m: Any, command: c.GetInventory) -> Any:
    return m.GetBaseReportRequest(request_id=command.request_id, report_base=_EXTENTS[command.extent])


def report(m: Any, command: c.GetReport) -> Any:
    return made(
        m.GetReportRequest,
        request_id=command.request_id,
        component_variable=chosen(m, command.variables),
        component_criteria=tuple(pascal(each) for each in command.conditions),
    )


def chosen(m: Any, variables: tuple[c.VariableName, ...]) -> tuple[Any, ...]:
    """Components, each as a whole or with one of its variables."""
    return tuple(
        made(m.ComponentVariable, **placed(m, each))
        if "." in each.name
        else m.ComponentVariable(component=_component(m, each.name, each))
        for each in variables
    )


def placed(m: Any, variable: c.VariableName) -> dict[str, Any]:
    """Component and variable, at the outlet that is meant."""
    _, found = _variable(m, variable.name)
    return {"component": _component(m, variable.name.partition(".")[0], variable), "variable": found}


def _component(m: Any, text: str, variable: c.VariableName) -> Any:
    evse = None if variable.evse is None else made(m.EVSE, id=variable.evse, connector_id=variable.connector)
    return named(m.Component, text, evse=evse)


def _variable(m: Any, name: str) -> tuple[Any, Any]:
    """`Component.Variable`, each with an instance in brackets where it has one: `Component[instance].Variable`."""
    component, dot, variable = name.partition(".")
    if not (component and dot and variable):
        raise CommandNotInDialect(f"An OCPP 2.x variable is written Component.Variable, not {name[:60]!r}.")
    return named(m.Component, component), named(m.Variable, variable)


def named(struct: Any, text: str, **more: Any) -> Any:
    name, bracket, instance = text.partition("[")
    return made(struct, name=name, instance=instance.removesuffix("]") if bracket else None, **more)


def network(m: Any, command: c.SetNetworkProfile) -> Any:
    data = made(
        m.NetworkConnectionProfile,
        ocpp_version=_version(m, command.version),
        ocpp_transport="JSON",
        ocpp_csms_url=command.url,
        message_timeout=command.message_timeout_s,
        security_profile=command.security_profile,
        ocpp_interface=command.interface,
        identity=command.identity,
        apn=_apn(m, command.apn) if command.apn else None,
        vpn=_vpn(m, command.vpn) if command.vpn else None,
    )
    return m.SetNetworkProfileRequest(configuration_slot=command.slot, connection_data=data)


def _version(m: Any, version: str | None) -> str | None:
    """2.0.1 has no word for itself and means it by OCPP20; in 2.1 the station may choose."""
    if "OCPP21" in get_args(m.OCPPVersionEnum):
        return {"ocpp1.6": "OCPP16", "ocpp2.0.1": "OCPP201", "ocpp2.1": "OCPP21"}.get(version or "")
    if version == "ocpp2.1":
        raise CommandNotInDialect("An OCPP 2.0.1 station cannot be told to speak OCPP 2.1.")
    return "OCPP16" if version == "ocpp1.6" else "OCPP20"


def _apn(m: Any, apn: c.Apn) -> Any:
    return made(
        m.APN,
        apn=apn.apn,
        apn_authentication=apn.authentication.upper(),
        apn_user_name=apn.user,
        apn_password=apn.password,
        sim_pin=apn.sim_pin,
        preferred_network=apn.preferred_network,
        use_only_preferred_network=apn.only_preferred_network,
    )


def _vpn(m: Any, vpn: c.Vpn) -> Any:
    return made(
        m.VPN, server=vpn.server, user=vpn.user, password=vpn.password, key=vpn.key, type=vpn.kind, group=vpn.group
    )


SAYINGS: Final[Sayings] = {
    c.ChangePassword: said(password, "SetVariables"),
    c.SetSetting: said(setting, "SetVariables"),
    c.GetSettings: said(settings, "GetVariables", "GetBaseReport"),
    c.ReadVariables: said(read, "GetVariables"),
    c.WriteVariables: said(write, "SetVariables"),
    c.GetInventory: said(inventory, "GetBaseReport"),
    c.GetReport: said(report, "GetReport"),
    c.SetNetworkProfile: said(network, "SetNetworkProfile"),
}
