"""Who held a session back, and for how long: needed for fair idle fees."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from ohmstead.station.states import PlugState

# Said inside a session, by a 1.6 connector or by the charging state of 2.x.
INSIDE = frozenset({"idle", "connected", "charging", "suspended_car", "suspended_station"})

_SUSPENDED = (PlugState.SUSPENDED_CAR.value, PlugState.SUSPENDED_STATION.value)


class Suspension(msgspec.Struct, frozen=True):
    car_s: int
    station_s: int
    state: str  # the newest charging state, '' when none was told


class Stretch(msgspec.Struct, frozen=True):
    """A time in which the car or the station held the session back."""

    state: str
    since: datetime
    until: datetime


def suspension(marks: Iterable[tuple[datetime, str]], start: datetime, end: datetime) -> Suspension:
    """Whole seconds within start..end; marks in time order. Never negative, never counted twice."""
    seconds = dict.fromkeys(_SUSPENDED, 0.0)
    marks = list(marks)
    for stretch in stretches(marks, start, end):
        seconds[stretch.state] += (stretch.until - stretch.since).total_seconds()
    car_s, station_s = (int(value) for value in seconds.values())
    state = marks[-1][1] if marks else ""
    return Suspension(car_s, station_s, state if state in INSIDE else "")


def stretches(marks: Iterable[tuple[datetime, str]], start: datetime, end: datetime) -> list[Stretch]:
    """When it was held back within start..end; marks in time order."""
    found = []
    state, since = "", start
    for at, next_state in marks:
        at = min(max(at, start), end)
        if state in _SUSPENDED:
            found.append(Stretch(state, since, at))
        state, since = next_state, at
    if state in _SUSPENDED:
        found.append(Stretch(state, since, max(since, end)))
    return found
