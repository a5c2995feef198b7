"""Search over everything: ranked, within the tenant, in a constant number of statements."""

import re

import pytest

from tests.web.little_network import session, station, token


def hits(client, text):
    page = client.get("/console/search", {"q": text, "only": "results"}).text
    return re.findall(r"<b>([^<]+)</b>", page)


@pytest.fixture
def full(network):
    from ohmstead.network.models import Station

    Station.objects.filter(pk=network.free.pk).update(name="Market north")
    card = token(network.hill, "04AABBCC", "Ann’s card")
    network.run = session(network.busy, transaction_id="4711", token=card)
    network.stranger = session(network.free, transaction_id="9", token_uid="0FSTRANGE")
    session(network.foreign, transaction_id="4711", token_uid="NEIGHBOUR")
    return network


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("hill-2", ["HILL-2"], id="identity, small letters"),
        pytest.param("Market north", ["Market north"], id="name of a station"),
        pytest.param("quay", ["Quay"], id="site"),
        pytest.param("4711", ["HILL-2 · 4711"], id="the station's number for a session"),
        pytest.param("0fstrange", ["Market north · 9"], id="an unknown card"),
        pytest.param("Ann’s", ["Ann’s card"], id="a card by its label"),
        pytest.param("support@hill", ["Support"], id="a member"),
        pytest.param("vale", [], id="nothing of the neighbour"),
        pytest.param("NEIGHBOUR", [], id="not his cards either"),
        pytest.param("h", [], id="one letter is too little"),
        pytest.param("\x00", [], id="a zero byte"),
        pytest.param("%", [], id="a wildcard is a letter"),
    ],
)
def test_what_is_found(browser_of, full, text, expected):
    assert hits(browser_of("owner"), text) == expected


def test_the_id_of_a_session_or_a_command_finds_it(browser_of, full):
    from datetime import UTC, datetime

    from ohmstead.network.models import Command

    command = Command.objects.create(
        station=full.free, kind="ResetStation", command={"type": "ResetStation"}, asked_at=datetime.now(UTC)
    )
    assert hits(browser_of("owner"), str(full.run.pk)) == ["HILL-2 · 4711"]
    assert hits(browser_of("owner"), str(command.pk)) == ["ResetStation"]
    assert hits(browser_of("neighbour"), str(command.pk)) == []


def test_what_is_called_just_so_comes_first(browser_of, network):
    for identity in ("A-HILL-1", "HILL-10", "HILL-11"):
        station(network.hill, identity, None, [])
    assert hits(browser_of("owner"), "HILL-1") == ["HILL-1", "HILL-10", "HILL-11", "A-HILL-1"]


def test_people_are_found_by_who_may_see_them(browser_of, full):
    assert hits(browser_of("reader"), "support@hill") == []


def test_it_costs_the_same_however_much_is_found(browser_of, full, queries_of):
    owner = browser_of("owner")
    few = queries_of(lambda: hits(owner, "hill"))
    for number in range(20):
        station(full.hill, f"HILL-M{number}", full.market, ["available"])
    assert queries_of(lambda: hits(owner, "hill")) == few


def test_without_a_script_it_is_a_page(browser_of, full):
    page = browser_of("reader").get("/console/search?q=hill-3").text
    assert 'value="hill-3"' in page
    assert 'href="/console/stations/HILL-3"' in page
    assert "Faulted" in page


def test_what_is_found_is_text(browser_of, network):
    network.market.name = "<script>alert(1)</script>Market"
    network.market.save()
    assert "<script>alert(1)" not in browser_of("owner").get("/console/search?q=Market").text
