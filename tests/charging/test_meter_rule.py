"""The register of a session as a rule: values in, energy out."""

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ohmstead.charging.rules.energy import Energy, energy_of
from ohmstead.charging.rules.meter import MeterState
from ohmstead.charging.rules.sequence import add_number, has_gap
from ohmstead.charging.rules.suspended import suspension

from .voices import NOON, minute


def metered(*registers: float | None, every_s: int = 60) -> Energy:
    meter = MeterState()
    for number, register_wh in enumerate(registers):
        at = NOON + timedelta(seconds=number * every_s)
        meter.step(at, 1, None if register_wh is None else Decimal(register_wh), None, None)
    return energy_of(meter)


@pytest.mark.parametrize(
    ("registers", "energy_wh", "flags"),
    [
        pytest.param([], None, [], id="nothing was said"),
        pytest.param([None, None], None, [], id="no reading had a register"),
        pytest.param([5000], None, [], id="one reading is no difference"),
        pytest.param([5000, 5000], 0, [], id="nothing flowed"),
        pytest.param([5000, 6000, 7500], 2500, [], id="end minus begin"),
        pytest.param([5000, 7000, 6950, 7500], 2500, [], id="jitter below 100 Wh"),
        pytest.param([50_000, 52_000, 40_000, 53_000], 3000, ["energy_backwards"], id="one step back"),
        pytest.param([50_000, 52_000, 40_000], 2000, ["energy_backwards"], id="a step back at the end"),
        pytest.param([50_000, 9_000_000, 53_000], 3000, ["energy_impossible"], id="one impossible value"),
        pytest.param([50_000, 58_000, 0, 4000], 12_000, ["register_reset"], id="a reset"),
        pytest.param([50_000, 58_000, 0, 4000, 0, 3000], 15_000, ["register_reset"], id="two resets"),
        pytest.param([50_000, 9_000_000, 9_001_000], 1000, ["register_reset"], id="another meter"),
        pytest.param([9_999_500, 300], 800, ["register_rollover"], id="rolls over at 10 MWh"),
        pytest.param([4_294_967_000, 500], 796, ["register_rollover"], id="rolls over at 32 bits"),
        pytest.param([0, 700_000, 700_500], 500, ["begin_zero"], id="m1 a begin of zero"),
        pytest.param([0, 700_000], None, ["begin_zero"], id="m1 a begin of zero and one odometer"),
        pytest.param([0, 5000, 9000], 9000, [], id="m6 begins at zero each session"),
    ],
)
def test_energy_of_a_series(registers, energy_wh, flags):
    found = metered(*registers)
    assert found.energy_wh == energy_wh
    assert list(found.flags) == flags


def test_measured_power_explains_a_large_first_step():
    meter = MeterState()
    meter.step(minute(0), 0, Decimal(0), 0.0, None)
    meter.step(minute(60), 1, Decimal(900_000), 1_000_000.0, None)
    assert energy_of(meter).energy_wh == 900_000


@given(st.lists(st.integers(0, 20_000_000), min_size=2, max_size=30))
def test_no_series_bills_more_than_its_register_moved(registers):
    found = metered(*registers)
    ups = sum(max(0, later - earlier) for earlier, later in pairwise(registers))
    assert (found.energy_wh or 0) >= 0
    if "register_rollover" not in found.flags:
        assert (found.energy_wh or 0) <= ups
    if not found.flags and found.energy_wh:
        assert found.energy_wh == max(0, registers[-1] - registers[0])


@given(st.lists(st.integers(0, 60_000), min_size=2, max_size=30))
def test_a_register_that_only_rises_is_billed_exactly(steps):
    registers = [1_000_000]
    for step in steps:
        registers.append(registers[-1] + step)
    assert metered(*registers) == Energy(Decimal(sum(steps)), Decimal(registers[0]), Decimal(registers[-1]), ())


@given(st.lists(st.integers(0, 40)), st.randoms())
def test_numbers_heard_in_any_order_leave_the_same_gaps(numbers, random):
    intervals: list[tuple[int, int]] = []
    shuffled: list[tuple[int, int]] = []
    for number in numbers:
        intervals = add_number(intervals, number)
    again = numbers * 2
    random.shuffle(again)
    for number in again:
        shuffled = add_number(shuffled, number)
    assert intervals == shuffled
    assert {n for first, last in intervals for n in range(first, last + 1)} == set(numbers)
    assert has_gap(intervals) == bool(numbers and max(numbers) - min(numbers) + 1 > len(set(numbers)))


@given(
    st.lists(
        st.tuples(
            st.integers(-10, 90), st.sampled_from(["charging", "suspended_car", "suspended_station", "available"])
        )
    )
)
def test_m7_held_back_times_are_never_negative_and_never_longer_than_the_session(marks):
    found = suspension([(minute(at), state) for at, state in sorted(marks)], minute(0), minute(60))
    assert found.car_s >= 0
    assert found.station_s >= 0
    assert found.car_s + found.station_s <= 3600
