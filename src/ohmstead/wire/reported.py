"""Reports of settings, monitors and events, read leniently: a part without sense is passed over, never the rest."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from ohmstead.station.variables import Noticed, Place, ReportedMonitor, ReportedVariable

_ATTRIBUTES: Final = {"Actual": "actual", "Target": "target", "MinSet": "min_set", "MaxSet": "max_set"}
_MUTABILITIES: Final = {"ReadOnly": "read_only", "ReadWrite": "read_write", "WriteOnly": "write_only"}
_WHOLE_MOST: Final = 2**31 - 1
_OUTLET_MOST: Final = 32_767
_NAME_MOST: Final = 200
_VALUE_MOST: Final = 2_500


def read_variables(action: str, payload: Mapping[str, Any]) -> tuple[ReportedVariable, ...]:
    """From NotifyReport, NotifyEvent, or the answer to GetVariables or GetConfiguration."""
    reader = {
        "NotifyReport": _report,
        "NotifyEvent": _event_value,
        "GetVariables": _variable_read,
        "GetConfiguration": _key,
    }.get(action)
    if reader is None:
        return ()
    fields = ("reportData", "eventData", "getVariableResult", "configurationKey")
    return tuple(each for field in fields for part in _parts(payload, field) for each in reader(part))


def read_monitors(payload: Mapping[str, Any]) -> tuple[ReportedMonitor, ...]:
    """From NotifyMonitoringReport."""
    return tuple(
        monitor
        for part in _parts(payload, "monitor")
        if (place := _place(part)) is not None
        for each in _parts(part, "variableMonitoring")
        if (monitor := _monitor(place, each)) is not None
    )


def read_noticed(payload: Mapping[str, Any]) -> tuple[Noticed, ...]:
    """From NotifyEvent."""
    return tuple(
        Noticed(
            place=place,
            event_id=_whole(part.get("eventId")) or 0,
            at=_moment(part.get("timestamp")),
            trigger=_text(part.get("trigger"), 20),
            value=_text(part.get("actualValue"), _VALUE_MOST),
            origin=_text(part.get("eventNotificationType"), 30),
            cause=_whole(part.get("cause")),
            tech_code=_text(part.get("techCode"), 50),
            tech_info=_text(part.get("techInfo"), 500),
            cleared=part.get("cleared") is True,
            transaction_id=_text(part.get("transactionId"), 36),
            monitor_id=_whole(part.get("variableMonitoringId")),
            severity=_whole(part.get("severity"), most=9),
        )
        for part in _parts(payload, "eventData")
        if (place := _place(part)) is not None
    )


def _report(part: dict[str, Any]) -> Iterator[ReportedVariable]:
    place = _place(part)
    if place is None:
        return
    about = part.get("variableCharacteristics")
    about = about if isinstance(about, dict) else {}
    for attribute in _parts(part, "variableAttribute"):
        yield ReportedVariable(
            place=place,
            attribute=_ATTRIBUTES.get(attribute.get("type", "Actual"), "actual"),
            value=_value(attribute.get("value")),
            mutability=_MUTABILITIES.get(attribute.get("mutability", "ReadWrite"), ""),
            kind=_text(about.get("dataType"), 20),
            unit=_text(about.get("unit"), 20),
            least=_number(about.get("minLimit")),
            most=_number(about.get("maxLimit")),
            choices=_text(about.get("valuesList"), 1_000),
            can_be_watched=about.get("supportsMonitoring") if about else None,
        )


def _event_value(part: dict[str, Any]) -> Iterator[ReportedVariable]:
    place = _place(part)
    if place is not None:
        yield ReportedVariable(place=place, value=_value(part.get("actualValue")))


def _variable_read(part: dict[str, Any]) -> Iterator[ReportedVariable]:
    place = _place(part)
    if place is not None and part.get("attributeStatus") == "Accepted":
        attribute = _ATTRIBUTES.get(part.get("attributeType", "Actual"), "actual")
        yield ReportedVariable(place=place, attribute=attribute, value=_value(part.get("attributeValue")))


def _key(part: dict[str, Any]) -> Iterator[ReportedVariable]:
    name = _text(part.get("key"), _NAME_MOST)
    if name:
        mutability = "read_only" if part.get("readonly") is True else "read_write"
        yield ReportedVariable(place=Place(name=name), value=_value(part.get("value")), mutability=mutability)


def _monitor(place: Place, part: dict[str, Any]) -> ReportedMonitor | None:
    monitor_id, value = _whole(part.get("id")), _number(part.get("value"))
    if monitor_id is None or value is None:
        return None
    return ReportedMonitor(
        place=place,
        monitor_id=monitor_id,
        kind=_text(part.get("type"), 30),
        value=value,
        severity=_whole(part.get("severity"), most=9) or 0,
        in_sessions_only=part.get("transaction") is True,
        origin=_text(part.get("eventNotificationType"), 30),
    )


def _place(part: Mapping[str, Any]) -> Place | None:
    component, variable = part.get("component"), part.get("variable")
    if not isinstance(component, dict) or not isinstance(variable, dict):
        return None
    if not component.get("name") or not variable.get("name"):
        return None
    evse = component.get("evse")
    evse = evse if isinstance(evse, dict) else {}
    return Place(
        name=f"{_named(component)}.{_named(variable)}"[:_NAME_MOST],
        evse=_whole(evse.get("id"), most=_OUTLET_MOST) or 0,
        connector=_whole(evse.get("connectorId"), most=_OUTLET_MOST) or 0,
    )


def _named(part: Mapping[str, Any]) -> str:
    name, instance = _text(part.get("name"), 50), _text(part.get("instance"), 50)
    return f"{name}[{instance}]" if instance else name


def _parts(payload: Mapping[str, Any], field: str) -> list[dict[str, Any]]:
    found = payload.get(field)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _text(value: Any, most: int) -> str:
    return str(value)[:most] if value is not None and not isinstance(value, dict | list) else ""


def _value(value: Any) -> str | None:
    return None if value is None else _text(value, _VALUE_MOST)


def _whole(value: Any, most: int = _WHOLE_MOST) -> int | None:
    ours = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most
    return value if ours else None


def _number(value: Any) -> float | None:
    ours = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15
    return float(value) if ours else None


def _moment(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
