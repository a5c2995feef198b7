"""Stations and their plugs edited in the console."""

import re

import pytest

NEW = {"identity": "HILL-9", "name": "North 9", "site": "", "security_profile": "1", "notes": ""}


def stored(identity="HILL-9"):
    from ohmstead.network.models import Station

    return Station.objects.get(identity=identity)


def test_a_station_is_added_and_its_plugs_are_asked_for(operator, network):
    page = operator.post("/console/add/station", NEW | {"site": str(network.quay.pk)}, follow=True).text
    assert "HILL-9" in page or "North 9" in page
    assert "Plugs of North 9" in page
    assert (stored().site, stored().security_profile, stored().admission) == (network.quay, 1, "accepted")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"identity": "a b"}, "is not a station identity"),
        ({"identity": "hill-1"}, "Hill Energy already has a station hill-1"),
        ({"security_profile": "9"}, "is not a security profile"),
        ({"latitude": "95", "longitude": "1"}, "This is a number of degrees from -90 to 90."),
        ({"name": "x\x00"}, "This holds a character that cannot be printed."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(operator, network, values, sentence):
    answer = operator.post("/console/add/station", NEW | values)
    assert answer.status_code == 422
    assert sentence in answer.text.replace("&#x27;", "'")


def test_a_station_is_renamed_and_moved(operator, network):
    operator.post(
        "/console/stations/HILL-1/edit", {"name": "First", "site": str(network.quay.pk), "notes": "Key inside"}
    )
    station = stored("HILL-1")
    assert (station.name, station.site, station.notes) == ("First", network.quay, "Key inside")
    page = operator.get("/console/stations/HILL-1/timeline").text
    assert "moved the station to another site" in page
    assert "changed what is said of the station" in page


def test_a_neighbours_site_cannot_be_chosen(operator, network):
    from ohmstead.network.models import Site

    theirs = Site.objects.create(organisation=network.vale, name="Theirs")
    operator.post("/console/stations/HILL-1/edit", {"name": "", "site": str(theirs.pk)})
    assert stored("HILL-1").site is None


def test_removing_wants_the_identity_typed_and_can_be_undone(operator, network):
    assert operator.post("/console/stations/HILL-1/remove", {"typed": "yes"}).status_code == 422
    page = operator.post("/console/stations/HILL-1/remove", {"typed": "HILL-1"}, follow=True).text
    assert "HILL-1 is removed." in page
    assert "Bring back" in page
    assert "HILL-1" not in operator.get("/console/stations").text
    assert "HILL-1 is back in service." in operator.post("/console/stations/HILL-1/restore", follow=True).text
    assert "HILL-1" in operator.get("/console/stations").text


def test_plugs_are_edited_in_kilowatts(operator, network):
    evse = network.free.evses.get(number=1)
    operator.post(f"/console/stations/HILL-1/plugs/{evse.pk}", {"physical_reference": "A1", "max_power": "7,4"})
    evse.refresh_from_db()
    assert (evse.physical_reference, evse.max_power_w) == ("A1", 7_400)
    page = operator.post("/console/stations/HILL-1/plugs/add", {"number": "3", "max_power": "150"}, follow=True).text
    assert re.search(r"Plug 3\b", page)
    third = network.free.evses.get(number=3)
    values = {
        "number": "1",
        "standard": "IEC_62196_T2_COMBO",
        "format": "CABLE",
        "power_type": "DC",
        "max_power": "150",
    }
    operator.post(f"/console/stations/HILL-1/plugs/{third.pk}/add", values)
    connector = third.connectors.get()
    assert (connector.standard, connector.max_power_w) == ("IEC_62196_T2_COMBO", 150_000)
    operator.post(f"/console/stations/HILL-1/connectors/{connector.pk}", values | {"max_current_a": "500"})
    connector.refresh_from_db()
    assert connector.max_current_a == 500
    operator.post(f"/console/stations/HILL-1/connectors/{connector.pk}", {"do": "remove"})
    assert not third.connectors.exists()
    assert "Remove plug 3?" in operator.get(f"/console/stations/HILL-1/plugs/{third.pk}/remove").text
    operator.post(f"/console/stations/HILL-1/plugs/{third.pk}/remove")
    assert not network.free.evses.filter(number=3).exists()


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"number": "1", "max_power": "22"}, "There is a number 1 already."),
        ({"number": "zero"}, "This is a whole number from 1 to 32767."),
        ({"number": "4", "max_power": "a lot"}, "This is a power in kW such as 22 or 7.4."),
        ({"number": "4", "max_power": "NaN"}, "This is a power in kW such as 22 or 7.4."),
        ({"number": "4", "physical_reference": "x" * 41}, "This is longer than 40 characters."),
    ],
)
def test_impossible_plugs_are_told_beside_the_field(operator, network, values, sentence):
    answer = operator.post("/console/stations/HILL-1/plugs/add", values)
    assert answer.status_code == 422
    assert sentence in answer.text


def test_a_plug_of_another_station_does_not_exist_here(operator, network):
    theirs = network.foreign.evses.get()
    others = network.busy.evses.first()
    for evse in (theirs, others):
        assert operator.post(f"/console/stations/HILL-1/plugs/{evse.pk}", {}).status_code == 404
        assert operator.post(f"/console/stations/HILL-1/connectors/{evse.connectors.get().pk}", {}).status_code == 404


@pytest.mark.parametrize("tail", ["edit", "remove", "plugs"])
def test_only_who_may_edits(browser_of, network, tail):
    assert browser_of("support").get(f"/console/stations/HILL-1/{tail}").status_code == 403
    assert browser_of("operator").get(f"/console/stations/VALE-1/{tail}").status_code == 404
