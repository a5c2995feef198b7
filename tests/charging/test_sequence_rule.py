"""Message numbers of a transaction: gaps are seen, the order leaves no trace, and no station fills a row with them."""

from random import Random

import pytest

from ohmstead.charging.rules.sequence import MOST_INTERVALS, add_number, has_gap


def heard(numbers: list[int]) -> list[tuple[int, int]]:
    intervals: list[tuple[int, int]] = []
    for number in numbers:
        intervals = add_number(intervals, number)
    return intervals


@pytest.mark.parametrize(
    ("numbers", "intervals"),
    [
        pytest.param([], [], id="none"),
        pytest.param([1, 2, 3], [(1, 3)], id="one after the other"),
        pytest.param([3, 1, 2, 2], [(1, 3)], id="in any order, twice"),
        pytest.param([0, 1, 4], [(0, 1), (4, 4)], id="a gap"),
    ],
)
def test_numbers_become_intervals(numbers: list[int], intervals: list[tuple[int, int]]):
    assert heard(numbers) == intervals
    assert has_gap(intervals) == (len(intervals) > 1)


@pytest.mark.parametrize("seed", range(5))
def test_a_station_that_counts_by_two_stays_small_and_has_a_gap_in_any_order(seed: int):
    numbers = list(range(0, 5_000, 2))
    in_order = heard(numbers)
    Random(seed).shuffle(numbers)
    assert heard(numbers) == in_order
    assert len(in_order) == MOST_INTERVALS
    assert in_order[-1][1] == 4_998
    assert has_gap(in_order)
