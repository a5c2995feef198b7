"""One station: its plugs, its deviations, what it said."""

from datetime import UTC, datetime
from uuid import uuid4

from tests.web.little_network import session, token


def test_each_plug_shows_its_state_and_its_session(operator, network):
    card = token(network.hill, "04AABBCC", "Fleet card 7")
    session(network.busy, token=card, soc_percent=63.0)
    page = operator.get("/console/stations/HILL-2").text
    for word in ("Plug 1", "Plug 2", "Type 2", "22 kW", "11.0 kW", "5.50 kWh", "63 %", "Session of Fleet card 7"):
        assert word in page


def test_the_identity_is_found_in_small_letters_too(operator, network):
    assert operator.get("/console/stations/hill-2").status_code == 200


def test_a_station_that_stands_at_no_site_yet_has_its_page_and_buttons(operator, network):
    type(network.free).objects.filter(pk=network.free.pk).update(site=None)
    page = operator.get("/console/stations/HILL-1").text
    assert "ask/unlock_connector?evse=1" in page


def test_an_offline_station_does_not_pretend_that_its_plugs_are_free(operator, network):
    page = operator.get("/console/stations/HILL-4").text
    assert "Offline" in page
    assert "Available" not in page


def test_a_fault_shows_the_stations_own_words(operator, network):
    network.broken.evses.update(error_code="GroundFailure", vendor_error_code="E17", info="RCD tripped")
    assert "GroundFailure (E17): RCD tripped" in operator.get("/console/stations/HILL-3").text


def test_what_it_gets_wrong_is_told_with_an_example(operator, network):
    from ohmstead.network.models import Deviation

    now = datetime.now(UTC)
    network.free.deviations.create(
        code="time_without_zone",
        action="StatusNotification",
        sentence="The time has no zone; it was read as UTC.",
        example='{"timestamp":"2026-11-22T12:00:00"}',
        count=17,
        first_at=now,
        last_at=now,
    )
    assert Deviation.objects.count() == 1
    page = operator.get("/console/stations/HILL-1").text
    assert "The time has no zone; it was read as UTC." in page
    assert "2026-11-22T12:00:00" in page
    assert ">17<" in page


def test_the_page_costs_the_same_with_many_sessions_and_plugs(operator, network, queries_of):
    few = queries_of(lambda: operator.get("/console/stations/HILL-2"))
    for number in range(10):
        session(
            network.busy, transaction_id=str(uuid4()), evse=number % 2 + 1, token=token(network.hill, f"T{number}", "")
        )
    assert queries_of(lambda: operator.get("/console/stations/HILL-2")) <= few + 1
    assert few <= 25


def test_outside_the_demo_there_is_no_simulator(operator, network):
    assert "Simulator" not in operator.get("/console/stations/HILL-1").text
    assert operator.post("/console/stations/HILL-1/simulate", {"verb": "plug"}).status_code == 404
