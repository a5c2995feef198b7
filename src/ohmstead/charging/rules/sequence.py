"""Message numbers of a transaction (2.x seqNo) as intervals, so that gaps are seen and order is not."""

from collections.abc import Sequence
from typing import Final

MOST_INTERVALS: Final = 64  # a station that counts by two would make one of every message


def add_number(intervals: Sequence[tuple[int, int]], number: int | None) -> list[tuple[int, int]]:
    """Sorted, disjoint, not adjacent intervals that also hold `number`.

    Where there are too many the last ones count as one: the lowest stay as they are, in whatever order numbers come.
    """
    if number is None:
        return list(intervals)
    low = high = number
    others = []
    for first, last in intervals:
        if last < low - 1 or first > high + 1:
            others.append((first, last))
        else:
            low, high = min(low, first), max(high, last)
    found = sorted([*others, (low, high)])
    if len(found) > MOST_INTERVALS:
        found[-2:] = [(found[-2][0], found[-1][1])]
    return found


def has_gap(intervals: Sequence[tuple[int, int]]) -> bool:
    """Stations begin at 0 or at 1; what is missing in between was never heard."""
    return len(intervals) > 1
