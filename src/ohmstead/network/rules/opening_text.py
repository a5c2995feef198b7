"""Opening hours written down: as JSON for columns and the API, as text for files and forms. Pure."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from ohmstead.network.rules.opening import ALWAYS, DAY_MIN, Hours, Span, Weekly
from ohmstead.network.rules.problems import Unusable

DAYS: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
ROUND_THE_CLOCK: Final = "24/7"
MOST_WEEKLY: Final = 56
MOST_SPANS: Final = 100
_CLOCK: Final = re.compile(r"(\d{1,2})[:.](\d{2})")
_STRETCH: Final = re.compile(r"\s*(\S+?)\s*[-–]\s*(\S+)\s*")
_DAY_RULE: Final = re.compile(r"\s*([A-Za-z, \-–]*?[A-Za-z])\s+(\d.*)")


def to_json(hours: Hours) -> dict[str, Any]:
    return {
        "always": hours.always,
        "weekly": [
            {"weekday": each.weekday, "opens": clock(each.opens_min), "closes": clock(each.closes_min)}
            for each in hours.weekly
        ],
        "openings": [_span_json(span) for span in hours.openings],
        "closings": [_span_json(span) for span in hours.closings],
    }


def _span_json(span: Span) -> dict[str, str]:
    return {"begins": span.begins.isoformat(timespec="minutes"), "ends": span.ends.isoformat(timespec="minutes")}


def from_json(value: Any) -> Hours:
    """Raises Unusable; nothing at all means round the clock."""
    if not value:
        return ALWAYS
    if not isinstance(value, Mapping):
        raise Unusable("Opening hours are an object with always, weekly, openings and closings.")
    try:
        weekly = tuple(
            Weekly(_weekday(each["weekday"]), minutes(each["opens"]), minutes(each["closes"]))
            for each in value.get("weekly") or ()
        )
        spans = [tuple(_span(each) for each in value.get(name) or ()) for name in ("openings", "closings")]
    except (KeyError, TypeError, AttributeError):
        raise Unusable("Opening hours lack a weekday, a begin or an end.") from None
    return checked(Hours(bool(value.get("always")), weekly, *spans))


def _weekday(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 7:
        raise Unusable("A weekday is a number from 1, Monday, to 7, Sunday.")
    return value


def _span(value: Mapping[str, Any]) -> Span:
    return span(str(value["begins"]), str(value["ends"]))


def span(begins: str, ends: str) -> Span:
    """From wall times such as 2026-12-24T14:00. Raises Unusable."""
    try:
        stretch = Span(datetime.fromisoformat(begins), datetime.fromisoformat(ends))
    except ValueError:
        raise Unusable("An exception begins and ends at a date and time such as 2026-12-24 14:00.") from None
    if stretch.begins.tzinfo or stretch.ends.tzinfo:
        raise Unusable("The times of an exception are local times of the site, without a zone.")
    if stretch.ends <= stretch.begins:
        raise Unusable("An exception must end after it begins.")
    return stretch


def checked(hours: Hours) -> Hours:
    """Raises Unusable for hours that mean nothing."""
    if len(hours.weekly) > MOST_WEEKLY or len(hours.openings) + len(hours.closings) > MOST_SPANS:
        raise Unusable("These are more opening hours than a site can have.")
    if not hours.always and not hours.weekly and not hours.openings:
        raise Unusable("Say when the site is open, or that it is open round the clock.")
    return hours


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def minutes(text: Any) -> int:
    """Minutes of the day; 24:00 is its end. Raises Unusable."""
    found = _CLOCK.fullmatch(str(text).strip())
    minute = int(found[1]) * 60 + int(found[2]) if found and int(found[2]) < 60 else -1
    if not 0 <= minute <= DAY_MIN:
        raise Unusable("%(text)s is not a time of day such as 07:30.", text=str(text)[:20])
    return minute


def day_stretches(weekday: int, text: str) -> tuple[Weekly, ...]:
    """`07:00-12:00, 13:00-22:00` of one weekday; empty means closed. Raises Unusable."""
    stretches = []
    for part in filter(None, (each.strip() for each in text.split(","))):
        found = _STRETCH.fullmatch(part)
        if not found:
            raise Unusable("%(text)s is not a stretch of time such as 07:00-22:00.", text=part[:40])
        opens, closes = minutes(found[1]), minutes(found[2])
        if opens == DAY_MIN or (opens == closes and opens):
            raise Unusable("%(text)s is not a stretch of time such as 07:00-22:00.", text=part[:40])
        stretches.append(Weekly(weekday, opens, closes or DAY_MIN))
    return tuple(stretches)


def day_text(weekly: Iterable[Weekly], weekday: int) -> str:
    of_day = sorted((each for each in weekly if each.weekday == weekday), key=lambda each: each.opens_min)
    return ", ".join(f"{clock(each.opens_min)}-{clock(each.closes_min)}" for each in of_day)


def week_text(hours: Hours) -> str:
    """`Mo-Fr 07:00-22:00; Sa 09:00-18:00`, or 24/7; what exceptions say is left out."""
    if hours.always:
        return ROUND_THE_CLOCK
    rules: list[tuple[int, int, str]] = []
    for weekday in range(1, 8):
        text = day_text(hours.weekly, weekday)
        if not text:
            continue
        if rules and rules[-1][1] == weekday - 1 and rules[-1][2] == text:
            rules[-1] = (rules[-1][0], weekday, text)
        else:
            rules.append((weekday, weekday, text))
    return "; ".join(f"{_days_text(first, last)} {text}" for first, last, text in rules)


def _days_text(first: int, last: int) -> str:
    return DAYS[first - 1] if first == last else f"{DAYS[first - 1]}-{DAYS[last - 1]}"


def week_from_text(text: str) -> Hours:
    """The reverse of week_text. Raises Unusable."""
    text = text.strip()
    if text == ROUND_THE_CLOCK:
        return ALWAYS
    weekly: list[Weekly] = []
    for rule in filter(None, (each.strip() for each in text.split(";"))):
        found = _DAY_RULE.fullmatch(rule)
        if not found:
            raise Unusable("%(text)s is no opening rule such as Mo-Fr 07:00-22:00.", text=rule[:40])
        for weekday in _days_from_text(found[1]):
            weekly += day_stretches(weekday, found[2])
    return checked(Hours(False, tuple(weekly)))


def _days_from_text(text: str) -> list[int]:
    found: list[int] = []
    for part in text.replace("–", "-").split(","):
        first, _, last = (each.strip().capitalize() for each in part.partition("-"))
        if first not in DAYS or (last and last not in DAYS):
            raise Unusable("%(text)s names no days; days are Mo Tu We Th Fr Sa Su.", text=text[:40])
        begin, end = DAYS.index(first), DAYS.index(last or first)
        found += [(begin + step) % 7 + 1 for step in range((end - begin) % 7 + 1)]
    return found
