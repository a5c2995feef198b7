"""Strings from stations on their way into a column: bounded, and without the one character PostgreSQL refuses."""

from typing import Any


def plain(text: str | None, at_most: int) -> str:
    return (text or "").replace("\x00", "").encode("utf-8", "replace").decode()[:at_most]


def plain_json(value: Any) -> Any:
    """The same for everything inside a JSON value."""
    if isinstance(value, str):
        return plain(value, len(value))
    if isinstance(value, dict):
        return {plain(str(name), 200): plain_json(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain_json(each) for each in value]
    return value
