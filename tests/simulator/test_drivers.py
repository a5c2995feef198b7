"""Drivers come when people of such a place come."""

from collections import Counter
from datetime import datetime, timedelta
from itertools import islice
from random import Random
from zoneinfo import ZoneInfo

import pytest

from ohmstead.simulator.drivers import HABITS, Visit, arrivals_per_hour, next_arrival, visits
from ohmstead.station.tokens import PresentedToken

MONDAY = datetime(2026, 11, 23, tzinfo=ZoneInfo("Europe/Berlin"))
SATURDAY = MONDAY + timedelta(days=5)
CARDS = [PresentedToken(f"04{n:08X}") for n in range(10)]


def some_visits(seed: int = 1, kind: str = "mall", *, dc: bool = False) -> list[Visit]:
    return list(islice(visits(Random(seed), kind, CARDS, MONDAY, dc=dc), 50))


@pytest.mark.parametrize("kind", HABITS)
@pytest.mark.parametrize("day", [MONDAY, SATURDAY], ids=["weekday", "weekend"])
def test_a_day_has_the_arrivals_of_its_kind(kind: str, day: datetime) -> None:
    habit = HABITS[kind]
    expected = habit.weekend_arrivals if day is SATURDAY else habit.weekday_arrivals
    total = sum(arrivals_per_hour(habit, day + timedelta(hours=hour)) for hour in range(24))
    assert total == pytest.approx(expected)


@pytest.mark.parametrize(
    ("kind", "day", "busy", "quiet"),
    [
        pytest.param("office", MONDAY, 8, 20, id="offices fill in the morning"),
        pytest.param("housing", MONDAY, 19, 11, id="homes fill in the evening"),
        pytest.param("mall", SATURDAY, 12, 8, id="malls on saturday noon"),
        pytest.param("depot", MONDAY, 17, 10, id="depots when the round is over"),
    ],
)
def test_busy_and_quiet_hours(kind: str, day: datetime, busy: int, quiet: int) -> None:
    habit = HABITS[kind]
    assert arrivals_per_hour(habit, day.replace(hour=busy)) > 2 * arrivals_per_hour(habit, day.replace(hour=quiet))


def test_many_drawn_arrivals_follow_the_day() -> None:
    random, at, hours = Random(3), MONDAY, Counter[int]()
    for _ in range(3000):
        at = next_arrival(random, HABITS["hub"], at)
        hours[at.hour] += 1
    assert hours[18] > 3 * hours[3]


def test_nobody_comes_before_the_last_one_left() -> None:
    pairs = zip(some_visits(), some_visits()[1:], strict=False)
    assert all(a.arrives_at + timedelta(seconds=a.stays_s) <= b.arrives_at for a, b in pairs)


def test_the_same_seed_brings_the_same_people() -> None:
    assert some_visits(5) == some_visits(5)
    assert some_visits(5) != some_visits(6)


def test_only_cars_with_a_dc_inlet_come_to_a_dc_station() -> None:
    assert all(visit.car.model.has_dc for visit in some_visits(2, "mall", dc=True))
