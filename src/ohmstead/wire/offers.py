"""What can be asked of a station of each version, for screens and for the API."""

from dataclasses import dataclass
from functools import cache
from typing import Final

from ohmstead.station.commands import AnyCommand, RawCommand
from ohmstead.station.commands.operations import BY_KIND, Operation
from ohmstead.wire.commanding import SAYINGS, write_command
from ohmstead.wire.dialect import Dialect
from ohmstead.wire.refusals import CommandNotInDialect

_ANY_ID: Final = "0"


@dataclass(frozen=True)
class Offer:
    """`actions` are the OCPP messages it may become, `lacks` the fields that this version has no use for.

    A field inside a part is written `part.field`.
    """

    operation: Operation
    actions: tuple[str, ...]
    lacks: frozenset[str]


@cache
def offers(dialect: Dialect) -> dict[str, Offer]:
    """By the operation's name, in the order of the table; the raw command last."""
    sayings = SAYINGS[dialect]
    found = {}
    for kind, operation in BY_KIND.items():
        if kind in sayings:
            said = sayings[kind]
            found[operation.name] = Offer(operation, said.actions, said.without | said.ignores)
        elif kind is RawCommand:
            found[operation.name] = Offer(operation, (), frozenset())
    return found


def refusal_of(dialect: Dialect, command: AnyCommand) -> str | None:
    """The sentence with which a command would be refused before it is sent; None when it can be sent."""
    try:
        write_command(dialect, command, message_id=_ANY_ID)
    except CommandNotInDialect as refused:
        return str(refused)
    return None
