"""Message numbers of a transaction (2.x seqNo) as intervals, so that gaps are seen and order is not."""

from collections.abc import Sequence


def add_number(intervals: Sequence[tuple[int, int]], number: int | None) -> list[tuple[int, int]]:
    """Sorted, disjoint, not adjacent intervals that also hold `number`."""
    if number is None:
        return list(intervals)
    low = high = number
    others = []
    for first, last in intervals:
        if last < low - 1 or first > high + 1:
            others.append((first, last))
        else:
            low, high = min(low, first), max(high, last)
    return sorted([*others, (low, high)])


def has_gap(intervals: Sequence[tuple[int, int]]) -> bool:
    """Stations begin at 0 or at 1; what is missing in between was never heard."""
    return len(intervals) > 1
