"""What we cover of each version, read from the tables that do the work."""

from typing import Any

from ohmstead.wire.calls import ASKS, TELLS
from ohmstead.wire.commanding import SENT
from ohmstead.wire.dialect import Dialect
from ohmstead.wire.registry import MESSAGES, Message


def coverage() -> dict[str, Any]:
    """Per version every message; see docs/reference/wire.md for the columns."""
    return {
        dialect.subprotocol: {
            "messages": len(messages),
            "actions": {action: _row(dialect, message) for action, message in sorted(messages.items())},
        }
        for dialect, messages in MESSAGES.items()
    }


def _row(dialect: Dialect, message: Message) -> dict[str, Any]:
    return {
        "direction": message.sender.value,
        "decoded": True,  # a struct with the limits of the schema exists for every row of the registry
        "encoded": True,
        "answered": message.response is not None,
        "projected": _projected(dialect, message),
        "asks": message.action in ASKS[dialect],
        "sent": _sent(dialect, message),
    }


def _projected(dialect: Dialect, message: Message) -> str | None:
    """The event a station's message becomes: its own, or a notice that keeps the payload whole."""
    if not message.from_station:
        return None
    return "event" if message.action in TELLS[dialect] else "notice"


def _sent(dialect: Dialect, message: Message) -> str | None:
    """How we send it: from a neutral command, or only as a raw command."""
    if not message.from_us:
        return None
    return "command" if message.action in SENT[dialect] else "raw"
