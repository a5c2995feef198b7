"""What a person typed into a form, as typed, and what is wrong with it, beside each field."""

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext

from ohmstead.network.errors import BadValues
from ohmstead.network.rules.problems import Problem, Unusable
from ohmstead.network.rules.sheet import with_point


@dataclass(slots=True)
class Entries:
    values: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def posted(cls, request: HttpRequest, names: tuple[str, ...]) -> "Entries":
        return cls({name: request.POST.get(name, "") for name in names})

    @classmethod
    def of(cls, row: Any, names: tuple[str, ...]) -> "Entries":
        return cls({name: "" if (value := getattr(row, name)) is None else str(value) for name in names})

    def refuse(self, refused: BadValues) -> None:
        self.errors |= {name: in_words(problem) for name, problem in refused.problems.items()}


def in_words(problem: Problem) -> str:
    """The sentence in the reader's language."""
    text = gettext(problem.text)
    return text % problem.values if problem.values else text


def watts(text: str) -> int | None:
    """From kilowatts as typed. Raises Unusable."""
    if not text.strip():
        return None
    try:
        power_w = Decimal(with_point(text)) * 1000
        if power_w.is_finite() and 0 < power_w <= 5_000_000:
            return int(power_w)
    except InvalidOperation:
        pass
    raise Unusable("This is a power in kW such as 22 or 7.4.")


def kilowatts(power_w: int | None) -> str:
    return "" if power_w is None else f"{Decimal(power_w) / 1000:f}"
