"""Stations changed, moved, removed and brought back; their plugs edited."""

import pytest

from tests.network.test_network_actions import announced
from tests.network.test_site_actions import newest_audit


@pytest.fixture
def by(database):
    from ohmstead.access.actors import Actor
    from ohmstead.access.models import User

    return Actor.of_user(User.objects.create_user("ann@hill.example", name="Ann"))


@pytest.fixture
def actions(database):
    from ohmstead.network import actions

    return actions


@pytest.fixture
def plugs(database):
    from ohmstead.network import plug_actions

    return plug_actions


def test_name_place_and_notes_are_changed(station, actions, by):
    actions.update_station(station, by=by, name="North 1", latitude=52.5, longitude=13.4, notes="Key at the desk")
    assert newest_audit()[2]["before"] == {"name": "", "latitude": None, "longitude": None, "notes": ""}
    actions.update_station(station, by=by, latitude=None, longitude=None)
    station.refresh_from_db()
    assert (station.name, station.latitude) == ("North 1", None)


def test_what_cannot_be_is_said_beside_its_field(station, actions, by):
    from ohmstead.network.errors import BadValues

    with pytest.raises(BadValues) as refused:
        actions.update_station(station, by=by, name="x" * 121, latitude=200)
    assert set(refused.value.problems) == {"name", "latitude"}
    station.refresh_from_db()
    assert station.name == ""


def test_moving_tells_from_where_to_where(station, organisation, actions, by):
    from ohmstead.network.site_actions import create_site

    actions.move_station(station, create_site(organisation, by=by, name="Mall"), by=by)
    assert newest_audit() == ("station.moved", "Ann", {"before": "", "after": "Mall"})


def test_a_removed_station_is_out_of_every_list_and_its_connection_is_closed(station, organisation, actions, by):
    from ohmstead.network import queries

    actions.remove_station(station, by=by)
    actions.remove_station(station, by=by)
    assert announced() == [("refused", "The operator removed this station.")]
    assert list(queries.stations(organisation)) == []
    assert list(queries.refused_stations(organisation)) == []
    assert list(queries.removed_stations(organisation)) == [station]


def test_a_removed_station_comes_back_as_it_was(station, organisation, actions, plugs, by):
    from ohmstead.network import queries

    plugs.add_evse(station, 1, by=by, max_power_w=22_000)
    actions.remove_station(station, by=by)
    actions.restore_station(station, by=by)
    (found,) = queries.stations(organisation)
    assert [evse.max_power_w for evse in found.evses.all()] == [22_000]
    assert announced()[-1] == ("accepted", "")


def test_a_station_comes_back_without_the_site_that_went(station, organisation, actions, by):
    from ohmstead.network.site_actions import create_site, remove_site

    mall = create_site(organisation, by=by, name="Mall")
    actions.move_station(station, mall, by=by)
    actions.remove_station(station, by=by)
    remove_site(mall, by=by)
    actions.restore_station(station, by=by)
    station.refresh_from_db()
    assert station.site is None


def test_adding_a_removed_station_anew_points_to_the_old_one(station, organisation, actions, by):
    from ohmstead.network.errors import StationExists

    actions.remove_station(station, by=by)
    with pytest.raises(StationExists, match=r"Station ST-1 was removed on .* Bring it back instead."):
        actions.create_station(organisation, "st-1", by=by)


def test_what_waits_in_the_inbox_is_decided_there(station, actions, by):
    from ohmstead.network.errors import StationNotInService

    station.admission = "pending"
    station.save()
    with pytest.raises(StationNotInService, match="decide about it in the inbox"):
        actions.remove_station(station, by=by)


def test_plugs_are_added_changed_and_removed(station, plugs, by):
    evse = plugs.add_evse(station, 1, by=by, physical_reference="A3", max_power_w=150_000)
    connector = plugs.add_connector(evse, 1, by=by, standard="iec_62196_t2_combo", format="cable", power_type="DC")
    plugs.update_connector(connector, by=by, max_current_a=500, max_voltage_v=920)
    assert newest_audit() == (
        "connector.changed",
        "Ann",
        {
            "evse": 1,
            "connector": 1,
            "before": {"max_current_a": None, "max_voltage_v": None},
            "after": {"max_current_a": 500, "max_voltage_v": 920},
        },
    )
    connector.refresh_from_db()
    assert (connector.standard, connector.format) == ("IEC_62196_T2_COMBO", "CABLE")
    plugs.update_evse(evse, by=by, max_power_w=None)
    plugs.remove_connector(connector, by=by)
    plugs.remove_evse(evse, by=by)
    assert not station.evses.exists()
    assert newest_audit()[0] == "evse.removed"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        pytest.param({"standard": "TYPE2"}, "standard", id="not a word of OCPI"),
        pytest.param({"format": "HOSE"}, "format", id="neither socket nor cable"),
        pytest.param({"power_type": "STEAM"}, "power_type", id="no kind of power"),
        pytest.param({"max_power_w": 0}, "max_power_w", id="no power at all"),
        pytest.param({"max_current_a": "many"}, "max_current_a", id="not a number"),
        pytest.param({"max_voltage_v": 99_999}, "max_voltage_v", id="out of this world"),
    ],
)
def test_impossible_plugs_are_refused_by_field(station, plugs, by, values, field):
    from ohmstead.network.errors import BadValues

    evse = plugs.add_evse(station, 1, by=by)
    with pytest.raises(BadValues) as refused:
        plugs.add_connector(evse, 1, by=by, **values)
    assert set(refused.value.problems) == {field}


@pytest.mark.parametrize("number", [0, -1, 40_000, None])
def test_numbers_count_from_one(station, plugs, by, number):
    from ohmstead.network.errors import BadValues

    with pytest.raises(BadValues):
        plugs.add_evse(station, number, by=by)


def test_a_number_stands_once(station, plugs, by):
    from ohmstead.network.errors import PlugExists

    plugs.add_connector(plugs.add_evse(station, 1, by=by), 1, by=by)
    with pytest.raises(PlugExists, match="There is a number 1 already"):
        plugs.add_evse(station, 1, by=by)
