"""The short way of usual meter values says what the long way says, or leaves them to it."""

from itertools import product
from types import SimpleNamespace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ohmstead.wire.hearing import Hearing
from ohmstead.wire.quantities import QUANTITIES
from ohmstead.wire.quirks import QUIRKS
from ohmstead.wire.readings import LINES, gather
from ohmstead.wire.usual import usual_reading
from ohmstead.wire.v16.inbound import _sample
from tests.wire.conftest import ARRIVED, STATION

MEASURANDS = [None, *QUANTITIES, "Energy.Reactive.Import.Register", "Invented"]
UNITS = [None, "", "Wh", "kWh", "W", "kW", "A", "V", "Celsius", "K", "Fahrenheit", "Percent", "wH", "furlong"]
VALUES = ["0", "55", "7.4", "-3.25", "0000012", "1e3", "1_0", "1,5", " 4", "nan", "inf", "", "\u0663", "9" * 16, "on"]

sample = st.builds(
    SimpleNamespace,
    value=st.sampled_from(VALUES),
    measurand=st.sampled_from(MEASURANDS),
    unit=st.sampled_from(UNITS),
    phase=st.sampled_from([*LINES, "N", "L1-L2"]),
    context=st.sampled_from([None, "Sample.Periodic", "Sample.Clock", "Transaction.Begin", "Transaction.End", "Odd"]),
    location=st.sampled_from([None, "Outlet", "Inlet", "EV"]),
    format=st.sampled_from([None, "Raw", "SignedData"]),
)


def assert_same(samples: list[Any], quirks: int = 0) -> bool:
    """Whether the short way took them."""
    found = usual_reading(ARRIVED, samples, quirks)
    if found is None:
        return False
    hearing = Hearing(STATION, 1, quirks, ARRIVED)
    assert found == gather(ARRIVED, [_sample(each) for each in samples], hearing)
    assert not hearing.mends
    return True


@settings(max_examples=400)
@given(st.lists(sample, max_size=5), st.sampled_from([0, *(1 << number for number in range(len(QUIRKS)))]))
def test_what_is_usual_reads_the_same_both_ways(samples: list[Any], quirks: int):
    assert_same(samples, quirks)


def test_every_quantity_in_every_unit_is_usual_alone():
    usual = {
        measurand
        for measurand, unit, value in product(QUANTITIES, UNITS, VALUES)
        if assert_same([SimpleNamespace(
            value=value, measurand=measurand, unit=unit, phase=None, context=None, location=None, format=None,
        )])
    }  # fmt: skip
    assert usual == set(QUANTITIES)
