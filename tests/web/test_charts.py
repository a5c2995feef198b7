"""Curves as SVG: a gap stays a gap, nothing leaves the frame."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ohmstead.web.console.charts import LEFT, TOP, WIDE, Band, Sample, nice_top, time_chart

START = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def samples(*values, every_s=60):
    return [Sample(START + timedelta(seconds=i * every_s), value) for i, value in enumerate(values)]


def chart(points, **more):
    return time_chart(points, zone=BERLIN, left_name="Power, kW", **more)


@pytest.mark.parametrize("points", [[], samples(1.0), [Sample(START, 1.0), Sample(START, 2.0)]])
def test_too_little_for_a_curve(points):
    assert chart(points) is None


def test_one_steady_series_is_one_line():
    drawn = chart(samples(*[11.0] * 30))
    assert len(drawn.left_lines) == len(drawn.areas) == 1


def test_a_pause_in_the_readings_is_a_gap_in_the_line():
    before, after = samples(*[11.0] * 10), samples(*[11.0] * 10)
    late = [Sample(each.at + timedelta(hours=1), each.left) for each in after]
    assert len(chart(before + late).left_lines) == 2


def test_times_on_the_axis_are_local():
    assert chart(samples(*[1.0] * 61)).time_ticks[0].text == "11:10"


@pytest.mark.parametrize(
    ("most", "top"),
    [
        (0, 1),
        (0.04, 0.1),
        (0.7, 0.8),
        (3.1, 3.2),
        (11, 12),
        (22, 24),
        (150, 160),
        (301, 320),
        (999, 1000),
        (1001, 1200),
    ],
)
def test_the_axis_ends_at_a_round_number(most, top):
    assert nice_top(most) == pytest.approx(top)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 10_000_000), st.floats(-1e4, 1e6) | st.none(), st.floats(0, 100) | st.none()),
        min_size=2,
        max_size=60,
        unique_by=lambda point: point[0],
    )
)
def test_nothing_is_drawn_outside_the_frame(points):
    ordered = [
        Sample(START + timedelta(seconds=s), left, right) for s, left, right in sorted(points, key=lambda p: p[0])
    ]
    drawn = chart(ordered, right_name="Battery, %", right_top=100.0)
    for line in [*drawn.left_lines, *drawn.right_lines, *drawn.areas]:
        for pair in line.split():
            x, y = map(float, pair.split(","))
            assert LEFT <= x <= WIDE.right
            assert TOP <= y <= WIDE.base


@pytest.mark.parametrize(
    ("since", "until", "minutes_shaded"),
    [
        pytest.param(10, 20, 10, id="inside"),
        pytest.param(-30, 20, 20, id="begun before"),
        pytest.param(50, 90, 10, id="going on after"),
        pytest.param(-30, -10, None, id="all before"),
        pytest.param(70, 90, None, id="all after"),
        pytest.param(20, 20, None, id="no time at all"),
    ],
)
def test_a_band_is_shaded_as_far_as_the_chart_goes(since, until, minutes_shaded):
    band = Band(START + timedelta(minutes=since), START + timedelta(minutes=until), "by-car", "Paused by car")
    stripes = chart(samples(*[1.0] * 61), bands=[band]).stripes
    per_minute = (WIDE.right - LEFT) / 60
    assert [stripe.width for stripe in stripes] == (
        [pytest.approx(minutes_shaded * per_minute, abs=0.2)] if minutes_shaded else []
    )
