"""When a site is open, in the wall time of its place."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from ohmstead.network.rules import opening_text
from ohmstead.network.rules.opening import ALWAYS, is_open
from ohmstead.network.rules.problems import Unusable

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")


def hours(week="Mo-Fr 07:00-22:00", openings=(), closings=()):
    found = opening_text.to_json(opening_text.week_from_text(week))
    named = {"openings": openings, "closings": closings}
    return opening_text.from_json(
        found | {name: [{"begins": begins, "ends": ends} for begins, ends in spans] for name, spans in named.items()}
    )


@pytest.mark.parametrize(
    ("week", "utc", "zone", "expected"),
    [
        pytest.param("24/7", "2026-11-26T03:00Z", BERLIN, True, id="round the clock"),
        pytest.param("Mo-Fr 07:00-22:00", "2026-11-26T06:00Z", BERLIN, True, id="opens at seven by the clock on site"),
        pytest.param("Mo-Fr 07:00-22:00", "2026-11-26T05:59Z", BERLIN, False, id="a minute before"),
        pytest.param("Mo-Fr 07:00-22:00", "2026-11-26T21:00Z", BERLIN, False, id="closed at the very minute it closes"),
        pytest.param("Mo-Fr 07:00-22:00", "2026-11-28T12:00Z", BERLIN, False, id="Saturday"),
        pytest.param("Mo-Fr 07:00-22:00", "2026-11-30T03:00Z", NEW_YORK, False, id="still Sunday over there"),
        pytest.param("Fr 20:00-02:00", "2026-11-28T00:30Z", BERLIN, True, id="past midnight belongs to the day before"),
        pytest.param("Fr 20:00-02:00", "2026-11-27T00:30Z", BERLIN, False, id="but not to the night before that"),
        pytest.param("Su 20:00-02:00", "2026-11-30T00:30Z", BERLIN, True, id="from Sunday into Monday"),
        pytest.param("Mo-Su 00:00-24:00", "2026-11-29T22:59Z", BERLIN, True, id="the last minute of the day"),
        pytest.param("Mo 07:00-12:00, 13:00-18:00", "2026-11-30T11:30Z", BERLIN, False, id="the lunch break"),
        # Clocks go forward on 29 March 2026 at 02:00 (01:00 UTC), back on 25 October at 03:00 (01:00 UTC).
        pytest.param("Su 03:00-04:00", "2026-03-29T01:00Z", BERLIN, True, id="the hour that follows the skipped one"),
        pytest.param("Su 02:00-03:00", "2026-03-29T01:00Z", BERLIN, False, id="the skipped hour never comes"),
        pytest.param("Su 02:00-03:00", "2026-10-25T00:30Z", BERLIN, True, id="the repeated hour, first time"),
        pytest.param("Su 02:00-03:00", "2026-10-25T01:30Z", BERLIN, True, id="the repeated hour, second time"),
        pytest.param("Su 07:00-08:00", "2026-10-25T06:30Z", BERLIN, True, id="winter time from then on"),
        pytest.param("Su 07:00-08:00", "2026-10-25T05:30Z", BERLIN, False, id="summer time no more"),
    ],
)
def test_the_week(week, utc, zone, expected):
    assert is_open(hours(week), datetime.fromisoformat(utc), zone) is expected


@pytest.mark.parametrize(
    ("utc", "expected"),
    [
        pytest.param("2026-12-24T12:59Z", True, id="before the holidays"),
        pytest.param("2026-12-24T13:00Z", False, id="closed from two o'clock"),
        pytest.param("2026-12-25T11:00Z", False, id="an exceptional closing wins over an opening"),
        pytest.param("2026-12-27T11:00Z", True, id="open on a Sunday for once"),
        pytest.param("2026-12-27T13:00Z", False, id="and no longer than said"),
    ],
)
def test_exceptions(utc, expected):
    of_december = hours(
        openings=[("2026-12-25T10:00", "2026-12-25T14:00"), ("2026-12-27T10:00", "2026-12-27T14:00")],
        closings=[("2026-12-24T14:00", "2026-12-26T08:00")],
    )
    assert is_open(of_december, datetime.fromisoformat(utc), BERLIN) is expected


def test_an_exception_across_the_night_the_clocks_change_lasts_to_its_instant():
    """From Saturday 22:00 summer time to Sunday 04:00 winter time: seven hours, not six."""
    closed = hours("24/7", closings=[("2026-10-24T22:00", "2026-10-25T04:00")])
    assert not is_open(closed, datetime.fromisoformat("2026-10-25T02:59Z"), BERLIN)
    assert is_open(closed, datetime.fromisoformat("2026-10-25T03:00Z"), BERLIN)


@pytest.mark.parametrize(
    "text",
    ["24/7", "Mo-Fr 07:00-22:00; Sa 09:00-18:00", "Mo 00:00-24:00", "Fr 20:00-02:00", "Tu 07:00-12:00, 13:00-18:00"],
)
def test_what_is_written_is_read_again(text):
    assert opening_text.week_text(opening_text.week_from_text(text)) == text


def test_days_may_be_written_in_other_ways():
    found = opening_text.week_from_text("mo–fr 7:00 – 22.00; Sa,Su 9:00-18:00")
    assert opening_text.week_text(found) == "Mo-Fr 07:00-22:00; Sa-Su 09:00-18:00"


def test_nothing_said_means_round_the_clock():
    assert opening_text.from_json({}) == ALWAYS


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Say when the site is open"),
        ("always", "always is no opening rule such as"),
        ("Xx 07:00-22:00", "Xx names no days"),
        ("Mo 07:00", "07:00 is not a stretch of time"),
        ("Mo 07:00-25:00", "25:00 is not a time of day"),
        ("Mo 07:00-07:00", "07:00-07:00 is not a stretch of time"),
        ("Mo 7-12", "7 is not a time of day"),
    ],
)
def test_hours_that_mean_nothing_are_explained(text, sentence):
    with pytest.raises(Unusable, match=sentence):
        opening_text.week_from_text(text)


@pytest.mark.parametrize(
    "value",
    [
        "always",
        [1],
        {"weekly": [{"weekday": 8, "opens": "07:00", "closes": "08:00"}]},
        {"weekly": [{"weekday": True, "opens": "07:00", "closes": "08:00"}]},
        {"weekly": [{"weekday": 1, "opens": "07:00"}]},
        {"weekly": 7},
        {"always": True, "closings": [{"begins": "2026-12-24", "ends": "tomorrow"}]},
        {"always": True, "closings": [{"begins": "2026-12-24T10:00Z", "ends": "2026-12-24T11:00Z"}]},
        {"always": True, "closings": [{"begins": "2026-12-24T11:00", "ends": "2026-12-24T10:00"}]},
        {"always": True, "closings": [{"begins": "2026-12-24T10:00", "ends": "2026-12-24T11:00"}] * 101},
    ],
)
def test_strange_json_is_refused_in_words(value):
    with pytest.raises(Unusable):
        opening_text.from_json(value)
