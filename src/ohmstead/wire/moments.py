"""Times as stations write them."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from ohmstead.wire.hearing import DRIFT_LIMIT, Hearing
from ohmstead.wire.quirks import LOCAL_TIME_WITHOUT_ZONE

EARLIEST: Final = datetime(2020, 1, 1, tzinfo=UTC)  # no station of these protocols has a true reading from before
LATEST_AHEAD: Final = timedelta(days=1)
_QUARTER: Final = timedelta(minutes=15)  # zones differ from UTC by whole quarters of an hour
_FARTHEST_ZONE: Final = timedelta(hours=14)
_ON_ITS_WAY: Final = timedelta(minutes=1)
_LEAP_SECOND: Final = re.compile(r":60(?=$|[.,Z+-])")


def moment(text: str | None, hearing: Hearing) -> datetime:
    """The time a station wrote, in UTC; the arrival time where the text cannot be true, with a mend.

    A time in the past is believed (offline messages are replayed), one before 2020 or ahead of ours is not.
    """
    try:
        at = datetime.fromisoformat(text)  # type: ignore[arg-type]  # None raises TypeError
        if EARLIEST <= at <= hearing.ahead_limit:  # TypeError: without a zone
            return at if at.tzinfo is UTC else at.astimezone(UTC)
    except (ValueError, TypeError):
        pass
    return _mended(text, hearing)


def fresh_moment(text: str | None, hearing: Hearing) -> datetime:
    """The time of something that happened just now, as the station says itself: a late one is a slow clock."""
    at = moment(text, hearing)
    if hearing.received_at - at > DRIFT_LIMIT:
        hearing.mend("clock_drift", "The station's clock is more than 5 minutes behind ours.", text)
    return at


_last_written: tuple[datetime, str] = (EARLIEST, "2020-01-01T00:00:00.000Z")


def written(at: datetime) -> str:
    """A time as we write it: UTC, milliseconds, Z. Answers of one turn of the loop share their time object."""
    global _last_written
    last, text = _last_written
    if at is not last:
        text = at.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"
        _last_written = (at, text)
    return text


def year_is_plausible(text: str) -> bool:
    """Whether a start time can tell two starts apart, in the station's own words."""
    at = _lenient(text)
    return at is not None and at.year >= EARLIEST.year


def _mended(text: str | None, hearing: Hearing) -> datetime:
    if text is None or not text.strip():
        hearing.mend("time_empty", "The time is missing; the arrival time stands for it.", text or "")
        return hearing.received_at
    at = _lenient(text)
    if at is None:
        hearing.mend("time_impossible", "There is no such time; the arrival time stands for it.", text)
        return hearing.received_at
    if at.tzinfo is None:
        at = _with_zone(at, text, hearing)
    if at < EARLIEST:
        hearing.mend("clock_not_set", "The station's clock is not set; the arrival time stands for it.", text)
        return hearing.received_at
    if at > hearing.received_at + LATEST_AHEAD:
        hearing.mend("clock_in_future", "The time is more than a day ahead; the arrival time stands for it.", text)
        return hearing.received_at
    if at > hearing.ahead_limit:
        hearing.mend("clock_drift", "The clock is more than 5 minutes ahead; the arrival time stands for it.", text)
        return hearing.received_at
    if _lenient(text) != _strict(text):
        hearing.mend("time_form", "The time is not written as ISO 8601 asks.", text)
    return at.astimezone(UTC)


def _with_zone(at: datetime, text: str, hearing: Hearing) -> datetime:
    """UTC; for models that write local time the zone that brings the time to its arrival.

    A replayed message has no such zone, so there the arrival time stands for it.
    """
    if not hearing.quirks & LOCAL_TIME_WITHOUT_ZONE:
        hearing.mend("time_without_zone", "The time has no zone; it was read as UTC.", text)
        return at.replace(tzinfo=UTC)
    arrived = hearing.received_at.replace(tzinfo=None)
    offset = round((at - arrived) / _QUARTER) * _QUARTER
    if abs(offset) <= _FARTHEST_ZONE and abs(at - offset - arrived) <= _ON_ITS_WAY:
        hearing.mend("time_without_zone", "The time has no zone; the zone was taken from the arrival.", text)
        return (at - offset).replace(tzinfo=UTC)
    hearing.mend("time_without_zone", "The local time has no zone; the arrival time stands for it.", text)
    return hearing.received_at


def _strict(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _lenient(text: str) -> datetime | None:
    """Also lower case, blanks, leap seconds; None for what is no time."""
    if len(text) > 64:
        return None
    return _strict(text) or _strict(_LEAP_SECOND.sub(":59", text.strip().upper()).replace(" +", "+").replace(" -", "-"))
