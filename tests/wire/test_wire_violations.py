"""Every kind of violation, anywhere in any message, gets the error code its version asks for."""

import copy
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import pytest

from ohmstead import wire
from ohmstead.wire.refusals import Fault, error_code
from ohmstead.wire.registry import MESSAGES
from tests.wire.ocpp_schemas import SCHEMAS, Maker, Schema

MOST_PER_MESSAGE = 40
WRONG_TYPE = {"string": 12, "integer": "many", "number": "much", "boolean": "perhaps", "array": 5, "object": [1]}


class Site(NamedTuple):
    """A place in an instance: the keys that lead there, and what the schema says of it."""

    keys: tuple[str | int, ...]
    node: dict[str, Any]
    required: bool


class Violation(NamedTuple):
    name: str
    fault: Fault
    instance: Any


def sites(schema: Schema, node: dict[str, Any], value: Any, keys: tuple[str | int, ...] = ()) -> Iterator[Site]:
    if "$ref" in node and node["$ref"].endswith("/CustomDataType"):
        return
    node = schema.resolved(node)
    if isinstance(value, dict):
        for name, child in node.get("properties", {}).items():
            if name in value:
                yield Site((*keys, name), schema.resolved(child), name in node.get("required", []))
                yield from sites(schema, child, value[name], (*keys, name))
    elif isinstance(value, list) and "items" in node:
        for index, item in enumerate(value[:1]):
            yield from sites(schema, node["items"], item, (*keys, index))


def changed(instance: Any, keys: tuple[str | int, ...], value: Any) -> Any:
    made = copy.deepcopy(instance)
    holder = made
    for key in keys[:-1]:
        holder = holder[key]
    if value is REMOVED:
        del holder[keys[-1]]
    else:
        holder[keys[-1]] = value
    return made


REMOVED = object()


def violations(schema: Schema, instance: Any) -> Iterator[Violation]:
    yield Violation("not an object", Fault.FORMAT, [instance])
    yield Violation("unknown field", Fault.FORMAT, {**instance, "madeUp": 1})
    for site in sites(schema, schema.root, instance):
        where = ".".join(map(str, site.keys))
        if site.required:
            yield Violation(f"{where} missing", Fault.OCCURRENCE, changed(instance, site.keys, REMOVED))
        for fault, value in wrong_values(site.node, lookup(instance, site.keys)):
            yield Violation(f"{where} = {str(value)[:40]}", fault, changed(instance, site.keys, value))


def lookup(instance: Any, keys: tuple[str | int, ...]) -> Any:
    for key in keys:
        instance = instance[key]
    return instance


def wrong_values(node: dict[str, Any], value: Any) -> Iterator[tuple[Fault, Any]]:
    kind = node.get("type")
    if kind in WRONG_TYPE:
        yield Fault.TYPE, WRONG_TYPE[kind]
    if kind == "object" and node.get("additionalProperties") is False:
        yield Fault.FORMAT, {**value, "madeUp": 1}
    if "enum" in node:
        yield Fault.PROPERTY, "MadeUpWord"
    elif "maxLength" in node:
        yield Fault.PROPERTY, "x" * (node["maxLength"] + 1)
    if "minimum" in node:
        yield Fault.PROPERTY, int(node["minimum"]) - 1
    if "maximum" in node:
        yield Fault.PROPERTY, int(node["maximum"]) + 1
    if node.get("minItems"):
        yield Fault.OCCURRENCE, []
    if "maxItems" in node:
        yield Fault.OCCURRENCE, value[:1] * (node["maxItems"] + 1)


def some_violations(schema: Schema) -> list[Violation]:
    found = list(violations(schema, Maker(schema, 1, 1.0).instance()))
    return random.Random(schema.id).sample(found, min(len(found), MOST_PER_MESSAGE))


@pytest.mark.parametrize("schema", [pytest.param(s, id=s.id) for s in SCHEMAS])
def test_each_violation_gets_its_error_code(schema: Schema):
    decode = wire.decode_response if schema.response else wire.decode_request
    for violation in some_violations(schema):
        with pytest.raises(wire.CallRefused) as refused:
            decode(schema.dialect, schema.action, msgspec.json.encode(violation.instance))
        assert refused.value.code == error_code(schema.dialect, violation.fault), violation.name


STATION_CALLS = [
    pytest.param(schema, id=schema.id)
    for schema in SCHEMAS
    if not schema.response and MESSAGES[schema.dialect][schema.action].from_station
]


@pytest.mark.parametrize("schema", STATION_CALLS)
def test_a_station_is_forgiven_or_refused_but_never_breaks_us(schema: Schema):
    """What is forgiven is recorded, is answered, and is told again by the journal in the same way."""
    said = {"station_id": UUID(int=1), "epoch": 1, "quirks": 0, "received_at": datetime(2026, 11, 22, 10, tzinfo=UTC)}
    for violation in some_violations(schema):
        frame = msgspec.json.encode([2, "1", schema.action, violation.instance])
        call = wire.parse_frame(frame, schema.dialect)
        told = wire.events_of_call(schema.dialect, frame, None, **said)
        asked, refusal = read(schema.dialect, call, said)
        if refusal is not None:
            assert refusal.code == error_code(schema.dialect, violation.fault), violation.name
            assert told.events[0].code == refusal.code, violation.name
        else:
            assert asked.mends, violation.name
            assert set(asked.mends) <= set(told.mends), violation.name


def read(dialect: wire.Dialect, call: Any, said: dict[str, Any]) -> tuple[Any, wire.CallRefused | None]:
    try:
        return wire.read_call(dialect, call, **said), None
    except wire.CallRefused as refusal:
        return None, refusal


def test_the_codes_are_spelt_as_each_version_spells_them():
    assert error_code(wire.Dialect.V16, Fault.OCCURRENCE) == "OccurenceConstraintViolation"
    assert error_code(wire.Dialect.V16, Fault.FORMAT) == "FormationViolation"
    assert error_code(wire.Dialect.V201, Fault.OCCURRENCE) == "OccurrenceConstraintViolation"
    assert error_code(wire.Dialect.V21, Fault.FORMAT) == "FormatViolation"


@pytest.mark.parametrize(
    ("dialect", "action", "code"),
    [
        pytest.param(wire.Dialect.V16, "TransactionEvent", "NotImplemented", id="an action of another version"),
        pytest.param(wire.Dialect.V201, "StartTransaction", "NotImplemented", id="an action of the old version"),
        pytest.param(wire.Dialect.V201, "BatterySwap", "NotImplemented", id="an action of the next version"),
        pytest.param(wire.Dialect.V16, "Reset", "NotSupported", id="an action that only we send"),
        pytest.param(wire.Dialect.V21, "", "NotImplemented", id="no action"),
    ],
)
def test_an_action_that_no_station_sends_is_named(dialect: wire.Dialect, action: str, code: str):
    call = wire.Call("1", action, msgspec.Raw(b"{}"))
    with pytest.raises(wire.CallRefused) as refused:
        wire.read_call(
            dialect, call, station_id=UUID(int=1), epoch=1, quirks=0, received_at=datetime(2026, 11, 22, tzinfo=UTC)
        )
    assert refused.value.code == code
