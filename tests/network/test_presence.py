"""A gateway that falls silent takes its stations with it; one that comes back brings them back."""

from datetime import timedelta

import pytest

from ohmstead.bus.messages import GatewaySeen
from tests.network.heard import NOON, connected, disconnected
from tests.network.test_line import project


def seconds(number):
    return NOON + timedelta(seconds=number)


def word(name="gw-1", *, stream=1, connections=1):
    return GatewaySeen(gateway=name, stream=stream, connections=connections, entries_total=7)


@pytest.fixture
def presence(database):
    from ohmstead.network import presence

    return presence


@pytest.fixture
def online(station, presence):
    """Connected to the first process of gw-1, which spoke at noon."""
    station.epoch, station.gateway = 1, "gw-1"
    station.save()
    presence.gateways_seen([word()], NOON)
    project(connected(station.id, seq=1))
    return station


def is_online(station):
    station.refresh_from_db()
    return station.online


def test_c1_stations_of_a_silent_gateway_go_offline_as_of_its_last_word(online, presence):
    assert presence.sweep(seconds(15)) == {}
    assert is_online(online)
    assert presence.sweep(seconds(16)) == {online.organisation_id: {online.id}}
    assert not is_online(online)
    assert online.disconnected_at == NOON
    assert presence.sweep(seconds(17)) == {}


def test_a_gateway_that_was_only_cut_off_brings_its_stations_back(online, presence):
    presence.sweep(seconds(60))
    assert presence.gateways_seen([word()], seconds(61)) == {online.organisation_id: {online.id}}
    assert is_online(online)
    assert online.disconnected_at is None


def test_a_station_that_left_meanwhile_is_not_brought_back(online, presence):
    presence.sweep(seconds(60))
    project(disconnected(online.id, seq=2, at=seconds(30)))
    presence.gateways_seen([word()], seconds(61))
    assert not is_online(online)


def test_a_gateway_that_starts_anew_has_none_of_its_old_connections(online, presence):
    presence.gateways_seen([word(stream=2, connections=0)], seconds(3))
    assert not is_online(online)
    assert online.disconnected_at == NOON
    project(connected(online.id, epoch=2, stream=2, seq=1))
    presence.gateways_seen([word(stream=2)], seconds(6))
    assert is_online(online)


def test_a_station_that_moved_on_stays_when_its_old_gateway_dies(online, presence):
    from tests.network.test_admission import admit, request

    admit(request(gateway="gw-2"))
    project(connected(online.id, gateway="gw-2", epoch=2, stream=2, seq=1))
    presence.gateways_seen([word("gw-2", stream=2)], seconds(10))
    assert presence.sweep(seconds(20)) == {}
    assert is_online(online)


def test_gateways_are_told_with_their_health(online, presence):
    from ohmstead.network.queries import gateways

    presence.gateways_seen([word("gw-2", stream=2, connections=4)], seconds(20))
    assert [(each.name, each.connections, each.lost) for each in gateways(seconds(21))] == [
        ("gw-1", 1, True),
        ("gw-2", 4, False),
    ]


def test_a_gateway_gone_for_a_day_is_forgotten(online, presence):
    from ohmstead.network.models import Gateway

    presence.sweep(NOON + timedelta(days=2))
    assert not Gateway.objects.exists()
    assert not is_online(online)
