"""The raw console: every message of the station's version that we may send, each with an example of its payload."""

from typing import Any, Final

import msgspec
from msgspec import inspect

from ohmstead.wire.dialect import Dialect
from ohmstead.wire.registry import MESSAGES

_MOMENT: Final = "2026-01-31T12:00:00Z"
_DEEPEST: Final = 6


def actions_of(dialect: Dialect | None) -> list[str]:
    if dialect is None:
        return []
    return sorted(action for action, message in MESSAGES[dialect].items() if message.from_us)


def example_of(dialect: Dialect | None, action: str) -> str:
    """A payload with every field the schema requires, indented; empty for an action the version does not have."""
    if dialect is None or action not in actions_of(dialect):
        return ""
    example = _example(inspect.type_info(MESSAGES[dialect][action].request), 0)
    return msgspec.json.format(msgspec.json.encode(example), indent=2).decode()


def _example(info: inspect.Type, depth: int) -> Any:
    match info:
        case inspect.Metadata():
            return _example(info.type, depth)
        case inspect.UnionType():
            return _example(next(each for each in info.types if not isinstance(each, inspect.NoneType)), depth)
        case inspect.StructType():
            return _struct(info, depth)
        case inspect.ListType() | inspect.VarTupleType():
            return [_example(info.item_type, depth + 1)] if depth < _DEEPEST else []
        case inspect.LiteralType():
            return info.values[0]
        case inspect.EnumType():
            return next(iter(info.cls)).value
    return _plain(info)


def _struct(info: inspect.StructType, depth: int) -> dict[str, Any]:
    wanted = [each for each in info.fields if each.required]
    return {each.encode_name: _example(each.type, depth + 1) for each in wanted} if depth < _DEEPEST else {}


def _plain(info: inspect.Type) -> Any:
    match info:
        case inspect.StrType():
            return _MOMENT if info.pattern and "T" in info.pattern else ""
        case inspect.BoolType():
            return False
        case inspect.IntType() | inspect.FloatType() | inspect.DecimalType():
            return max(0, info.ge or 0) if isinstance(info, inspect.IntType | inspect.FloatType) else 0
        case inspect.DateTimeType():
            return _MOMENT
    return {}
