"""Commands in the words of the API: the JSON of an operation's fields, checked, without unknown ones."""

import json
import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import msgspec
from ninja.errors import HttpError

from ohmstead.station.commands import AnyCommand, new_request_id
from ohmstead.station.commands.operations import OPERATIONS, Field, Operation


def command_of(operation: Operation, body: dict[str, Any]) -> AnyCommand:
    """422 with a sentence for what the operation does not take."""
    for where in _unknown(body, operation.fields):
        raise HttpError(422, f"{operation.name} has no field {where[:80]}.")
    values = dict(body)
    for field in operation.fields:
        if field.filled and values.get(field.name) is None:
            values[field.name] = new_request_id()
    try:
        made: Any = msgspec.convert(values | {"type": operation.kind.__name__}, operation.kind)
    except (msgspec.ValidationError, OverflowError) as wrong:
        raise HttpError(422, f"{operation.name}: {wrong}.") from None
    return made


def _unknown(values: dict[str, Any], fields: Sequence[Field], path: str = "") -> Iterator[str]:
    known = {field.name: field for field in fields}
    for name, value in values.items():
        if name not in known:
            yield path + name
            continue
        parts = value if isinstance(value, list) else [value]
        for part in parts:
            if known[name].parts and isinstance(part, dict):
                yield from _unknown(part, known[name].parts, f"{path}{name}.")


@cache
def schemas() -> tuple[dict[str, dict[str, Any]], dict[str, Any]]:
    """(operation -> schema of its body, schemas of the parts), as components of an OpenAPI document."""
    kinds = [each.kind for each in OPERATIONS.values()]
    _, found = msgspec.json.schema_components(kinds, ref_template="#/components/schemas/Command{name}")
    parts = {f"Command{name}": _closed(schema) for name, schema in found.items()}
    bodies: dict[str, dict[str, Any]] = {}
    for name, operation in OPERATIONS.items():
        schema = parts.pop(f"Command{operation.kind.__name__}")
        filled = {field.name for field in operation.fields if field.filled}
        schema["required"] = [each for each in schema["required"] if each != "type" and each not in filled]
        schema["properties"] = {key: value for key, value in schema["properties"].items() if key != "type"}
        bodies[name] = schema
    return bodies, parts


def _closed(schema: dict[str, Any]) -> dict[str, Any]:
    copied: dict[str, Any] = json.loads(json.dumps(schema))
    if copied.get("type") == "object" and "properties" in copied:
        copied["additionalProperties"] = False
        copied.setdefault("required", [])
        if "description" in copied:
            copied["description"] = re.split(r"\s*OCPP: ", copied["description"])[0]
    return copied
