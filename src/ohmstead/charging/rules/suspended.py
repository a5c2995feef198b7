"""Who held a session back, and for how long: needed for fair idle fees."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from ohmstead.station.states import PlugState

# Said inside a session, by a 1.6 connector or by the charging state of 2.x.
INSIDE = frozenset({"idle", "connected", "charging", "suspended_car", "suspended_station"})


class Suspension(msgspec.Struct, frozen=True):
    car_s: int
    station_s: int
    state: str  # the newest charging state, '' when none was told


def suspension(marks: Iterable[tuple[datetime, str]], start: datetime, end: datetime) -> Suspension:
    """Whole seconds within start..end; marks in time order. Never negative, never counted twice."""
    seconds = {PlugState.SUSPENDED_CAR.value: 0.0, PlugState.SUSPENDED_STATION.value: 0.0}
    state, since = "", start
    for at, next_state in marks:
        at = min(max(at, start), end)
        if state in seconds:
            seconds[state] += (at - since).total_seconds()
        state, since = next_state, at
    if state in seconds:
        seconds[state] += max(0.0, (end - since).total_seconds())
    car_s, station_s = (int(value) for value in seconds.values())
    return Suspension(car_s, station_s, state if state in INSIDE else "")
