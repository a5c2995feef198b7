"""One figure reads the same wherever it stands."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.web.little_network import reading, session


@pytest.mark.parametrize(
    ("value", "digits", "reads"),
    [
        pytest.param(63.5, 0, "64", id="half up"),
        pytest.param(63.49, 0, "63", id="below half down"),
        pytest.param(Decimal("11.19"), 1, "11.2", id="not cut off"),
        pytest.param(1234567.891, 2, "1,234,567.89", id="grouped"),
        pytest.param(-0.04, 1, "0.0", id="no minus before nothing"),
        pytest.param(1e300, 0, "1e+300", id="whatever a station says"),
        pytest.param(float("nan"), 1, "–", id="not a number"),
        pytest.param(float("-inf"), 1, "–", id="no end"),
    ],
)
def test_figure(database_url, value, digits, reads):
    from ohmstead.web.console.figures import figure

    assert figure(value, digits) == reads


def test_the_charge_of_the_battery_is_the_same_on_tile_table_and_chart(operator, network):
    running = session(network.busy, soc_percent=63.6, soc_start_percent=20.5)
    for minute, soc_percent in ((0, 20.5), (5, 63.6)):
        at = running.started_at + timedelta(minutes=minute)
        reading(running, at, 1_000_000 + minute * 100, 11_060.0, soc_percent=soc_percent)
    page = operator.get(f"/console/sessions/{running.pk}").text
    assert re.search(r'class="figure">64 %</span><span class="hint">from 21 %', page)
    assert ">64</td>" in page
    assert ">21</td>" in page
    assert "11.1 kW, " in page
    assert "64 %" in page.split("<svg", 1)[1]
