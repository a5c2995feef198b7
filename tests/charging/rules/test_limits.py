from datetime import timedelta
from decimal import Decimal

import pytest

from ohmstead.charging.rules.limits import Limit, Reached, So, reached


def so(energy_wh=10_000, power_w=0.0, since_s=0, minutes=30, soc=None):
    return So(Decimal(energy_wh), power_w, timedelta(seconds=since_s), timedelta(minutes=minutes), soc)


@pytest.mark.parametrize(
    ("limit", "now", "why"),
    [
        pytest.param(Limit(), so(), None, id="no limit"),
        pytest.param(Limit(energy_wh=Decimal(10_001)), so(), None, id="not yet"),
        pytest.param(Limit(energy_wh=Decimal(10_000)), so(), Reached.ENERGY, id="exactly"),
        pytest.param(Limit(energy_wh=Decimal(12_000)), so(power_w=150_000, since_s=60), Reached.ENERGY,
                     id="measured a minute ago, by now more"),
        pytest.param(Limit(energy_wh=Decimal(20_000)), so(power_w=150_000, since_s=3600), None,
                     id="an old reading is not carried on for an hour"),
        pytest.param(Limit(energy_wh=Decimal(10_500)), so(since_s=-90, power_w=11_000), None,
                     id="the station's clock is ahead"),
        pytest.param(Limit(minutes=31), so(), None, id="time left"),
        pytest.param(Limit(minutes=30), so(), Reached.TIME, id="time over"),
        pytest.param(Limit(soc_percent=80), so(soc=79.5), None, id="battery not there yet"),
        pytest.param(Limit(soc_percent=80), so(soc=80.0), Reached.SOC, id="battery as wanted"),
        pytest.param(Limit(soc_percent=80), so(), None, id="a car that does not tell"),
        pytest.param(Limit(Decimal(1), 1, 1), so(soc=90), Reached.ENERGY, id="the first of several"),
    ],
)  # fmt: skip
def test_reached(limit, now, why):
    assert reached(limit, now) == why
