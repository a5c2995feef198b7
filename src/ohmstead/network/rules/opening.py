"""When a site is open, in the wall time of its place. Pure: values in, values out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

DAY_MIN: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class Weekly:
    """A stretch of every week; `weekday` 1 is Monday. Minutes of the day; one that closes at or before it opens runs
    past midnight."""

    weekday: int
    opens_min: int
    closes_min: int


@dataclass(frozen=True, slots=True)
class Span:
    """A single stretch; wall times of the place, without a zone."""

    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Hours:
    always: bool = True
    weekly: tuple[Weekly, ...] = ()
    openings: tuple[Span, ...] = ()  # open although the week says closed
    closings: tuple[Span, ...] = ()  # closed whatever else says open


ALWAYS: Final = Hours()


def is_open(hours: Hours, now: datetime, zone: ZoneInfo) -> bool:
    """`now` is aware. A wall time that comes twice is open both times; an exceptional closing wins over all else."""
    if any(_within(span, now, zone) for span in hours.closings):
        return False
    if hours.always or any(_within(span, now, zone) for span in hours.openings):
        return True
    local = now.astimezone(zone)
    return _open_in_week(hours.weekly, local.isoweekday(), local.hour * 60 + local.minute)


def _within(span: Span, now: datetime, zone: ZoneInfo) -> bool:
    """Instants are compared: times of one zone would be compared by their clock faces."""
    return _instant(span.begins, zone) <= now.astimezone(UTC) < _instant(span.ends, zone)


def _instant(wall_time: datetime, zone: ZoneInfo) -> datetime:
    return wall_time.replace(tzinfo=zone).astimezone(UTC)


def _open_in_week(weekly: Iterable[Weekly], weekday: int, minute: int) -> bool:
    yesterday = (weekday - 2) % 7 + 1
    for each in weekly:
        overnight = each.closes_min <= each.opens_min
        if each.weekday == weekday and each.opens_min <= minute < (DAY_MIN if overnight else each.closes_min):
            return True
        if overnight and each.weekday == yesterday and minute < each.closes_min:
            return True
    return False


def coming(spans: Iterable[Span], now: datetime, zone: ZoneInfo, within: timedelta) -> list[Span]:
    """Exceptions that are not over and begin soon, the next first."""
    found = [s for s in spans if _instant(s.ends, zone) > now and _instant(s.begins, zone) < now + within]
    return sorted(found, key=lambda span: span.begins)
