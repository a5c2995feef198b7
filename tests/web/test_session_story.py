"""What happened in a session: pauses, events, signed values, the way to its raw messages."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from types import SimpleNamespace

import pytest

from tests.web.little_network import reading, session

AT = datetime(2026, 7, 1, 10, 0, tzinfo=UTC)
OCMF = 'OCMF|{"FV":"1.0","RD":[{"RV":"12.5"}]}|{"SD":"30<b>44"}\n '


def minutes(count):
    return AT + timedelta(minutes=count)


@pytest.fixture
def paused(network):
    """An hour at Market (Berlin): charging, held back by the car for ten minutes, charging, then full."""
    from ohmstead.charging.models import Closing, Mark

    over = session(
        network.free, state="ended", started_at=AT, start_heard=True, ended_at=minutes(60), last_event_at=minutes(60),
        power_w=None, stop_reason="car_full",
    )  # fmt: skip

    def mark(minute, state, **more):
        return Mark.objects.create(
            **{"station_id": over.station_id, "at": minutes(minute), "evse": 1, "state": state} | more
        )

    for minute, state in ((1, "charging"), (20, "suspended_car"), (30, "charging"), (50, "suspended_station")):
        mark(minute, state)
    for minute in range(0, 61, 2):
        reading(over, minutes(minute), 1_000_000 + minute * 100, 11_000.0)
    Closing.objects.create(session=over, by_hand=True, as_of=minutes(60), reason="<i>hangs</i>", asked_at=minutes(59))
    return SimpleNamespace(session=over, page=f"/console/sessions/{over.pk}", mark=mark)


def sign(paused, *texts):
    from ohmstead.charging.models import MeterReading

    MeterReading.objects.filter(station_id=paused.session.station_id, at=AT).update(signed=list(texts))


def test_what_happened_is_told_in_order(operator, paused):
    story = operator.get(paused.page).text.split("What happened")[1]
    words = ["Started", "Charging", "Paused by car", "Resumed", "Paused by station", "Closed by a person", "Stopped"]
    places = [story.index(f"<b>{word}</b>") for word in words]
    assert places == sorted(places)
    assert "The car is full" in story
    assert ">12:20:00</time>" in story  # in the site's time
    assert "&lt;i&gt;hangs" in story


def test_a_restart_is_told_and_another_plugs_states_are_not(operator, paused):
    paused.mark(40, "boot", evse=0)
    paused.mark(41, "faulted", evse=2)
    paused.mark(70, "boot", evse=0)
    assert operator.get(paused.page).text.count("The station restarted") == 1


def test_pauses_are_shaded_where_they_were(operator, paused):
    page = operator.get(paused.page).text
    assert page.count('class="stripe by-car"') == 1
    assert page.count('class="stripe by-station"') == 1
    assert '<a href="#readings">' in page


def test_an_unpaused_session_has_no_shade(operator, paused):
    from ohmstead.charging.models import Mark

    Mark.objects.all().delete()
    assert "stripe" not in operator.get(paused.page).text


def test_the_raw_messages_are_those_of_its_time_at_the_site(operator, paused):
    page = operator.get(paused.page).text
    assert "/console/stations/HILL-1/messages?from=2026-07-01T11%3A58&amp;until=2026-07-01T13%3A02" in page


def test_signed_values_are_shown_escaped_and_downloaded_to_the_byte(operator, paused):
    sign(paused, OCMF)
    page = operator.get(paused.page).text
    digest = sha256(OCMF.encode()).hexdigest()
    assert "30&lt;b&gt;44" in page
    assert digest in page
    answer = operator.get(f"{paused.page}/signed/{digest}")
    assert answer.content == OCMF.encode()
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert "attachment" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("name", ["0" * 64, "x", "..%2F"])
def test_a_signed_value_that_is_not_there(operator, paused, name):
    sign(paused, OCMF)
    assert operator.get(f"{paused.page}/signed/{name}").status_code == 404


def test_the_neighbour_gets_neither_page_nor_value(browser_of, paused):
    sign(paused, OCMF)
    neighbour = browser_of("neighbour")
    assert neighbour.get(paused.page).status_code == 404
    assert neighbour.get(f"{paused.page}/signed/{sha256(OCMF.encode()).hexdigest()}").status_code == 404


def test_of_many_signed_values_the_first_and_the_last_are_shown(operator, paused):
    sign(paused, *(f"value {number:02}" for number in range(30)))
    page = operator.get(paused.page).text
    assert "value 00" in page
    assert "value 29" in page
    assert "value 15" not in page
    assert "The first and the last ones are shown" in page


def test_more_marks_and_readings_cost_no_more_queries(operator, paused, queries_of):
    few = queries_of(lambda: operator.get(paused.page))
    for minute in range(31, 49):
        paused.mark(minute, "charging" if minute % 2 else "suspended_car")
        reading(paused.session, minutes(minute) + timedelta(seconds=30), 1_004_000, 11_000.0)
    assert queries_of(lambda: operator.get(paused.page)) == few
