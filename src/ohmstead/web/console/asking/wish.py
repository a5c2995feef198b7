"""From what was typed to a command that this station can be asked, or to a sentence for each thing that is wrong."""

from dataclasses import dataclass, field
from typing import Any

import msgspec

from ohmstead import wire
from ohmstead.network.models import Station
from ohmstead.station.commands import AnyCommand, new_request_id
from ohmstead.station.commands.operations import Field, Operation
from ohmstead.web.console.asking.errors import explained
from ohmstead.web.console.asking.fields import Typed
from ohmstead.web.console.asking.offers import dialect_of
from ohmstead.web.console.asking.reading import Reader
from ohmstead.wire.refusals import CommandNotInDialect

_ANY_ID = "00000000-0000-0000-0000-000000000000"  # the CALL is only written to see whether it can be


@dataclass(frozen=True, slots=True)
class Wish:
    """`errors` by the path of a field; under "" what is wrong with the whole."""

    command: AnyCommand | None = None
    errors: dict[str, str] = field(default_factory=dict)


def wish_of(operation: Operation, typed: Typed, station: Station, zone: str) -> Wish:
    """As command_of, and as this station's version of OCPP can say it."""
    wish, dialect = command_of(operation, typed, zone), dialect_of(station)
    if wish.command is None or dialect is None:
        return wish
    try:
        wire.write_command(dialect, wish.command, message_id=_ANY_ID)
    except CommandNotInDialect as refused:
        return Wish(errors={"": str(refused)})
    return wish


def command_of(operation: Operation, typed: Typed, zone: str) -> Wish:
    reader = Reader(typed, zone)
    values = reader.read(operation.fields)
    if reader.errors:
        return Wish(errors=reader.errors)
    return _converted(operation, _filled(operation, values))


def _filled(operation: Operation, values: dict[str, Any]) -> dict[str, Any]:
    """What a filled field without a default of its own needs from us."""
    missing = [each for each in operation.fields if each.filled and each.name == "remote_start_id"]
    return values | {each.name: new_request_id() for each in missing}


def _converted(operation: Operation, values: dict[str, Any]) -> Wish:
    try:
        command: AnyCommand = msgspec.convert(values | {"type": operation.kind.__name__}, AnyCommand)
    except msgspec.ValidationError as error:
        path, sentence = explained(str(error))
        known = path in _paths(operation.fields, path)
        return Wish(errors={path if known else "": sentence if known else f"{path}: {sentence}".lstrip(": ")})
    return Wish(command=command)


def _paths(fields: tuple[Field, ...], path: str, within: str = "") -> set[str]:
    """The path itself if the form has a field there: numbers of rows are skipped."""
    name, _, rest = path.partition(".")
    found = next((each for each in fields if each.name == name), None)
    if found is None:
        return set()
    here = f"{within}{name}"
    number, _, inner = rest.partition(".")
    if number.isdecimal() and found.repeated:
        return _paths(found.parts, inner, f"{here}.{number}.") if inner and found.parts else {here}
    return _paths(found.parts, rest, f"{here}.") if rest else {here}
