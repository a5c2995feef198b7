"""Nobody sees a neighbour's things; nobody does what the role does not allow."""

import pytest

from tests.web.little_network import session


def pages_of(network, theirs):
    return [
        f"/console/stations/{network.foreign.identity}",
        f"/console/sessions/{theirs.pk}",
        f"/console/live/station/{network.foreign.pk}",
        f"/console/live/session/{theirs.pk}",
        f"/api/v1/stations/{network.foreign.identity}",
        f"/api/v1/sessions/{theirs.pk}",
        f"/api/v1/sessions/{theirs.pk}/readings",
    ]


def test_a_neighbours_things_do_not_exist(operator, network):
    theirs = session(network.foreign)
    assert [operator.get(page).status_code for page in pages_of(network, theirs)] == [404] * 7


def test_lists_hold_only_ones_own(operator, network):
    session(network.foreign, token_uid="NEIGHBOUR")
    for page in ("/console/", "/console/stations", "/console/sessions", "/api/v1/stations", "/api/v1/sessions"):
        text = operator.get(page).text
        assert "VALE-1" not in text
        assert "NEIGHBOUR" not in text


def test_a_neighbours_station_cannot_be_accepted(operator, network):
    network.foreign.admission = "pending"
    network.foreign.save()
    assert operator.post("/console/inbox/VALE-1/accept").status_code == 404
    network.foreign.refresh_from_db()
    assert network.foreign.admission == "pending"


@pytest.mark.parametrize(
    "page", ["/console/", "/console/stations", "/console/sessions", "/console/inbox", "/console/health"]
)
def test_signed_out_every_page_asks_to_sign_in(network, page):
    from django.test import Client

    answer = Client(headers={"host": "localhost"}).get(page)
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/sign-in?next={page}"


def test_signed_out_a_live_stream_is_refused_not_redirected(network):
    from django.test import Client

    assert Client(headers={"host": "localhost"}).get("/console/live/overview").status_code == 401


def test_only_the_demos_own_people_play_with_the_simulator(operator, network, demo_mode):
    """It knows stations by identity alone: a namesake in another organisation would move the demo's station."""
    assert "Simulator" not in operator.get("/console/stations/HILL-1").text
    assert operator.post("/console/stations/HILL-1/simulate", {"verb": "plug"}).status_code == 404
    network.hill.slug = "demo"
    network.hill.save()
    assert "Simulator" in operator.get("/console/stations/HILL-1").text


def test_read_only_people_see_no_button_and_may_not_post(browser_of, network, demo_mode):
    from tests.web.little_network import station

    network.hill.slug = "demo"
    network.hill.save()
    station(network.hill, "NEW-1", None, [], admission="pending")
    assert "Simulator" in browser_of("operator").get("/console/stations/HILL-1").text
    reader = browser_of("reader")
    assert "NEW-1" in (page := reader.get("/console/inbox").text)
    assert "Accept" not in page
    assert "Simulator" not in reader.get("/console/stations/HILL-1").text
    for address in ("/console/inbox/NEW-1/accept", "/console/inbox/NEW-1/refuse", "/console/stations/HILL-1/simulate"):
        assert reader.post(address, {"verb": "plug"}).status_code == 403
