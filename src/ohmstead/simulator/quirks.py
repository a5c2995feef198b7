"""Bad habits of vendors: what a station writes differently from what it should, one small function each."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

type Payload = dict[str, Any]
type Habit = Callable[[str, Payload], Payload]


def over(payload: Any, change: Callable[[str, Any], Any], key: str = "") -> Any:
    """The payload with `change(key, leaf)` applied to every leaf."""
    if isinstance(payload, dict):
        return {name: over(value, change, name) for name, value in payload.items()}
    if isinstance(payload, list):
        return [over(value, change, key) for value in payload]
    return change(key, payload)


def _sampled_values(payload: Payload, change: Callable[[Payload], Payload]) -> Payload:
    def each(holder: Any) -> Any:
        if isinstance(holder, dict):
            if "sampledValue" in holder:
                return holder | {"sampledValue": [change(value) for value in holder["sampledValue"]]}
            return {name: each(value) for name, value in holder.items()}
        return [each(value) for value in holder] if isinstance(holder, list) else holder

    return each(payload)


def kwh_without_unit(action: str, payload: Payload) -> Payload:
    """Energy in kWh while saying no unit (1.6 then means Wh)."""

    def change(value: Payload) -> Payload:
        if value.get("measurand") != "Energy.Active.Import.Register" or value.get("format") == "SignedData":
            return value
        bare = {name: item for name, item in value.items() if name not in ("unit", "unitOfMeasure")}
        return bare | {"value": _like(value["value"], float(value["value"]) / 1000)}

    return _sampled_values(payload, change)


def kwh_with_unit(action: str, payload: Payload) -> Payload:
    """Energy in kWh and said so: legal, and often forgotten by receivers."""

    def change(value: Payload) -> Payload:
        if value.get("measurand") != "Energy.Active.Import.Register" or value.get("format") == "SignedData":
            return value
        said = {"unitOfMeasure": {"unit": "kWh"}} if "unitOfMeasure" in value else {"unit": "kWh"}
        return value | said | {"value": _like(value["value"], float(value["value"]) / 1000)}

    return _sampled_values(payload, change)


def no_measurand(action: str, payload: Payload) -> Payload:
    """The register without its name: by the specification that is Energy.Active.Import.Register."""

    def change(value: Payload) -> Payload:
        if value.get("measurand") == "Energy.Active.Import.Register":
            return {name: item for name, item in value.items() if name != "measurand"}
        return value

    return _sampled_values(payload, change)


def times_without_zone(action: str, payload: Payload) -> Payload:
    return over(payload, lambda key, leaf: leaf.rstrip("Z") if key == "timestamp" else leaf)


def times_nine_digits(action: str, payload: Payload) -> Payload:
    return over(payload, lambda key, leaf: leaf.replace("Z", "123456+00:00") if key == "timestamp" else leaf)


def year_1970_at_boot(action: str, payload: Payload) -> Payload:
    """The clock starts at 1970 until the network told the time; status messages of the boot carry that."""
    if action != "StatusNotification":
        return payload
    return over(payload, lambda key, leaf: "1970-01-01T00:00:07Z" if key == "timestamp" else leaf)


def clock_ahead(action: str, payload: Payload) -> Payload:
    """A clock that runs seven minutes ahead."""

    def change(key: str, leaf: Any) -> Any:
        if key != "timestamp":
            return leaf
        ahead = datetime.fromisoformat(leaf) + timedelta(minutes=7)
        return ahead.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    return over(payload, change)


def lower_case_tags(action: str, payload: Payload) -> Payload:
    return over(payload, lambda key, leaf: leaf.lower() if key in ("idTag", "idToken") else leaf)


def huge_transaction_id(action: str, payload: Payload) -> Payload:
    """Samples carry 2^63-1 instead of the transaction's number."""
    if action == "MeterValues" and "transactionId" in payload:
        return payload | {"transactionId": 2**63 - 1}
    return payload


def forgets_transaction_id(action: str, payload: Payload) -> Payload:
    return payload | {"transactionId": -1} if action == "StopTransaction" else payload


def error_code_error(action: str, payload: Payload) -> Payload:
    """A fault called "Error", which is in no list."""
    if payload.get("errorCode", "NoError") != "NoError":
        return payload | {"errorCode": "Error"}
    return payload


def unknown_measurand(action: str, payload: Payload) -> Payload:
    def change(value: Payload) -> Payload:
        return value | {"measurand": "Power.Factory.Setting"} if value.get("measurand") == "Power.Offered" else value

    return _sampled_values(payload, change)


def as_written(action: str, payload: Payload) -> Payload:
    """A habit of the nameplate, not of messages."""
    return payload


def _like(example: Any, value: float) -> Any:
    return f"{value:.3f}" if isinstance(example, str) else round(value, 3)


QUIRKS: Mapping[str, Habit] = {
    "kwh_without_unit": kwh_without_unit,
    "kwh_with_unit": kwh_with_unit,
    "no_measurand": no_measurand,
    "times_without_zone": times_without_zone,
    "times_nine_digits": times_nine_digits,
    "year_1970_at_boot": year_1970_at_boot,
    "clock_ahead": clock_ahead,
    "lower_case_tags": lower_case_tags,
    "huge_transaction_id": huge_transaction_id,
    "forgets_transaction_id": forgets_transaction_id,
    "error_code_error": error_code_error,
    "unknown_measurand": unknown_measurand,
    "long_serial": as_written,
}


def habit_of(names: tuple[str, ...]) -> Habit | None:
    habits = [QUIRKS[name] for name in names if QUIRKS[name] is not as_written]
    if not habits:
        return None

    def all_of_them(action: str, payload: Payload) -> Payload:
        for habit in habits:
            payload = habit(action, payload)
        return payload

    return all_of_them
