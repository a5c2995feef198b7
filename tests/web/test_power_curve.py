"""The day's power on the overview."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ohmstead.web.console.binning import BIN, SPAN, binned

NOW = datetime(2026, 11, 22, 12, 7, tzinfo=UTC)
NEWEST = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def energy_wh(points):
    return sum(power_w for _, power_w in points) * BIN.total_seconds() / 3600


def test_an_hour_at_eleven_kilowatts_is_four_quarters_at_eleven_kilowatts():
    begins = NEWEST - timedelta(hours=3)
    points = binned([(begins, begins + timedelta(hours=1), 11_000.0)], NOW)
    assert [power_w for at, power_w in points if power_w] == pytest.approx([11_000.0] * 4)
    assert next(at for at, power_w in points if power_w) == begins


def test_a_quarter_half_used_shows_half_the_power():
    begins = NEWEST - timedelta(minutes=30)
    points = binned([(begins, begins + timedelta(minutes=7, seconds=30), 22_000.0)], NOW)
    assert dict(points)[begins] == pytest.approx(11_000.0)


def test_two_cars_add_up():
    begins = NEWEST - timedelta(hours=1)
    one = (begins, begins + timedelta(hours=1), 11_000.0)
    assert max(power_w for _, power_w in binned([one, one], NOW)) == pytest.approx(22_000.0)


@given(st.lists(st.tuples(st.integers(0, 1439), st.integers(1, 600), st.floats(1, 350_000)), max_size=20))
def test_no_energy_inside_the_day_is_lost_or_invented(spans):
    first = NEWEST - SPAN
    active, expected = [], 0.0
    for start, minutes, power_w in spans:
        begins = first + timedelta(minutes=start)
        until = begins + timedelta(minutes=minutes)
        active.append((begins, until, power_w))
        expected += power_w * (min(until, NEWEST) - begins).total_seconds() / 3600
    assert energy_wh(binned(active, NOW)) == pytest.approx(expected)


def test_the_overview_draws_it_and_says_when_there_is_nothing(operator, network):
    from django.core.cache import caches

    from tests.web.little_network import session

    caches["process"].clear()
    assert "Nobody has charged in the last 24 hours." in operator.get("/console/").text
    caches["process"].clear()
    session(network.busy)
    assert 'class="chart"' in operator.get("/console/").text
    caches["process"].clear()
