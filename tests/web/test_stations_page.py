"""The list of stations: the URL is the filter, the cost does not grow with the rows."""

import html
import re

import pytest

from tests.web.little_network import session, station


def shown(page):
    return re.findall(r'<a class="strong" href="/console/stations/([^"]+)"', page)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param("", ["HILL-1", "HILL-2", "HILL-3", "HILL-4"], id="all"),
        pytest.param("state=charging", ["HILL-2"], id="one plug charging makes the station charging"),
        pytest.param("state=faulted", ["HILL-3"], id="faulted"),
        pytest.param("state=offline", ["HILL-4"], id="offline, whatever its plugs said last"),
        pytest.param("state=available", ["HILL-1"], id="free"),
        pytest.param("q=hill-3", ["HILL-3"], id="search without regard to case"),
        pytest.param("q=market", ["HILL-1", "HILL-2", "HILL-3"], id="search by site"),
        pytest.param("dialect=ocpp2.0.1", ["HILL-3"], id="protocol"),
        pytest.param("q=market&state=charging", ["HILL-2"], id="two filters"),
        pytest.param(
            "state=nonsense&dialect=x&sort=y&after=-3", ["HILL-1", "HILL-2", "HILL-3", "HILL-4"], id="nonsense"
        ),
        pytest.param("site=not-a-uuid", [], id="a site nobody has"),
        pytest.param("q=%00", ["HILL-1", "HILL-2", "HILL-3", "HILL-4"], id="a zero byte"),
    ],
)
def test_filters(operator, network, query, expected):
    assert sorted(shown(operator.get(f"/console/stations?{query}").text)) == expected


def test_a_site_filters_and_stays_chosen(operator, network):
    page = operator.get(f"/console/stations?site={network.market.pk}").text
    assert sorted(shown(page)) == ["HILL-1", "HILL-2", "HILL-3"]
    assert re.search(rf'value="{network.market.pk}" selected', page)


def test_the_chips_count_what_the_other_filters_leave(operator, network):
    page = operator.get("/console/stations?q=market").text
    assert re.search(r"All <b>3</b>", page)
    assert not re.search(r"Offline <b>", page)


def test_nothing_found_offers_to_clear_the_filters(operator, network):
    page = operator.get("/console/stations?q=nowhere").text
    assert "No station matches these filters." in page
    assert "Clear filters" in page


@pytest.mark.parametrize(
    ("charging_state", "word"), [("charging", "Charging"), ("suspended_car", "Paused"), ("connected", "Preparing")]
)
def test_an_occupied_plug_of_a_2x_station_shows_what_its_session_does(operator, network, charging_state, word):
    two = station(network.hill, "TWO-1", network.market, ["occupied"], dialect="ocpp2.1")
    session(two, charging_state=charging_state)
    page = operator.get("/console/stations?q=TWO-1").text
    assert re.search(rf'class="badge state-\w+"><svg.*?</svg>{word}<', page)


def test_a_name_full_of_markup_is_only_text(operator, network):
    network.free.vendor = '<script>alert(1)</script>"'
    network.free.name = "<img src=x onerror=alert(1)>"
    network.free.save()
    for address in ("/console/stations", "/console/stations/HILL-1"):
        page = operator.get(address).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_twenty_more_stations_cost_no_more_queries(operator, network, queries_of):
    few = queries_of(lambda: operator.get("/console/stations"))
    for number in range(20):
        more = station(network.hill, f"MORE-{number}", network.market, ["occupied", "available"])
        session(more, transaction_id=str(number))
    assert queries_of(lambda: operator.get("/console/stations")) == few
    assert few <= 12


def next_page(text):
    [address] = re.findall(r'href="(\?[^"]*after=[^"]+)"', text)
    assert "q=ROW" in address
    return html.unescape(address)


def test_long_lists_come_in_pages_that_keep_the_filter(operator, network):
    for number in range(60):
        station(network.hill, f"ROW-{number:02}", network.market, ["available"])
    first = operator.get("/console/stations?q=ROW").text
    assert len(shown(first)) == 50
    second = operator.get("/console/stations" + next_page(first)).text
    assert len(shown(second)) == 10
    assert not set(shown(first)) & set(shown(second))


def test_an_empty_network_says_how_to_connect_the_first_station(operator, network):
    network.hill.stations.all().delete()
    for page in ("/console/", "/console/stations"):
        text = operator.get(page).text
        assert "Connect your first station" in text
        assert "ws://localhost:9310/ocpp/hill/" in text
