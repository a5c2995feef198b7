"""What was asked and what the station said, as a person reads it."""

from typing import Any

import msgspec

from ohmstead import wire
from ohmstead.journal.secrets import without_secrets
from ohmstead.network.models import Command
from ohmstead.station.commands import AnyCommand
from ohmstead.station.commands.operations import masked
from ohmstead.web.console.operation_words import operation_of

_MASK = "••••••"
_MOST_BYTES = 65_536


def asked_of(row: Command) -> dict[str, Any]:
    """The command's fields without the name of its struct, secrets hidden also while it is under way."""
    try:
        values = masked(msgspec.convert(row.command, AnyCommand), _MASK)
    except msgspec.ValidationError:  # written by another version of ours
        values = dict(row.command)
    values.pop("type", None)
    return {"operation": operation_of(row.kind), "asked": indented(values) if values else ""}


def answer_of(row: Command) -> dict[str, Any]:
    """The station's answer: each thing it had a word for, and the whole."""
    answer = row.answer if isinstance(row.answer, dict) else None
    items = wire.read_items(answer) if answer else ()
    return {"items": items, "answer": indented(answer) if answer is not None else ""}


def indented(values: Any) -> str:
    text = msgspec.json.format(without_secrets(msgspec.json.encode(values)), indent=2).decode()
    return text if len(text) <= _MOST_BYTES else f"{text[:_MOST_BYTES]} …"
