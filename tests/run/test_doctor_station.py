"""What the doctor says of a station that does not connect."""

from datetime import UTC, datetime, timedelta

import pytest

from ohmstead.run.environment import Environment

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def organisation(database):
    from ohmstead.access.models import Organisation

    return Organisation.objects.create(slug="main", name="Stadtwerke")


@pytest.fixture
def station(organisation):
    from ohmstead.network.models import Station

    def make(**fields):
        return Station.objects.create(**{"organisation": organisation, "identity": "OHM-1", **fields})

    return make


@pytest.fixture
def refused(organisation):
    from ohmstead.network.models import Refusal

    def note(code="password_wrong", sentence="Station OHM-1 gave a wrong password.", ago=timedelta(hours=2), count=12):
        return Refusal.objects.create(
            organisation=organisation,
            identity="OHM-1",
            code=code,
            sentence=sentence,
            remote_address="10.0.0.7",
            count=count,
            first_at=NOON - ago,
            last_at=NOON - ago,
        )

    return note


def said(identity="OHM-1"):
    from ohmstead.run.doctor.station import examine_station

    return [str(found) for found in examine_station(identity, Environment(), NOON)]


def test_an_unknown_station_is_told_its_address(database):
    first, second = said()
    assert first.startswith("LOOK")
    assert "/ocpp/OHM-1" in first
    assert "--host" in second


def test_an_unknown_station_that_knocked_is_told_why_it_was_refused(refused):
    refused("unknown_station", "Stadtwerke does not know station OHM-1. Add it in the console first.", count=1)
    (line,) = said()
    assert "Add it in the console first. Seen once, last 10:00 UTC from 10.0.0.7." in line


def test_a_pending_station_waits_in_the_inbox(station):
    station(admission="pending")
    assert "waits in the inbox: `ohmstead station accept OHM-1`" in said()[0]


def test_a_refused_station_is_told(station):
    station(admission="refused")
    assert "was refused by an operator" in said()[0]


def test_a_wrong_password_is_told_with_time_and_address(station, refused):
    station(admission="accepted")
    refused()
    assert any("wrong password. Seen 12 times, last 10:00 UTC from 10.0.0.7." in line for line in said())


def test_an_old_mistake_is_not_brought_up_once_it_is_in(station, refused):
    station(
        admission="accepted",
        online=True,
        connected_at=NOON - timedelta(hours=1),
        gateway="gateway-1",
        remote_address="10.0.0.7",
        dialect="ocpp1.6",
        last_seen_at=NOON - timedelta(minutes=1),
    )
    refused(ago=timedelta(hours=2))
    lines = said("ohm-1")
    assert all(line.startswith("ok") for line in lines)
    assert "through gateway-1 from 10.0.0.7 with ocpp1.6 since 11:00 UTC, last heard 11:59 UTC" in lines[1]


def test_an_offline_station_is_told_since_when(station):
    station(admission="accepted", connected_at=NOON - timedelta(days=2), disconnected_at=NOON - timedelta(days=1))
    assert "offline since 2026-11-21 12:00 UTC" in said()[1]


def test_what_cannot_be_an_identity_is_told_at_once(database):
    (line,) = said("OHM 1/Ä")
    assert "is not a station identity" in line
