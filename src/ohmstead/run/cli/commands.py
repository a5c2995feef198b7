"""A command for a station, from words typed at a terminal."""

import json
import re
import secrets
from collections.abc import Sequence
from typing import Any, get_args

import msgspec

from ohmstead.station.commands import AnyCommand, StartSession

COMMANDS: dict[str, Any] = {
    re.sub(r"(?<!^)(?=[A-Z])", "-", kind.__name__).lower(): kind for kind in get_args(AnyCommand.__value__)
}


class BadCommand(ValueError):
    """The message is a sentence for the person at the terminal."""


def command_of(name: str, fields: Sequence[str]) -> AnyCommand:
    """`fields` are NAME=VALUE; a value may be JSON. Raises BadCommand."""
    kind = COMMANDS.get(name)
    if kind is None:
        raise BadCommand(f"{name} is none of: {', '.join(COMMANDS)}.")
    values: dict[str, Any] = {}
    for field in fields:
        key, equals, text = field.partition("=")
        if not equals:
            raise BadCommand(f"{field} is not NAME=VALUE, such as immediate=true.")
        values[key] = _value(key, text)
    if kind is StartSession:
        values.setdefault("remote_start_id", secrets.randbelow(2**31 - 1) + 1)
    unknown = values.keys() - {field.name for field in msgspec.structs.fields(kind)}
    if unknown:
        raise BadCommand(f"{name} has no {', '.join(sorted(unknown))}; it takes {_fields(kind) or 'nothing'}.")
    try:
        made: AnyCommand = msgspec.convert(values, kind, strict=False)
    except msgspec.ValidationError as wrong:
        raise BadCommand(f"{name} takes {_fields(kind) or 'nothing'}: {wrong}.") from None
    return made


def _value(key: str, text: str) -> Any:
    if text[:1] in "{[":
        try:
            return json.loads(text)
        except ValueError:
            raise BadCommand(f"The value of {key} is not JSON.") from None
    if key == "token":
        return {"uid": text}
    return tuple(text.split(",")) if key == "names" else text


def explained() -> str:
    return "\n".join(f"{name} {_fields(kind)}".rstrip() for name, kind in COMMANDS.items())


def _fields(kind: Any) -> str:
    """`[name=]` may be left out."""
    shown = []
    for field in msgspec.structs.fields(kind):
        optional = not field.required or field.name == "remote_start_id"
        shown.append(f"[{field.name}=]" if optional else f"{field.name}=")
    return " ".join(shown)
