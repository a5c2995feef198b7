"""A meter's register is exact; only what it shows of the moment is noisy."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ohmstead.simulator.car import Flow
from ohmstead.simulator.meter import Meter


def meter(**kind: object) -> Meter:
    return Meter(Random(7), 3, **kind)  # type: ignore[arg-type]


def test_the_register_counts_what_passed() -> None:
    counter = meter(register_mwh=1_000_500)
    for _ in range(1000):
        counter.record(Flow(11_040, 16, 3), 0.0015, 11_040)
    assert counter.register_mwh == 1_000_500 + 2_000  # 1.5 mWh rounds to even: 2 mWh each
    assert counter.register_wh == 1_002


def test_the_register_never_runs_backwards() -> None:
    with pytest.raises(ValueError, match="never runs backwards"):
        meter().record(Flow(), -0.1, 0)


@given(steps=st.lists(st.floats(0, 500), max_size=30))
def test_the_register_only_rises(steps: list[float]) -> None:
    counter = meter()
    seen = [counter.register_wh]
    for passed_wh in steps:
        counter.record(Flow(11_000, 16, 3), passed_wh, 11_000)
        seen.append(counter.register_wh)
    assert seen == sorted(seen)
    assert abs(counter.register_mwh - sum(steps) * 1000) <= len(steps)


def test_noise_stays_small_and_idle_lanes_read_zero() -> None:
    counter = meter()
    counter.record(Flow(7_360, 32, 1), 1.0, 7_360)
    sample = counter.sample()
    assert sample.currents_a[0] == pytest.approx(32, rel=0.02)
    assert sample.currents_a[1:] == (0.0, 0.0)
    assert all(v == pytest.approx(230, rel=0.02) for v in sample.voltages_v)
    assert sample.power_w == pytest.approx(7_360, rel=0.04)
    assert sample != counter.sample()


def test_the_same_seed_shows_the_same_noise() -> None:
    assert meter().sample() == meter().sample()


def test_a_dc_meter_shows_the_pack() -> None:
    counter = meter(dc=True)
    counter.record(Flow(100_000, 250, 1, 400.0), 1.0, 150_000)
    sample = counter.sample(soc=0.421)
    assert len(sample.currents_a) == len(sample.voltages_v) == 1
    assert sample.voltages_v[0] == pytest.approx(400, rel=0.02)
    assert sample.soc_percent == 42.1
