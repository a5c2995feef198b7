"""What an operator may say of a station. Pure."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypedDict

from ohmstead.network.rules.problems import Problem
from ohmstead.network.rules.site_facts import checked_by, degrees, position_problems, text


class StationValues(TypedDict, total=False):
    """What is left out stays as it is."""

    name: str
    latitude: float | None  # only when it does not stand where its site is
    longitude: float | None
    notes: str


_CHECKS: Final[dict[str, Callable[[object], Any]]] = {
    "name": lambda value: text("name", value),
    "latitude": degrees(90),
    "longitude": degrees(180),
    "notes": lambda value: text("notes", value),
}


def checked_station(given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Problem]]:
    clean, problems = checked_by(_CHECKS, given)
    return clean, problems | position_problems(clean)
