"""Commands made from the table of operations: every run makes the same ones."""

import random
from collections.abc import Collection, Iterator
from typing import Any

import msgspec

from ohmstead.station.commands import AnyCommand
from ohmstead.station.commands.operations import Field, Operation

# Texts that a dialect reads, or limits to a few characters.
TEXTS = {
    "action": ["ClearCache"],
    "currency": ["EUR"],
    "display": ["Display", "Display[2]"],
    "from_time": ["08:00", "23:59"],
    "name": ["Clock.Now", "Connector[1].Available", "OCPPCommCtrlr.MessageTimeout[Default]"],
    "names": ["Clock.Now", "Connector[1].Available"],
    "transaction_id": ["1", "4711", "2147483647"],
    "until_time": ["00:00", "17:30"],
}
MOMENTS = ("2026-11-22T10:00:00Z", "2026-11-22T11:00:00.123+01:00")


class CommandMaker:
    """`fullness` is the chance of an optional field; a field is named by its path, such as `profile.schedules.steps`.

    A command speaks in watts or in amperes, not in both. What stands at one path does not depend on what else is said.
    """

    def __init__(self, seed: int, fullness: float) -> None:
        self.seed = seed
        self.fullness = fullness
        self.other_unit = self._at("unit").choice((("_a",), ("_w", "_var")))

    def command(
        self, operation: Operation, *, without: Collection[str] = (), having: Collection[str] = ()
    ) -> AnyCommand:
        values = self._values(operation.fields, "", without, having)
        made: AnyCommand = msgspec.convert(values, operation.kind)
        return made

    def _at(self, path: str) -> random.Random:
        return random.Random(f"{self.seed}/{path}")

    def _values(
        self, fields: tuple[Field, ...], at: str, without: Collection[str], having: Collection[str]
    ) -> dict[str, Any]:
        return {
            field.name: self._value(field, at + field.name, without, having)
            for field in fields
            if self._wanted(field, at + field.name, without, having)
        }

    def _wanted(self, field: Field, path: str, without: Collection[str], having: Collection[str]) -> bool:
        if field.required or path in having or field.name == "remote_start_id":
            return True
        if path in without:
            return False
        if field.filled:
            return True
        return not field.name.endswith(self.other_unit) and self._at(path).random() < self.fullness

    def _value(self, field: Field, path: str, without: Collection[str], having: Collection[str]) -> Any:
        if not field.repeated:
            return self._one(field, path, path, without, having)
        count = self._at(f"{path}#").randint(1, 2)
        return [self._one(field, path, f"{path}/{number}", without, having) for number in range(count)]

    def _one(self, field: Field, path: str, key: str, without: Collection[str], having: Collection[str]) -> Any:
        draw = self._at(f"{key}=")
        if field.choices:
            return draw.choice(field.choices)
        match field.kind:
            case "text":
                return _text(draw, field.name)
            case "whole_number":
                return draw.randint(1, 3)
            case "decimal":
                sign = -1 if field.name.startswith("discharge") else 1
                return str(sign * draw.randint(0, 200_000) / 1000)
            case "yes_no":
                return draw.random() < 0.5
            case "moment":
                return draw.choice(MOMENTS)
            case "date":
                return "2026-11-22"
            case "part":
                return self._values(field.parts, f"{path}.", without, having)
        return {}


def _text(draw: random.Random, name: str) -> str:
    if name in TEXTS:
        return draw.choice(TEXTS[name])
    return "".join(draw.choice('aZ09 -"\\/äß漢\n') for _ in range(draw.randint(1, 6)))


def optional_paths(fields: tuple[Field, ...], at: str = "") -> Iterator[str]:
    for field in fields:
        path = at + field.name
        if not field.required and field.name != "remote_start_id":
            yield path
        yield from optional_paths(field.parts, f"{path}.")
