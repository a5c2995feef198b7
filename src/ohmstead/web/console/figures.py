"""Figures as people read them, the same on tiles, in tables and in charts."""

from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final

from django.utils.formats import number_format

_WIDE: Final = Context(prec=400)  # a station may say any number


def figure(value: Decimal | float, digits: int) -> str:
    """Rounded half up (Django's own formatting cuts off), with the groups and marks of the language."""
    exact = Decimal(str(value))
    if not exact.is_finite():
        return "–"
    rounded = exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP, _WIDE)
    return number_format(rounded if rounded else abs(rounded), digits, force_grouping=True)
