"""The official schemas, and instances made from them: every run makes the same ones."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import jsonschema

from ohmstead.wire import Dialect

FOLDERS = {Dialect.V16: "v16", Dialect.V201: "v201", Dialect.V21: "v21"}
TIMES = ("2026-11-22T10:00:00Z", "2026-11-22T10:00:00.123+01:00")


@dataclass(frozen=True)
class Schema:
    dialect: Dialect
    action: str
    response: bool
    text: str

    @property
    def id(self) -> str:
        return f"{self.dialect.subprotocol}-{self.action}{'Response' if self.response else ''}"

    @property
    def root(self) -> dict[str, Any]:
        return _parsed(self.text)

    @property
    def validator(self) -> Any:
        return _validator(self.text)

    def resolved(self, node: dict[str, Any]) -> dict[str, Any]:
        if "$ref" not in node:
            return node
        found: dict[str, Any] = self.root["definitions"][node["$ref"].rpartition("/")[2]]
        return found


@cache
def _parsed(text: str) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(text)
    return parsed


@cache
def _validator(text: str) -> Any:
    return jsonschema.validators.validator_for(_parsed(text))(_parsed(text))


def _read() -> Iterator[Schema]:
    for dialect, folder in FOLDERS.items():
        for file in sorted((files("ocpp") / folder / "schemas").iterdir(), key=lambda file: file.name):
            name = file.name.removesuffix(".json")
            if name != file.name:
                action = name.removesuffix("Request").removesuffix("Response")
                yield Schema(dialect, action, name.endswith("Response"), file.read_text(encoding="utf-8-sig"))


SCHEMAS = tuple(_read())


class Maker:
    """Instances of one schema. `fullness` is the chance of an optional field."""

    def __init__(self, schema: Schema, seed: int, fullness: float) -> None:
        self.schema = schema
        self.random = random.Random(f"{schema.id}/{seed}")
        self.fullness = fullness

    def instance(self) -> Any:
        return self.node(self.schema.root)

    def node(self, node: dict[str, Any]) -> Any:
        node = self.schema.resolved(node)
        if "enum" in node:
            return self.random.choice(node["enum"])
        match node.get("type"):
            case "object":
                return self.object(node)
            case "array":
                least = node.get("minItems", 0)
                most = min(node.get("maxItems", least + 2), least + 2)
                return [self.node(node["items"]) for _ in range(self.random.randint(max(least, 1), max(most, 1)))]
            case "string":
                return self.string(node)
            case "integer":
                return self.random.randint(int(node.get("minimum", -5)), int(node.get("maximum", 100_000)))
            case "number":
                return self.number(node)
            case "boolean":
                return self.random.random() < 0.5
        return {"anything": [1, "two", None, 3.5]}

    def object(self, node: dict[str, Any]) -> dict[str, Any]:
        required = node.get("required", [])
        return {
            key: self.node(value)
            for key, value in node.get("properties", {}).items()
            if key in required or self.random.random() < self.fullness
        }

    def string(self, node: dict[str, Any]) -> str:
        if node.get("format") == "date-time":
            return self.random.choice(TIMES)
        if node.get("format") == "uri":
            return "https://example.org/firmware"
        most = min(node.get("maxLength", 40), self.random.choice((1, 12, 40, 10_000)))
        return "".join(self.random.choice('aZ09 -"\\/äß漢😀\n') for _ in range(self.random.randint(1, max(most, 1))))

    def number(self, node: dict[str, Any]) -> float:
        low, high = node.get("minimum", -1000), node.get("maximum", 1000)
        if "multipleOf" in node:
            return self.random.choice((6.0, 16.0, 32.0))
        return self.random.choice((float(low), float(high), self.random.uniform(low, high)))


def instances(schema: Schema, rounds: int = 2) -> list[Any]:
    """The smallest, the fullest, and some between."""
    made = [Maker(schema, 0, 0.0).instance(), Maker(schema, 1, 1.0).instance()]
    return made + [Maker(schema, 2 + round, 0.4).instance() for round in range(rounds)]
