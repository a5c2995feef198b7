"""What lists show of a station is right whoever writes plugs and sessions, and says what the console's rule says."""

from datetime import UTC, datetime

import pytest

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def network(database):
    from tests.web.little_network import build

    return build()


def shown(station):
    from ohmstead.network.models import Station
    from ohmstead.web.console.station_states import with_shown_state

    return with_shown_state(Station.objects.all()).get(pk=station.pk).shown


def test_every_state_of_a_plug_and_of_a_session_has_the_rank_the_console_gives_it():
    from django.db import connection

    from ohmstead.station.states import ChargingState, PlugState
    from ohmstead.web.console.station_states import RANKS, SHOWN_STATES

    with connection.cursor() as cursor:
        for state in [*PlugState, *ChargingState, "never heard of"]:
            cursor.execute("SELECT charging_rank(%s)", [str(state)])
            assert cursor.fetchone() == (RANKS.get(state, SHOWN_STATES.index("unknown")),), state


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        pytest.param(["available", "available"], "available", id="all free"),
        pytest.param(["available", "charging"], "charging", id="one charges"),
        pytest.param(["faulted", "charging"], "faulted", id="trouble comes first"),
        pytest.param(["reserved", "unavailable"], "reserved", id="reserved before out of service"),
        pytest.param([], "unknown", id="no plugs known"),
    ],
)
def test_of_several_plugs_the_one_that_matters_most_is_shown(network, states, expected):
    from tests.web.little_network import station

    assert shown(station(network.hill, "NEW-1", network.market, states)) == expected


def test_a_plug_that_changes_changes_its_station_and_no_other(network):
    network.free.evses.filter(number=2).update(state="faulted")
    assert shown(network.free) == "faulted"
    assert shown(network.busy) == "charging"
    network.free.evses.filter(number=2).delete()
    assert shown(network.free) == "available"


def test_an_occupied_plug_is_shown_by_what_its_session_does(network):
    from ohmstead.charging.models import Session
    from tests.web.little_network import session, station

    modern = station(network.hill, "NEW-2", network.market, ["occupied"], dialect="ocpp2.1")
    assert shown(modern) == "preparing"
    running = session(modern, evse=1, charging_state="charging")
    assert shown(modern) == "charging"
    Session.objects.filter(pk=running.pk).update(charging_state="suspended_car")
    assert shown(modern) == "suspended"
    Session.objects.filter(pk=running.pk).update(state="ended", open_until=datetime.now(UTC))
    assert shown(modern) == "preparing"
    Session.objects.filter(pk=running.pk).update(state="running", open_until=None)
    assert shown(modern) == "suspended"
    Session.objects.filter(pk=running.pk).delete()
    assert shown(modern) == "preparing"


def test_a_station_goes_with_its_plugs_and_sessions(network):
    from ohmstead.charging.models import Standing
    from tests.web.little_network import session

    session(network.busy)
    network.busy.delete()
    assert not Standing.objects.filter(station=network.busy.pk).exists()
    assert Standing.objects.filter(station=network.free).exists()


def test_what_a_station_says_of_itself_is_kept_beside_what_its_plugs_say(network):
    from django.db import connection

    from ohmstead.charging.models import Standing
    from ohmstead.network.models import Station
    from ohmstead.station.states import PlugState
    from ohmstead.web.console.station_states import OWN_RANKS, SHOWN_STATES
    from tests.web.little_network import station

    unknown = SHOWN_STATES.index("unknown")
    with connection.cursor() as cursor:
        for state in PlugState:
            cursor.execute("SELECT charging_own_rank(%s)", [str(state)])
            assert cursor.fetchone() == (OWN_RANKS.get(state, unknown),), state

    made = station(network.hill, "NEW-4", network.market, ["available", "faulted", "unavailable", "charging"])
    row = Standing.objects.get(pk=made.pk)
    counted = (row.plugs, row.free, row.charging, row.faulted, row.out_of_use)
    assert counted == (4, 1, 1, 1, 1)
    assert (row.organisation, row.site_id, row.apart) == (network.hill, network.market.pk, False)
    assert (row.in_service, row.online, shown(made)) == (True, True, "faulted")

    Station.objects.filter(pk=made.pk).update(online=False, site=None, admission="refused")
    row.refresh_from_db()
    assert (row.in_service, row.online, row.site_id, row.apart) == (False, False, None, True)
    assert shown(made) == "offline"
    made.evses.update(state="available")
    row.refresh_from_db()
    assert (row.free, row.online, shown(made)) == (4, False, "offline")
    Station.objects.filter(pk=made.pk).update(online=True, state="unavailable")
    assert shown(made) == "unavailable"
