"""How a dialect says a command: the function that makes the message, and what the version has no room for."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from math import isfinite
from typing import Any

import msgspec

from ohmstead.station.commands import Command
from ohmstead.wire.moments import written
from ohmstead.wire.refusals import CommandNotInDialect


@dataclass(frozen=True, slots=True)
class Saying:
    """`actions` are the messages it may become.

    A value in one of the fields `without` is refused, one in a field it `ignores` changes nothing; a field inside a
    part is written `part.field`.
    """

    make: Callable[..., Any]
    actions: tuple[str, ...]
    without: frozenset[str] = frozenset()
    ignores: frozenset[str] = frozenset()


type Sayings = dict[type[Command], Saying]


def said(make: Callable[..., Any], *actions: str, without: Iterable[str] = (), ignores: Iterable[str] = ()) -> Saying:
    return Saying(make, actions, frozenset(without), frozenset(ignores))


type Lacks = Mapping[type[Command], Iterable[str]]


def bound(sayings: Sayings, messages: Any, without: Lacks, ignores: Lacks) -> Sayings:
    """Those that versions share, with the structs of one version and with what this version has no room for."""
    return {
        kind: Saying(
            partial(each.make, messages),
            each.actions,
            each.without | frozenset(without.get(kind, ())),
            each.ignores | frozenset(ignores.get(kind, ())),
        )
        for kind, each in sayings.items()
    }


def check_room(saying: Saying, command: Command) -> None:
    """Raises CommandNotInDialect for a field that carries something the version has no room for."""
    for field in msgspec.structs.fields(command):
        if field.name in saying.without and getattr(command, field.name) != field.default:
            raise CommandNotInDialect(f"This station's version of OCPP has no room for {field.name} in this command.")


def made[S: msgspec.Struct](struct: type[S], **said: Any) -> S:
    """The struct with everything that was said; refused where the version has no field for it, or needs one more."""
    given = {name: plain for name, value in said.items() if (plain := _plain(value)) is not None}
    lacking = given.keys() - set(struct.__struct_fields__)
    if lacking:
        raise CommandNotInDialect(f"This station's version of OCPP has no {_listed(lacking)} in {struct.__name__}.")
    missing = {field.name for field in msgspec.structs.fields(struct) if field.required} - given.keys()
    if missing:
        raise CommandNotInDialect(f"{struct.__name__} needs {_listed(missing)}.")
    return struct(**given)


def _plain(value: Any) -> Any:
    """As the wire has it; what is not said, an empty list included, is None."""
    match value:
        case Decimal():
            return number(value)
        case datetime():
            return written(value)
        case date():
            return value.isoformat()
        case tuple() | list():
            return [_plain(each) for each in value] or None
    return value


def number(value: Decimal) -> float:
    """Raises CommandNotInDialect for what JSON has no number for."""
    as_float = float(value)
    if not isfinite(as_float):
        raise CommandNotInDialect(f"{value} is no number that can be sent.")
    return as_float


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(name.replace("_", " ") for name in names))


def pascal(word: str) -> str:
    """`always_front` as AlwaysFront: how most words of ours are spelt in OCPP."""
    return "".join(part.capitalize() for part in word.split("_"))


def spelt(word: str | None) -> str | None:
    return None if word is None else pascal(word)
