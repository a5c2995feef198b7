"""Who may reserve, for how long, how early; and how long the queue takes."""

from datetime import timedelta

import pytest

from ohmstead.charging.rules.reservations import (
    ReservationRefused,
    ReservationRules,
    check_wish,
    estimated_wait,
    gives_up_at,
)

from .voices import NOON


def minutes(number):
    return timedelta(minutes=number)


@pytest.mark.parametrize(
    ("begins", "lasts", "rules", "fields", "said"),
    [
        pytest.param(0, 30, {}, {}, None, id="now"),
        pytest.param(600, 60, {}, {}, None, id="ahead"),
        pytest.param(0, 30, {"who": "nobody"}, {}, "cannot be reserved", id="nobody may"),
        pytest.param(0, 30, {"who": "members"}, {}, "Only members", id="members only"),
        pytest.param(0, 30, {"who": "members"}, {"member": True}, None, id="a member"),
        pytest.param(-30, 45, {}, {}, "now or later", id="in the past"),
        pytest.param(1441, 30, {}, {}, "at most 24 hours ahead", id="too early"),
        pytest.param(0, 61, {}, {}, "at most 60 minutes", id="too long"),
        pytest.param(0, 4, {}, {}, "at least 5 minutes", id="too short"),
        pytest.param(30, -10, {}, {}, "at least 5 minutes", id="backwards"),
        pytest.param(0, 30, {}, {"open_ones": 1}, "a reservation already", id="one at a time"),
        pytest.param(0, 30, {"per_driver": 3}, {"open_ones": 2}, None, id="three at a time"),
        pytest.param(0, 30, {"per_driver": 3}, {"open_ones": 3}, "3 reservations already", id="three are enough"),
    ],
)
def test_a_wish(begins, lasts, rules, fields, said):
    starts_at = NOON + minutes(begins)

    def check():
        known = {"member": False, "open_ones": 0} | fields
        check_wish(ReservationRules(**rules), starts_at, starts_at + minutes(lasts), NOON, **known)

    if said is None:
        check()
    else:
        with pytest.raises(ReservationRefused, match=said):
            check()


def test_nobody_is_expected_after_the_grace_or_the_end():
    assert gives_up_at(NOON, NOON + minutes(60), minutes(15)) == NOON + minutes(15)
    assert gives_up_at(NOON, NOON + minutes(10), minutes(15)) == NOON + minutes(10)


@pytest.mark.parametrize(
    ("position", "plugs", "stays", "wait"),
    [
        pytest.param(1, 1, [40], 20, id="half a stay for one plug"),
        pytest.param(1, 3, [40], 10, id="more plugs, shorter"),
        pytest.param(4, 3, [40], 40, id="the fourth"),
        pytest.param(1, 1, [10, 40, 500], 20, id="the usual stay, not the mean"),
        pytest.param(2, 1, [], 45, id="nobody charged here yet"),
        pytest.param(1, 0, [40], 40, id="no plug works"),
    ],
)
def test_estimated_wait(position, plugs, stays, wait):
    assert estimated_wait(position, plugs, [minutes(stay) for stay in stays]) == minutes(wait)
