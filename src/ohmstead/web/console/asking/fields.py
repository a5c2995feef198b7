"""A command's fields as a form shows them: what was typed, what may be chosen, what was wrong.

The name of an input is the path of its field: `profile.schedules.0.steps.1.limit_w`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext

from ohmstead.station.commands.operations import Field
from ohmstead.web.console.operation_words import choice_msgid, label_and_unit

MOST_ROWS: Final = 100
_LONG_TEXTS: Final = ("_pem", "descriptions", "signature")


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    word: str


@dataclass(frozen=True, slots=True)
class Offered:
    """What this station has to choose from; `only`: nothing else can be meant."""

    choices: list[Choice]
    only: bool = False


@dataclass(slots=True)
class Input:
    """One field of the form. `widget` says which input; `rows` are the parts of a repeated part, each a list."""

    path: str
    label: str
    unit: str
    widget: str
    required: bool
    value: str = ""
    values: list[str] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    default: str = ""
    error: str = ""
    parts: list["Input"] = field(default_factory=list)
    rows: list[list["Input"]] = field(default_factory=list)
    is_open: bool = False

    @property
    def input_id(self) -> str:
        return "f-" + self.path.replace(".", "-")

    @property
    def said(self) -> bool:
        """Something was typed in it, or in one of its parts, or is wrong there."""
        inner = [*self.parts, *(each for row in self.rows for each in row)]
        return bool(self.value or self.values or self.error) or any(each.said for each in inner)


type Typed = Mapping[str, Sequence[str]]


class Form:
    """Inputs for the fields of one command, filled with what was typed."""

    def __init__(self, typed: Typed, errors: Mapping[str, str], offered: Mapping[str, Offered] | None = None) -> None:
        self._typed = typed
        self._errors = errors
        self._offered = offered or {}

    def inputs(self, fields: Sequence[Field], within: str = "", lacks: frozenset[str] = frozenset()) -> list[Input]:
        """Without what we fill in ourselves and what the station's version has no place for."""
        wanted = [each for each in fields if not each.filled and each.name not in lacks]
        return [self._input(each, f"{within}{each.name}") for each in wanted]

    def _input(self, each: Field, path: str) -> Input:
        label, unit = label_and_unit(each.name)
        made = Input(
            path=path,
            label=gettext(label),
            unit=unit,
            widget="select" if path in self._offered and self._offered[path].only else widget_of(each),
            required=each.required,
            choices=self._choices(each, path),
            default=_default(each),
            error=self._errors.get(path, ""),
        )
        if each.parts and each.repeated:
            made.rows = [self.inputs(each.parts, f"{path}.{row}.") for row in range(self._row_count(each, path))]
        elif each.parts:
            made.parts = self.inputs(each.parts, f"{path}.")
        elif each.repeated:
            made.values = list(self._typed.get(path, ()))
            made.value = "\n".join(made.values)
        elif not each.secret:  # a secret is never sent back to the browser
            made.value = _first(self._typed, path)
        made.is_open = each.required or made.said
        return made

    def _row_count(self, each: Field, path: str) -> int:
        asked = rows_of(self._typed, path)
        return asked if asked is not None else int(each.required)

    def _choices(self, each: Field, path: str) -> list[Choice]:
        if path in self._offered:
            return self._offered[path].choices
        if each.kind == "yes_no":
            return [Choice("yes", gettext("Yes")), Choice("no", gettext("No"))]
        return [Choice(word, gettext(choice_msgid(word))) for word in each.choices]


def rows_of(typed: Typed, path: str) -> int | None:
    """How many rows the form showed; None when it did not show the field."""
    text = _first(typed, f"{path}.rows")
    return min(int(text), MOST_ROWS) if text.isascii() and text.isdecimal() and len(text) < 5 else None


def widget_of(each: Field) -> str:
    if each.parts:
        return "rows" if each.repeated else "part"
    if each.kind == "choice" and each.repeated:
        return "checks"
    if each.repeated:
        return "lines"
    if each.secret:
        return "secret"
    if each.kind == "text":
        return "long" if each.name.endswith(_LONG_TEXTS) else "text"
    return {"whole_number": "number", "decimal": "number", "yes_no": "select", "choice": "select", "object": "json",
            "anything": "json"}.get(each.kind, each.kind)  # fmt: skip


def _first(typed: Typed, path: str) -> str:
    return next(iter(typed.get(path, ())), "")


def _default(each: Field) -> str:
    """What holds when nothing is chosen, in words."""
    value: Any = each.default
    if value is None:
        return ""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    return gettext(choice_msgid(str(value)))
