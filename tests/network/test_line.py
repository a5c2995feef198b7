"""Presence and boot: whatever order entries come in, the newest connection's word stays."""

from datetime import timedelta
from itertools import permutations

import pytest

from ohmstead.station.events import Alive, Booted, MeterSampled
from ohmstead.station.states import PlugState
from tests.network.heard import NOON, connected, disconnected, heard, minutes, plug


def project(*batch):
    from django.db import transaction

    from ohmstead.network.projection import project

    with transaction.atomic():
        return project(batch)


def test_a_connected_station_is_online(station):
    told = project(connected(station.id))
    station.refresh_from_db()
    assert (station.online, station.connected_at, station.dialect, station.gateway) == (True, NOON, "ocpp1.6", "gw-1")
    assert station.last_seen_at == NOON
    assert told.stations == {station.organisation_id: {station.id}}


def test_a_disconnected_station_is_offline(station):
    station.epoch = 1
    station.save()
    project(connected(station.id), disconnected(station.id, at=minutes(5)))
    station.refresh_from_db()
    assert (station.online, station.disconnected_at, station.gateway) == (False, minutes(5), "")


LIFE = [
    ("connected", {"epoch": 1, "stream": 1, "seq": 1, "gateway": "gw-1"}),
    ("disconnected", {"epoch": 1, "stream": 1, "seq": 9}),
    ("connected", {"epoch": 2, "stream": 2, "seq": 4, "gateway": "gw-2"}),
]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_c2_s5_the_end_of_an_old_connection_never_hides_the_new_one(station, order):
    station.epoch, station.gateway = 2, "gw-2"  # as the second admission left it
    station.save()
    for index in order:
        name, fields = LIFE[index]
        project({"connected": connected, "disconnected": disconnected}[name](station.id, **fields))
    station.refresh_from_db()
    assert (station.online, station.gateway, station.link_epoch, station.link_stream) == (True, "gw-2", 2, 2)


def test_a_replayed_connection_does_not_bring_the_station_back(station):
    first = connected(station.id, seq=1)
    project(first, disconnected(station.id, seq=2, at=minutes(1)))
    project(first)
    station.refresh_from_db()
    assert not station.online


def test_the_old_gateway_stays_named_while_a_newer_admission_has_not_spoken(station):
    station.epoch, station.gateway = 2, "gw-2"
    station.save()
    project(connected(station.id, epoch=1, seq=1), disconnected(station.id, epoch=1, seq=2))
    station.refresh_from_db()
    assert (station.online, station.gateway) == (False, "gw-2")


def test_a_boot_says_what_the_station_is(station):
    event = Booted(vendor="Hill", model="Box\x00", serial="s" * 99, firmware=None, reason="PowerUp")
    project(heard(station.id, event))
    project(heard(station.id, Booted(vendor="Old", model="Old"), at=minutes(-5)))
    station.refresh_from_db()
    assert (station.vendor, station.model, station.firmware) == ("Hill", "Box", "")
    assert station.serial == "s" * 64
    assert station.booted_at == NOON


def test_last_seen_is_written_once_in_ten_seconds(station, statements):
    project(heard(station.id, Alive()))
    with statements() as seen:
        project(heard(station.id, Alive(), at=NOON + timedelta(seconds=5)))
    assert len(seen()) == 1
    station.refresh_from_db()
    assert station.last_seen_at == NOON
    project(heard(station.id, Alive(), at=NOON + timedelta(seconds=12)))
    station.refresh_from_db()
    assert station.last_seen_at == NOON + timedelta(seconds=12)


def test_our_own_words_do_not_make_a_station_seen(station):
    from ohmstead.journal.entry import EntryKind

    project(
        heard(station.id, kind=EntryKind.SENT),
        heard(station.id, kind=EntryKind.ANSWERED, frame=None),
        disconnected(station.id),
    )
    station.refresh_from_db()
    assert station.last_seen_at is None


def test_c7_events_of_a_deleted_station_are_passed_over(station):
    from ohmstead.network.models import Evse

    gone = station.id
    station.delete()
    assert project(connected(gone), heard(gone, plug(PlugState.AVAILABLE))).stations == {}
    assert not Evse.objects.exists()


def test_meter_values_cost_one_statement_however_many(station, statements):
    project(heard(station.id, Alive()))
    batch = [heard(station.id, MeterSampled(evse=1, readings=())) for _ in range(500)]
    with statements() as seen:
        assert project(*batch).stations == {}
    assert len(seen()) == 1
