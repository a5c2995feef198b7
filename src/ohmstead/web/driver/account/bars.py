"""Energy by month as bars, drawn on the server."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.formats import date_format, number_format

from ohmstead.charging.rules.history import Month

WIDTH: Final = 640
HEIGHT: Final = 200
_TOP, _BASE = 24, 172
_MOST_WIDE: Final = 64


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    middle: float
    label: str
    figure: str
    title: str


@dataclass(frozen=True, slots=True)
class Bars:
    bars: list[Bar]
    width: int = WIDTH
    height: int = HEIGHT
    base: int = _BASE


def bars(months: Sequence[Month]) -> Bars | None:
    """The newest twelve; None where there is nothing to compare."""
    shown = list(months)[-12:]
    most = max((month.energy_wh for month in shown), default=Decimal(0))
    if not most:
        return None
    step = WIDTH / len(shown)
    wide = min(step * 0.62, _MOST_WIDE)
    return Bars([_bar(month, number, step, wide, most) for number, month in enumerate(shown)])


def _bar(month: Month, number: int, step: float, wide: float, most: Decimal) -> Bar:
    high = float(month.energy_wh / most) * (_BASE - _TOP)
    middle = step * (number + 0.5)
    kwh = number_format(month.energy_wh / 1000, 0)
    return Bar(
        x=round(middle - wide / 2, 1),
        y=round(_BASE - high, 1),
        width=round(wide, 1),
        height=round(high, 1),
        middle=round(middle, 1),
        label=date_format(month.first, "M"),
        figure=kwh if month.energy_wh else "",
        title=f"{date_format(month.first, 'F Y')}: {number_format(month.energy_wh / 1000, 1)} kWh",
    )
