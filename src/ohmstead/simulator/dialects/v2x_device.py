"""The device model of 2.x: variables, reports, monitoring."""

from itertools import batched

from ohmstead.simulator.configuring import change
from ohmstead.simulator.settings import BY_VARIABLE, TABLE, Setting
from ohmstead.simulator.station import Station
from ohmstead.simulator.voice import Handler, Payload

DATA_TYPE = {"integer": "integer", "boolean": "boolean", "string": "string", "list": "MemberList"}
INSTANCES = {"MessageAttempts": "TransactionEvent", "MessageAttemptInterval": "TransactionEvent"}
COMPONENTS = frozenset(name.split(".")[0] for name in BY_VARIABLE)
PARTS_AT_ONCE = 20


def _setting(said: Payload) -> Setting | None:
    return BY_VARIABLE.get(f"{said['component']['name']}.{said['variable']['name']}")


def _missing(said: Payload) -> str:
    return "UnknownVariable" if said["component"]["name"] in COMPONENTS else "UnknownComponent"


def get_variables(station: Station, payload: Payload) -> Payload:
    return {"getVariableResult": [_got(station, said) for said in payload["getVariableData"]]}


def _got(station: Station, said: Payload) -> Payload:
    answer = {"component": said["component"], "variable": said["variable"]}
    setting = _setting(said)
    if setting is None:
        return answer | {"attributeStatus": _missing(said)}
    if said.get("attributeType", "Actual") != "Actual":
        return answer | {"attributeStatus": "NotSupportedAttributeType"}
    if not setting.readable:
        return answer | {"attributeStatus": "Rejected"}
    return answer | {"attributeStatus": "Accepted", "attributeValue": _value(station, setting)}


def set_variables(station: Station, payload: Payload) -> Payload:
    return {"setVariableResult": [_set(station, said) for said in payload["setVariableData"]]}


def _set(station: Station, said: Payload) -> Payload:
    answer = {"component": said["component"], "variable": said["variable"]}
    setting = _setting(said)
    if setting is None:
        return answer | {"attributeStatus": _missing(said)}
    if said.get("attributeType", "Actual") != "Actual":
        return answer | {"attributeStatus": "NotSupportedAttributeType"}
    return answer | {"attributeStatus": change(station, setting, said["attributeValue"])}


def _value(station: Station, setting: Setting) -> str:
    fixed = {
        "vendor": station.nameplate.vendor,
        "model": station.nameplate.model,
        "serial": station.nameplate.serial,
        "firmware": station.firmware,
        "identity": station.identity,
    }
    return fixed.get(setting.name) or station.settings.text(setting.name)


def base_report(station: Station, payload: Payload) -> Payload:
    rows = [setting for setting in TABLE if setting.variable]
    if payload["reportBase"] == "ConfigurationInventory":
        rows = [setting for setting in rows if setting.writable]
    elif payload["reportBase"] == "SummaryInventory":
        rows = [setting for setting in rows if setting.name in ("vendor", "model", "firmware", "connectors")]
    station.soon(lambda: _report(station, payload["requestId"], rows))
    return {"status": "Accepted"}


def report(station: Station, payload: Payload) -> Payload:
    wanted = payload.get("componentVariable", [])
    rows = [setting for setting in TABLE if setting.variable and (not wanted or _named(setting, wanted))]
    if not rows or payload.get("componentCriteria") == ["Problem"]:
        return {"status": "EmptyResultSet"}
    station.soon(lambda: _report(station, payload["requestId"], rows))
    return {"status": "Accepted"}


def _named(setting: Setting, wanted: list[Payload]) -> bool:
    component, variable = (setting.variable or ".").split(".")
    return any(
        one["component"]["name"] == component and one.get("variable", {}).get("name", variable) == variable
        for one in wanted
    )


def _report(station: Station, request_id: int, rows: list[Setting]) -> None:
    """NotifyReport in parts; `tbc` is true on all but the last (B07.FR.09)."""
    parts = list(batched(rows, PARTS_AT_ONCE, strict=False))
    for number, part in enumerate(parts):
        said = {
            "requestId": request_id,
            "generatedAt": station.stamp(),
            "seqNo": number,
            "tbc": number < len(parts) - 1,
            "reportData": [_reported(station, setting) for setting in part],
        }
        station.say_payload("NotifyReport", said)


def _reported(station: Station, setting: Setting) -> Payload:
    component, variable = (setting.variable or ".").split(".")
    attribute: Payload = {"type": "Actual", "persistent": True, "constant": False}
    attribute["mutability"] = "ReadWrite" if setting.writable else "ReadOnly"
    if setting.readable:
        attribute["value"] = _value(station, setting)
    else:
        attribute["mutability"] = "WriteOnly"
    characteristics: Payload = {"dataType": DATA_TYPE[setting.kind], "supportsMonitoring": False}
    if setting.unit:
        characteristics["unit"] = setting.unit
    named: Payload = {"name": variable}
    if variable in INSTANCES:
        named["instance"] = INSTANCES[variable]
    return {
        "component": {"name": component},
        "variable": named,
        "variableAttribute": [attribute],
        "variableCharacteristics": characteristics,
    }


def set_monitoring(station: Station, payload: Payload) -> Payload:
    return {"status": "Accepted"}


def monitoring_report(station: Station, payload: Payload) -> Payload:
    return {"status": "EmptyResultSet"}


def set_variable_monitoring(station: Station, payload: Payload) -> Payload:
    """No variable of these stations can be watched."""
    results = [
        {
            "status": "UnsupportedMonitorType" if _setting(said) else _missing(said),
            "type": said["type"],
            "severity": said["severity"],
            "component": said["component"],
            "variable": said["variable"],
        }
        for said in payload["setMonitoringData"]
    ]
    return {"setMonitoringResult": results}


def clear_variable_monitoring(station: Station, payload: Payload) -> Payload:
    return {"clearMonitoringResult": [{"status": "NotFound", "id": number} for number in payload["id"]]}


def set_network_profile(station: Station, payload: Payload) -> Payload:
    """Kept, not used: a simulated station stays at the address it was started with."""
    return {"status": "Accepted"}


DEVICE: dict[str, Handler] = {
    "GetVariables": get_variables,
    "SetVariables": set_variables,
    "GetBaseReport": base_report,
    "GetReport": report,
    "SetMonitoringBase": set_monitoring,
    "SetMonitoringLevel": set_monitoring,
    "GetMonitoringReport": monitoring_report,
    "SetVariableMonitoring": set_variable_monitoring,
    "ClearVariableMonitoring": clear_variable_monitoring,
    "SetNetworkProfile": set_network_profile,
}
