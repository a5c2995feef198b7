"""What may be said of a site: every value checked, every fault named with its field. Pure."""

import math
import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, Final, TypedDict
from zoneinfo import available_timezones

from ohmstead.network.rules import opening_text
from ohmstead.network.rules.opening import Hours
from ohmstead.network.rules.problems import Problem, Unusable

TEXT_LENGTHS: Final = {
    "name": 120,
    "address": 200,
    "postal_code": 16,
    "city": 80,
    "access_notes": 2_000,
    "caption": 120,
    "notes": 2_000,
    "physical_reference": 40,
}
_SEVERAL_LINES: Final = ("access_notes", "notes")
_PHONE: Final = re.compile(r"\+?[0-9 ()/.\-]{3,40}")


class Visibility(StrEnum):
    PUBLIC = "public"  # drivers and partners see it
    PRIVATE = "private"  # the organisation's own people only


class SiteValues(TypedDict, total=False):
    """What can be said of a site; what is left out stays as it is."""

    name: str
    address: str
    postal_code: str
    city: str
    country: str  # ISO 3166-1 alpha-2
    latitude: float | None
    longitude: float | None
    time_zone: str
    opening: Hours | Mapping[str, Any]
    access_notes: str
    help_phone: str
    visibility: str


def text(name: str, value: object) -> str:
    """Trimmed and bounded. Raises Unusable."""
    found = str(value or "").replace("\r\n", "\n").strip()
    allowed = "\n\t" if name in _SEVERAL_LINES else ""
    if any((not c.isprintable() and c not in allowed and c != "\N{NO-BREAK SPACE}") for c in found):
        raise Unusable("This holds a character that cannot be printed.")
    if len(found) > TEXT_LENGTHS[name]:
        raise Unusable("This is longer than %(most)d characters.", most=TEXT_LENGTHS[name])
    return found


def _name(value: object) -> str:
    found = text("name", value)
    if not found:
        raise Unusable("A site needs a name.")
    return found


def country(value: object) -> str:
    code = str(value or "").strip().upper()
    if code and code not in countries():
        raise Unusable("%(text)s is no country code such as DE.", text=code[:20])
    return code


def time_zone(value: object) -> str:
    name = str(value or "").strip()
    if name not in time_zones():
        raise Unusable("%(text)s is no time zone; they are named like Europe/Berlin.", text=name[:40] or "Nothing")
    return name


def help_phone(value: object) -> str:
    number = str(value or "").strip()
    if number and (not _PHONE.fullmatch(number) or not any(c.isdigit() for c in number)):
        raise Unusable("A phone number is written with digits, such as +49 30 1234567.")
    return number


def visibility(value: object) -> str:
    if value not in tuple(Visibility):
        raise Unusable("A site is public or private.")
    return str(value)


def opening(value: object) -> Hours:
    return opening_text.checked(value) if isinstance(value, Hours) else opening_text.from_json(value)


def degrees(most: float) -> Callable[[object], float | None]:
    def read(value: object) -> float | None:
        if value is None or value == "":
            return None
        try:
            number = float(str(value))
        except ValueError:
            number = math.nan
        if not -most <= number <= most:  # also not a number
            raise Unusable("This is a number of degrees from -%(most)d to %(most)d.", most=int(most))
        return round(number, 7)

    return read


_CHECKS: Final[dict[str, Callable[[object], Any]]] = {
    "name": _name,
    "address": lambda value: text("address", value),
    "postal_code": lambda value: text("postal_code", value),
    "city": lambda value: text("city", value),
    "country": country,
    "latitude": degrees(90),
    "longitude": degrees(180),
    "time_zone": time_zone,
    "opening": opening,
    "access_notes": lambda value: text("access_notes", value),
    "help_phone": help_phone,
    "visibility": visibility,
}


def checked_by(
    checks: Mapping[str, Callable[[object], Any]], given: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Problem]]:
    """(clean values, a problem for each field that has one); an unknown name is a mistake in the program."""
    clean: dict[str, Any] = {}
    problems: dict[str, Problem] = {}
    for name, value in given.items():
        try:
            clean[name] = checks[name](value)
        except Unusable as unusable:
            problems[name] = unusable.problem
    return clean, problems


def checked_site(given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Problem]]:
    clean, problems = checked_by(_CHECKS, given)
    return clean, problems | position_problems(clean)


def position_problems(clean: Mapping[str, Any]) -> dict[str, Problem]:
    """Half a position is none, and 0, 0 is what devices say that do not know."""
    if "latitude" not in clean or "longitude" not in clean:
        return {}
    position = (clean["latitude"], clean["longitude"])
    if position == (0, 0):
        return {"latitude": Problem("0, 0 lies in the sea; leave both empty if the position is not known.")}
    for name, value in zip(("latitude", "longitude"), position, strict=True):
        if value is None and position != (None, None):
            return {name: Problem("A position needs both latitude and longitude.")}
    return {}


@cache
def time_zones() -> frozenset[str]:
    """IANA names a person would choose: none without a region but UTC."""
    return frozenset(name for name in available_timezones() if "/" in name and not name.startswith("Etc/")) | {"UTC"}


@cache
def countries() -> Mapping[str, str]:
    """Code -> English name, as the time zone database lists them."""
    lines = files("tzdata.zoneinfo").joinpath("iso3166.tab").read_text().splitlines()
    return dict(line.split("\t", 1) for line in lines if line and not line.startswith("#"))
