"""The checklist, the first-run page and the simulator button."""

from datetime import UTC, datetime

import pytest

from tests.web.little_network import station


def progress(page):
    return {part.split('"')[0]: part for part in page.split('data-step="')[1:]}


def refuse(network, identity, code, sentence):
    from ohmstead.network.models import Refusal

    now = datetime.now(UTC)
    Refusal.objects.create(
        organisation=network.hill, identity=identity, code=code, sentence=sentence, first_at=now, last_at=now
    )


@pytest.fixture
def newcomer(network):
    return station(network.hill, "NEW-1", None, [], admission="pending", online=False)


def test_a_wrong_password_is_told_with_what_to_do(operator, network):
    from ohmstead.network.models import Station

    Station.objects.create(organisation=network.hill, identity="NEW-2", admission="accepted", security_profile=1)
    refuse(network, "NEW-2", "password_wrong", "Station NEW-2 gave a wrong password. Enter the one from the console.")
    found = progress(operator.get("/console/stations/NEW-2/commission").text)
    assert "Station NEW-2 gave a wrong password. Enter the one from the console." in found["credentials"]


def test_it_is_accepted_with_site_and_name_from_the_checklist(operator, network, newcomer):
    page = operator.get("/console/stations/NEW-1/commission").text
    assert "It waits for your word." in page
    form = {"site": str(network.quay.pk), "name": "Pier 1", "next": "commission"}
    page = operator.post("/console/inbox/NEW-1/accept", form, follow=True).text
    assert "It is accepted." in page
    newcomer.refresh_from_db()
    assert (newcomer.admission, newcomer.site, newcomer.name) == ("accepted", network.quay, "Pier 1")


def test_the_installer_gets_the_address_of_each_profile_and_a_code_to_scan(operator, network):
    page = operator.get("/console/stations/HILL-1/commission").text
    assert "<code>ws://localhost:9310/ocpp/hill/HILL-1</code>" in page
    assert "<code>wss://localhost:9311/ocpp/hill/HILL-1</code>" in page
    assert 'class="qr"' in page


def test_the_checklist_is_said_again_only_when_it_changed(viewer, network):
    from ohmstead.web.live.hub import Changes
    from ohmstead.web.live.watches.commission import CommissionWatch

    watch = CommissionWatch(viewer, network.silent.pk)
    assert 'hx-target="#steps"' in watch.everything()
    assert watch.after(Changes()) == ""
    network.silent.evses.update(state="available", state_at=datetime.now(UTC))
    assert "It has told the state of all its 1 plugs." in watch.after(Changes(stations={network.silent.pk}))


def test_a_neighbours_checklist_does_not_exist(operator, network):
    assert operator.get("/console/stations/VALE-1/commission").status_code == 404
    assert operator.get(f"/console/live/commission/{network.foreign.pk}").status_code == 404


def test_an_empty_network_says_how_to_begin(browser_of, network):
    network.foreign.delete()
    page = browser_of("neighbour").get("/console/").text
    assert "Connect your first station" in page
    assert "<code>ws://localhost:9310/ocpp/vale/</code>" in page
    assert "ohmstead doctor" in page
    assert "Start a simulated station" not in page


def test_the_simulator_button_belongs_to_the_demo(browser_of, network, demo_mode):
    from django.test import override_settings

    network.foreign.delete()
    neighbour = browser_of("neighbour")
    assert "Start a simulated station" in neighbour.get("/console/").text
    with override_settings(OHMSTEAD_NATS_URL="nats://127.0.0.1:1"):
        page = neighbour.post("/console/add/simulated-station", follow=True).text
    assert "The simulator does not answer." in page
    assert not network.vale.stations.exists()
    assert browser_of("reader").post("/console/add/simulated-station").status_code == 403
    with override_settings(OHMSTEAD_DEMO=False):
        assert neighbour.post("/console/add/simulated-station").status_code == 404
