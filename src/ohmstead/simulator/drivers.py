"""Drivers: who comes when, with which car, for how long, and how they let themselves in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

from ohmstead.simulator.car import CAR_BY_NAME, Car, CarModel
from ohmstead.station.tokens import PresentedToken, TokenKind

HOUR_S = 3600


class Way(StrEnum):
    CARD_FIRST = "card_first"
    PLUG_FIRST = "plug_first"
    AUTOCHARGE = "autocharge"
    PLUG_AND_CHARGE = "plug_and_charge"


@dataclass(frozen=True, slots=True)
class Habit:
    """The life of one kind of site: arrivals per EVSE and day, spread over 24 hours, for weekdays and weekends."""

    weekday: tuple[int, ...]
    weekend: tuple[int, ...]
    weekday_arrivals: float
    weekend_arrivals: float
    stay_s: tuple[int, int]
    arrives_soc: tuple[float, float]
    target_soc: tuple[float, float]
    cars: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Visit:
    arrives_at: datetime
    stays_s: float
    car: Car
    token: PresentedToken
    way: Way


def _day(**hours: int) -> tuple[int, ...]:
    """Weights by hour from marks such as h7=3: each mark holds until the next."""
    marks = {int(name[1:]): weight for name, weight in hours.items()}
    day, weight = [], 0
    for hour in range(24):
        weight = marks.get(hour, weight)
        day.append(weight)
    return tuple(day)


MIXED = ("city", "hatchback", "hatchback", "saloon", "saloon", "estate", "plug-in hybrid")
HABITS = {
    "mall": Habit(
        _day(h0=0, h8=1, h10=4, h14=3, h16=6, h19=2, h21=0), _day(h0=0, h9=2, h11=7, h17=4, h20=1, h22=0),
        2.6, 4.2, (2_400, 9_000), (0.25, 0.7), (0.85, 1.0), MIXED,
    ),
    "office": Habit(
        _day(h0=0, h6=2, h7=8, h9=4, h10=1, h13=2, h14=1, h17=0), _day(h0=0, h9=1, h15=0),
        1.1, 0.1, (14_400, 32_400), (0.2, 0.65), (0.9, 1.0), MIXED,
    ),
    "housing": Habit(
        _day(h0=1, h1=0, h6=1, h9=1, h16=4, h18=8, h21=4, h23=2), _day(h0=1, h1=0, h9=2, h16=4, h21=3),
        0.8, 0.7, (25_200, 50_400), (0.25, 0.7), (0.8, 1.0), MIXED,
    ),
    "hub": Habit(
        _day(h0=1, h6=4, h9=6, h12=8, h14=6, h17=9, h20=4, h22=2), _day(h0=1, h8=5, h11=9, h18=8, h21=3),
        11.0, 14.0, (900, 2_700), (0.08, 0.35), (0.75, 0.9), ("hatchback", "saloon", "estate", "estate", "van"),
    ),
    "hotel": Habit(
        _day(h0=0, h8=1, h14=2, h17=6, h20=5, h23=1), _day(h0=0, h8=1, h13=4, h17=6, h21=4, h23=1),
        0.9, 1.2, (28_800, 57_600), (0.15, 0.5), (0.9, 1.0), MIXED,
    ),
    "depot": Habit(
        _day(h0=0, h5=1, h13=3, h17=9, h20=4, h22=1), _day(h0=0, h16=2, h20=0),
        1.3, 0.4, (21_600, 43_200), (0.15, 0.55), (1.0, 1.0), ("van",),
    ),
}  # fmt: skip


def arrivals_per_hour(habit: Habit, at: datetime) -> float:
    weekend = at.weekday() >= 5
    weights = habit.weekend if weekend else habit.weekday
    a_day = habit.weekend_arrivals if weekend else habit.weekday_arrivals
    return a_day * weights[at.hour] / sum(weights)


def next_arrival(random: Random, habit: Habit, after: datetime, pace: float = 1.0) -> datetime:
    """A Poisson process whose rate follows the day (by thinning); `pace` multiplies the rate."""
    peak = max(
        habit.weekday_arrivals * max(habit.weekday) / sum(habit.weekday),
        habit.weekend_arrivals * max(habit.weekend) / sum(habit.weekend),
    )
    at = after
    while True:
        at += timedelta(hours=random.expovariate(peak * pace))
        if random.random() * peak <= arrivals_per_hour(habit, at):
            return at


def visits(
    random: Random, kind: str, tokens: Sequence[PresentedToken], start: datetime, *, dc: bool, pace: float = 1.0
) -> Iterator[Visit]:
    """The drivers who come to one EVSE, for ever; `start` is local time. The next one waits for the last to leave."""
    habit = HABITS[kind]
    at = start
    while True:
        at = next_arrival(random, habit, at, pace)
        visit = _visit(random, habit, tokens, at, dc=dc)
        yield visit
        at += timedelta(seconds=visit.stays_s)


def _visit(random: Random, habit: Habit, tokens: Sequence[PresentedToken], at: datetime, *, dc: bool) -> Visit:
    models = [CAR_BY_NAME[name] for name in habit.cars if CAR_BY_NAME[name].has_dc or not dc]
    car = _car(random, random.choice(models), habit)
    way = random.choices((Way.CARD_FIRST, Way.PLUG_FIRST, Way.AUTOCHARGE, Way.PLUG_AND_CHARGE), (6, 5, 1, 1))[0]
    token = random.choice(tokens)
    if way is Way.AUTOCHARGE and car.mac_address:
        token = PresentedToken(car.mac_address, TokenKind.MAC_ADDRESS)
    elif way is Way.PLUG_AND_CHARGE and car.emaid:
        token = PresentedToken(car.emaid, TokenKind.EMAID)
    return Visit(at, random.uniform(*habit.stay_s), car, token, way)


def _car(random: Random, model: CarModel, habit: Habit) -> Car:
    number = random.randrange(200)  # a town's worth of cars, so that the same ones come back
    return Car(
        model,
        soc=random.uniform(*habit.arrives_soc),
        target_soc=random.uniform(*habit.target_soc),
        mac_address=f"02005E00{number:04X}",
        emaid=f"DE8OHMC{number:08d}",
        vin=f"OHM2BCDEFGH{number:06d}",
    )


def first_visit_soon(random: Random, now: datetime, kind: str) -> datetime:
    """When the town wakes in mid-day some plugs are in use: start looking back as far as a stay may last."""
    return now - timedelta(seconds=random.uniform(0, HABITS[kind].stay_s[1]))
