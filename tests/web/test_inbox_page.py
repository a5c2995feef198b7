"""Stations at the door."""

from datetime import UTC, datetime

import pytest

from tests.web.little_network import station


@pytest.fixture
def newcomer(network):
    return station(network.hill, "NEW-1", None, [], admission="pending")


def test_a_waiting_station_is_counted_beside_the_inbox(operator, newcomer):
    assert '<span class="count">1<span' in operator.get("/console/").text


def test_accepting_puts_it_to_work_at_the_chosen_site(operator, newcomer, network):
    answer = operator.post("/console/inbox/NEW-1/accept", {"site": str(network.quay.pk)}, follow=True)
    assert "NEW-1 is accepted." in answer.text
    newcomer.refresh_from_db()
    assert (newcomer.admission, newcomer.site) == ("accepted", network.quay)
    assert "NEW-1" in operator.get("/console/stations").text
    assert "Operator accepted the station" in operator.get("/console/stations/NEW-1/timeline").text


def test_accepting_without_a_site_is_fine(operator, newcomer):
    operator.post("/console/inbox/NEW-1/accept", {"site": ""})
    newcomer.refresh_from_db()
    assert (newcomer.admission, newcomer.site) == ("accepted", None)


def test_a_neighbours_site_cannot_be_chosen(operator, newcomer, network):
    from ohmstead.network.models import Site

    theirs = Site.objects.create(organisation=network.vale, name="Theirs")
    operator.post("/console/inbox/NEW-1/accept", {"site": str(theirs.pk)})
    newcomer.refresh_from_db()
    assert newcomer.site is None


def test_a_refused_station_can_still_be_accepted(operator, newcomer):
    page = operator.post("/console/inbox/NEW-1/refuse", follow=True).text
    assert "Accept after all" in page
    operator.post("/console/inbox/NEW-1/accept")
    newcomer.refresh_from_db()
    assert newcomer.admission == "accepted"


def test_a_station_that_waits_is_not_among_the_stations(operator, newcomer):
    assert "NEW-1" not in operator.get("/console/stations").text


def test_those_turned_away_are_listed_with_the_reason(operator, network):
    from ohmstead.network.models import Refusal

    now = datetime.now(UTC)
    Refusal.objects.create(
        organisation=network.hill, identity="HILL-9", code="password_wrong", count=12, first_at=now, last_at=now,
        sentence="The password is wrong.", remote_address="10.0.0.9",
    )  # fmt: skip
    page = operator.get("/console/inbox").text
    for word in ("HILL-9", "The password is wrong.", "10.0.0.9", ">12<"):
        assert word in page


@pytest.mark.parametrize("verb", ["accept", "refuse"])
def test_only_a_form_can_decide(operator, newcomer, verb):
    assert operator.get(f"/console/inbox/NEW-1/{verb}").status_code == 405


def test_a_form_from_elsewhere_decides_nothing(browser_of, newcomer):
    careful = browser_of("operator", enforce_csrf_checks=True)
    assert careful.post("/console/inbox/NEW-1/accept").status_code == 403
