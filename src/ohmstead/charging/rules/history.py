"""A driver's months: what was charged in each, with the empty months between."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import msgspec


class Month(msgspec.Struct, frozen=True):
    """`first` is the first day, in the driver's time zone; cost and CO2 are None where nothing tells them."""

    first: date
    sessions: int = 0
    energy_wh: Decimal = Decimal(0)
    charging_s: int = 0


def without_gaps(months: Iterable[Month], until: date, most: int = 24) -> list[Month]:
    """Oldest first, up to the month of `until`; at most the newest `most`."""
    known = {month.first: month for month in months}
    if not known:
        return []
    filled: list[Month] = []
    first = until.replace(day=1)
    oldest = min(known)
    while first >= oldest and len(filled) < most:
        filled.append(known.get(first, Month(first)))
        first = before(first)
    return filled[::-1]


def before(first: date) -> date:
    """The first day of the month before."""
    return date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1)
