"""F1 and F4: the times that stations write."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from ohmstead.wire.hearing import Hearing
from ohmstead.wire.moments import fresh_moment, moment, written
from ohmstead.wire.quirks import LOCAL_TIME_WITHOUT_ZONE
from tests.wire.conftest import ARRIVED, STATION


def heard(text: str | None, *, quirks: int = 0, fresh: bool = False) -> tuple[datetime, list[str]]:
    hearing = Hearing(STATION, 1, quirks, ARRIVED)
    at = (fresh_moment if fresh else moment)(text, hearing)
    return at, [code for code, _ in hearing.mends]


TEN = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        pytest.param("2026-11-22T10:00:00Z", TEN, id="Z"),
        pytest.param("2026-11-22T10:00:00.5Z", TEN.replace(microsecond=500_000), id="one digit"),
        pytest.param("2026-11-22T10:00:00.123456789Z", TEN.replace(microsecond=123_456), id="nine digits"),
        pytest.param("2026-11-22T10:00:00,250Z", TEN.replace(microsecond=250_000), id="a comma"),
        pytest.param("2026-11-22T11:00:00+01:00", TEN, id="an offset"),
        pytest.param("2026-11-22T15:30:00+0530", TEN, id="an offset without colon"),
        pytest.param("2026-11-22T12:00:00+02", TEN, id="an offset of hours"),
        pytest.param("2026-11-22T00:00:00.000-10:00", TEN, id="west"),
        pytest.param("20261122T100000Z", TEN, id="basic form"),
        pytest.param("2026-11-22T10:00Z", TEN, id="without seconds"),
    ],
)
def test_f4_every_legal_form_is_read_without_a_mend(text: str, at: datetime):
    assert heard(text) == (at, [])


@pytest.mark.parametrize(
    ("text", "at", "code"),
    [
        pytest.param("2022-02-29T10:00:00Z", ARRIVED, "time_impossible", id="ABB: 29 February 2022"),
        pytest.param("", ARRIVED, "time_empty", id="empty"),
        pytest.param("   ", ARRIVED, "time_empty", id="blank"),
        pytest.param(None, ARRIVED, "time_empty", id="missing"),
        pytest.param("yesterday", ARRIVED, "time_impossible", id="words"),
        pytest.param("1" * 5000, ARRIVED, "time_impossible", id="endless"),
        pytest.param("1970-01-01T00:00:12Z", ARRIVED, "clock_not_set", id="1970"),
        pytest.param("0001-01-01T00:00:00Z", ARRIVED, "clock_not_set", id="year 1"),
        pytest.param("9999-12-31T23:59:59Z", ARRIVED, "clock_in_future", id="year 9999"),
        pytest.param("9999-12-31T23:59:59-10:00", ARRIVED, "clock_in_future", id="past the last year"),
        pytest.param("0001-01-01T00:00:00+10:00", ARRIVED, "clock_not_set", id="before the first year"),
        pytest.param("2026-11-23T10:00:31Z", ARRIVED, "clock_in_future", id="more than a day ahead"),
        pytest.param("2026-11-22T11:00:00Z", ARRIVED, "clock_drift", id="an hour ahead: the offset is wrong"),
        pytest.param("2026-11-22T10:00:00", TEN, "time_without_zone", id="no zone"),
        pytest.param("2026-11-22T11:00:00.000 +0100", TEN, "time_form", id="a blank before the zone"),
        pytest.param("2026-11-22t10:00:00z", TEN, "time_form", id="lower case"),
        pytest.param("2026-11-22T09:59:60Z", TEN - timedelta(seconds=1), "time_form", id="a leap second"),
    ],
)
def test_f1_a_time_that_cannot_be_true_becomes_the_arrival_time(text: str | None, at: datetime, code: str):
    assert heard(text) == (at, [code])


@pytest.mark.parametrize(
    ("text", "at"),
    [
        pytest.param("2026-11-22T11:00:00", TEN, id="an hour east"),
        pytest.param("2026-11-22T15:45:00", TEN, id="Nepal"),
        pytest.param("2026-11-22T02:00:10", TEN + timedelta(seconds=10), id="California"),
        pytest.param("2026-11-22T10:24:08", ARRIVED, id="replayed"),
        pytest.param("2026-11-20T10:00:00", ARRIVED, id="replayed after days"),
    ],
)
def test_f1_growatt_local_time_gets_its_zone_from_the_arrival(text: str, at: datetime):
    assert heard(text, quirks=LOCAL_TIME_WITHOUT_ZONE) == (at, ["time_without_zone"])


def test_m8_a_time_long_ago_is_believed():
    assert heard("2026-03-01T10:00:00Z") == (datetime(2026, 3, 1, 10, tzinfo=UTC), [])


def test_a_fresh_message_from_long_ago_shows_a_slow_clock():
    assert heard("2026-11-22T09:00:00Z", fresh=True) == (TEN - timedelta(hours=1), ["clock_drift"])
    assert heard("2026-11-22T09:56:00Z", fresh=True) == (TEN - timedelta(minutes=4), [])


def test_our_times_are_utc_with_milliseconds():
    assert (
        written(datetime(2026, 11, 22, 11, 0, 0, 123_999, timezone(timedelta(hours=1)))) == "2026-11-22T10:00:00.123Z"
    )
