"""Sessions: the list, the curve, the remarks."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from tests.web.little_network import reading, session, token


@pytest.fixture
def three(network):
    now = datetime.now(UTC)
    card = token(network.hill, "04AABBCC", "Fleet card 7")
    return {
        "running": session(network.busy, transaction_id="1", token=card),
        "ended": session(
            network.free, transaction_id="2", state="ended", token_uid="0F00", started_at=now - timedelta(days=2),
            ended_at=now - timedelta(days=2, hours=-1), stop_reason="car_unplugged", power_w=None,
        ),
        "lost": session(
            network.broken, transaction_id="3", state="lost", token_uid="0F01", flags=["lost", "register_reset"],
            started_at=now - timedelta(days=9), power_w=None,
        ),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"running", "ended", "lost"}),
        ("state=running", {"running"}),
        ("state=ended", {"ended"}),
        ("since=24h", {"running"}),
        ("since=7d", {"running", "ended"}),
        ("flagged=1", {"lost"}),
        ("q=hill-2", {"running"}),
        ("q=fleet", {"running"}),
        ("q=04:aa:bb:cc", {"running"}),
        ("q=0f00", {"ended"}),
        ("q=3", {"lost"}),
        ("state=unheard&since=ever", {"running", "ended", "lost"}),
    ],
)
def test_filters(operator, three, query, expected):
    page = operator.get(f"/console/sessions?{query}").text
    named = {name for name, each in three.items() if str(each.pk) in found(page)}
    assert named == expected


def test_sessions_are_found_by_the_drivers_name_and_unknown_cards_by_their_number(operator, three, network):
    from ohmstead.drivers.models import Driver

    card = three["running"].token
    card.driver = Driver.objects.create(organisation=network.hill, name="Zoë Müller")
    card.save()
    for query, expected in (("zoë mü", "running"), ("0F-01", "lost")):
        assert found(operator.get("/console/sessions", {"q": query}).text) == {str(three[expected].pk)}


def test_a_word_that_is_on_hundreds_of_cards_finds_them_all(operator, three, network):
    from ohmstead.drivers.models import Token

    cards = Token.objects.bulk_create(
        Token(organisation=network.hill, uid=f"AA{n:04}", canonical_uid=f"AA{n:04}", label=f"Pool {n}")
        for n in range(250)
    )
    pooled = session(network.free, transaction_id="9", token=cards[-1], token_uid="AA0249")
    assert found(operator.get("/console/sessions?q=pool").text) == {str(pooled.pk)}
    assert found(operator.get("/console/sessions?q=pool+249").text) == {str(pooled.pk)}


@pytest.mark.parametrize(
    ("query", "index"),
    [
        pytest.param("state=lost", "session_lost_or_refused", id="lost"),
        pytest.param("state=refused", "session_lost_or_refused", id="refused"),
        pytest.param("flagged=1", "session_flagged", id="with remarks"),
    ],
)
def test_what_is_rare_is_found_by_an_index_of_its_own(viewer, query, index):
    from django.db import connection, transaction
    from django.http import QueryDict

    from ohmstead.web.console.sessions import SessionFilter, listed

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # with few rows PostgreSQL would rather read them all
        cursor.execute("SET LOCAL enable_indexscan = off")
        assert index in listed(viewer, SessionFilter.of(QueryDict(query))).explain()


def found(page):
    return set(re.findall(r'<tr id="session-([^"]+)"', page))


def test_each_number_of_the_overview_leads_to_its_list(operator, three):
    page = operator.get("/console/").text
    for link in ("/console/sessions?state=running", "/console/stations?state=faulted", "/console/sessions?since=24h"):
        assert link in page
        assert operator.get(link).status_code == 200


def test_the_curve_shows_power_and_battery_with_exact_values_on_hover(operator, three):
    running = three["running"]
    for minute in range(0, 60, 5):
        at = running.started_at + timedelta(minutes=minute)
        reading(running, at, 1_000_000 + minute * 100, 11_000.0, soc_percent=20 + minute / 2)
    page = operator.get(f"/console/sessions/{running.pk}").text
    assert 'class="chart"' in page
    assert "Power, kW" in page
    assert "Battery, %" in page
    assert re.search(r"<title>\d\d:\d\d:\d\d, 11.0 kW, 2.50 kWh, 33 %</title>", page)


def test_without_a_battery_level_the_energy_is_drawn(operator, three):
    for minute in (0, 5, 10):
        at = three["running"].started_at + timedelta(minutes=minute)
        reading(three["running"], at, 1_000_000 + minute * 100, 11_000.0)
    assert "Energy, kWh" in operator.get(f"/console/sessions/{three['running'].pk}").text


def test_times_are_those_of_the_site_and_utc_is_on_hover(operator, network):
    at = datetime(2026, 7, 1, 10, 30, tzinfo=UTC)
    summer = session(network.free, transaction_id="9", started_at=at, ended_at=at + timedelta(hours=1), state="ended")
    page = operator.get(f"/console/sessions/{summer.pk}").text
    assert "1 Jul 2026, 12:30:00 CEST" in page
    assert 'title="1 Jul 2026, 10:30:00 UTC"' in page


def test_remarks_are_sentences(operator, three):
    page = operator.get(f"/console/sessions/{three['lost'].pk}").text
    assert "The station never spoke of it again; it counts up to the last reading." in page
    assert "register_reset" not in page


def test_every_flag_and_stop_reason_has_words():
    from ohmstead.charging.rules.flags import Flag
    from ohmstead.station.states import ChargingState, PlugState, StopReason
    from ohmstead.web.console import words

    assert set(words.FLAG_WORDS) == set(Flag)
    assert set(words.STOP_REASONS) == set(StopReason)
    assert set(PlugState) | set(ChargingState) <= set(words.PLUG_LOOKS)


def test_readings_that_named_no_session_are_shown_when_they_lie_inside(operator, three):
    from ohmstead.charging.models import NO_SESSION, MeterReading

    running = three["running"]
    reading(running, running.started_at + timedelta(minutes=1), 1_000_000, 9_000.0)
    MeterReading.objects.update(session_id=NO_SESSION)
    assert "9.00" in operator.get(f"/console/sessions/{running.pk}").text


def test_a_session_without_readings_says_so(operator, three):
    page = operator.get(f"/console/sessions/{three['ended'].pk}").text
    assert "There are not enough readings for a curve." in page
    assert "The car was unplugged" in page


def test_more_sessions_cost_no_more_queries(operator, network, queries_of):
    few = queries_of(lambda: operator.get("/console/sessions"))
    for number in range(20):
        card = token(network.hill, f"T{number}", "")
        session(network.free, transaction_id=str(number), token=card, energy_wh=Decimal(1))
    assert queries_of(lambda: operator.get("/console/sessions")) == few
    assert few <= 8


def test_a_session_of_very_many_readings_is_shown_to_its_end(operator, three):
    from ohmstead.charging.models import MeterReading

    ended, count = three["ended"], 5_200
    apart = (ended.ended_at - ended.started_at) / count
    MeterReading.objects.bulk_create(
        MeterReading(
            station_id=ended.station_id, session_id=ended.pk, evse=ended.evse, at=ended.started_at + apart * each,
            context=0, register_wh=Decimal(each),
        )
        for each in range(count)
    )  # fmt: skip
    page = operator.get(f"/console/sessions/{ended.pk}").text
    assert "2601 of 5200 readings" in page
    assert "5.199" in page, "the newest register"
