"""What was typed, as plain values; a field that was left empty is left out."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import msgspec
from django.utils.translation import gettext as _

from ohmstead.station.commands.operations import Field
from ohmstead.web.console.asking.fields import Typed, rows_of, widget_of
from ohmstead.web.console.moments import local_moment

_MOST_TEXT: Final = 65_536
_NOTHING: Final = object()


class Reader:
    """Reads fields and keeps a sentence for each it cannot read, under the field's path."""

    def __init__(self, typed: Typed, zone: str) -> None:
        self._typed = typed
        self._zone = zone
        self.errors: dict[str, str] = {}

    def read(self, fields: Sequence[Field], within: str = "") -> dict[str, Any]:
        values = {each.name: self._read(each, f"{within}{each.name}") for each in fields if not each.filled}
        return {name: value for name, value in values.items() if value is not _NOTHING}

    def _read(self, each: Field, path: str) -> Any:
        if each.parts and each.repeated:
            rows = [self.read(each.parts, f"{path}.{row}.") for row in range(rows_of(self._typed, path) or 0)]
            return [row for row in rows if row] or _NOTHING
        if each.parts:
            part = self.read(each.parts, f"{path}.")
            return part if part or each.required else _NOTHING
        if each.repeated:
            texts = [line.strip() for text in self._typed.get(path, ()) for line in text.splitlines()]
            return [self._value(each, text, path) for text in texts if text] or _NOTHING
        text = next(iter(self._typed.get(path, ())), "")
        text = text if each.kind == "text" else text.strip()
        return self._value(each, text[:_MOST_TEXT], path) if text else _NOTHING

    def _value(self, each: Field, text: str, path: str) -> Any:
        if "\0" in text:
            self.errors[path] = _("There is a character in it that no text has.")
            return _NOTHING
        try:
            return self._plain(each.kind, text)
        except (ValueError, InvalidOperation, OverflowError, RecursionError, msgspec.DecodeError):
            self.errors[path] = wrong(widget_of(each))
            return _NOTHING

    def _plain(self, kind: str, text: str) -> Any:
        match kind:
            case "whole_number":
                return int(text)
            case "decimal":
                return _decimal(text)
            case "yes_no":
                return {"yes": True, "no": False}.get(text, text)
            case "moment":
                return _moment(text, self._zone)
            case "object" | "anything":
                return msgspec.json.decode(text)
        return text


def wrong(widget: str) -> str:
    sentences: Mapping[str, str] = {
        "number": _("This is not a number."),
        "moment": _("This is not a date and time."),
        "date": _("This is not a date."),
        "json": _("This is not JSON."),
    }
    return sentences.get(widget, _("This cannot be read."))


def _decimal(text: str) -> str:
    number = Decimal(text.replace(",", "."))
    if not number.is_finite():
        raise ValueError(text)
    return str(number)


def _moment(text: str, zone: str) -> str:
    found: datetime | None = local_moment(text, zone)
    if found is None:
        raise ValueError(text)
    return found.astimezone(UTC).isoformat()
