import pytest

from ohmstead.station.states import PlugState
from tests.network.heard import NOON, heard, plug
from tests.network.test_line import project


@pytest.fixture
def queries(database):
    from ohmstead.network import queries

    return queries


def fill(organisation, count):
    from ohmstead.network.models import Site, Station

    site = Site.objects.create(organisation=organisation, name="Mall")
    rows = Station.objects.bulk_create(
        Station(organisation=organisation, identity=f"ST-{n:03}", site=site, admission="accepted", online=n % 2 == 0)
        for n in range(count)
    )
    project(*(heard(each.id, plug(PlugState.AVAILABLE, evse=number)) for each in rows for number in (1, 2)))


def shown(stations):
    return [
        (each.identity, str(each.site), [len(evse.connectors.all()) for evse in each.evses.all()]) for each in stations
    ]


def test_s2_a_list_takes_three_statements_however_long(organisation, queries, statements):
    fill(organisation, 100)
    with statements() as seen:
        rows = shown(queries.stations(organisation))
    assert len(seen()) == 3
    assert rows[0] == ("ST-000", "Mall", [1, 1])
    assert len(rows) == 100


@pytest.mark.parametrize(
    ("asked", "count"),
    [({}, 6), ({"online": True}, 3), ({"search": " st-00 "}, 6), ({"search": "003"}, 1), ({"search": "zzz"}, 0)],
)
def test_stations_are_found(organisation, queries, asked, count):
    fill(organisation, 6)
    assert queries.stations(organisation, **asked).count() == count


def test_another_organisations_station_is_not_there(station, queries):
    from ohmstead.access.models import Organisation
    from ohmstead.network.errors import StationUnknown

    other = Organisation.objects.create(slug="dale", name="Dale")
    assert queries.station(station.organisation, station.id) == station
    assert queries.station_named(station.organisation, "st-1") == station
    with pytest.raises(StationUnknown):
        queries.station(other, station.id)
    with pytest.raises(StationUnknown, match="Dale has no station ST-1"):
        queries.station_named(other, "ST-1")


def test_the_overview_counts(organisation, queries, statements):
    from ohmstead.network.models import Station

    fill(organisation, 5)
    Station.objects.create(organisation=organisation, identity="NEW", admission="pending")
    with statements() as seen:
        overview = queries.overview(organisation)
    assert len(seen()) == 2
    assert (overview.stations, overview.online, overview.inbox) == (5, 3, 1)
    assert overview.plugs_by_state == {"available": 6}
    (site,) = queries.sites(organisation)
    assert (site.stations_total, site.stations_online, site.plugs_faulted) == (5, 3, 0)


def test_the_inbox_and_what_was_refused_at_the_door(organisation, queries):
    from tests.network.test_admission import admit, request

    admit(request("NEW-1"))
    assert [each.identity for each in queries.inbox(organisation)] == ["NEW-1"]
    organisation.unknown_stations = "refuse"
    organisation.save()
    admit(request("NEW-2"), request("NEW-3", organisation="nowhere"))
    assert [each.identity for each in queries.refusals(organisation)] == ["NEW-2"]
    assert [each.identity for each in queries.refusals(None)] == ["NEW-3"]


def test_what_a_station_page_shows(station, queries):
    from ohmstead.network import command_queries, commands
    from ohmstead.station.commands import ResetStation

    row = commands.queue(station.id, ResetStation(), at=NOON)
    assert list(command_queries.commands(station)) == [row]
    assert command_queries.command(station.organisation, row.id) == row
    assert list(queries.timeline(station)) == []
    assert list(queries.deviations(station)) == []
    assert list(queries.certificates(station)) == []
