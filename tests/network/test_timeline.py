from datetime import UTC, datetime, timedelta

import pytest

from ohmstead.station.events import (
    Alive,
    Booted,
    CertificateRequested,
    FirmwareStatusChanged,
    FrameRejected,
    LogStatusChanged,
    SecurityEventRaised,
    StationNotice,
)
from ohmstead.station.states import PlugState
from ohmstead.wire import Mend
from tests.network.heard import NOON, connected, disconnected, heard, minutes, plug
from tests.network.test_authority import signing_request
from tests.network.test_line import project


def lines(station):
    from ohmstead.network.models import StationEvent

    return [(each.kind, each.title) for each in StationEvent.objects.filter(station=station).order_by("at", "id")]


@pytest.mark.parametrize(
    ("event", "line"),
    [
        pytest.param(Booted(vendor="V", model="M", reason="Watchdog"), ("boot", "Booted: Watchdog"), id="boot"),
        pytest.param(SecurityEventRaised(kind="TamperDetection", at=NOON), ("security", "TamperDetection"), id="safe"),
        pytest.param(FirmwareStatusChanged(status="Installed"), ("firmware", "Installed"), id="firmware"),
        pytest.param(LogStatusChanged(status="Uploaded"), ("log", "Uploaded"), id="log"),
        pytest.param(StationNotice(action="DataTransfer", payload={"a": "\x00"}), ("notice", "DataTransfer"), id="any"),
        pytest.param(FrameRejected(code="FormationViolation", text="?"), ("rejected", "FormationViolation"), id="bad"),
        pytest.param(plug(PlugState.FAULTED, error_code="HighTemperature"), ("fault", "HighTemperature"), id="fault"),
    ],
)
def test_what_a_station_tells_stands_on_its_timeline(station, event, line):
    project(heard(station.id, event))
    assert lines(station) == [line]


def test_connections_stand_on_the_timeline_and_heartbeats_do_not(station):
    project(connected(station.id), heard(station.id, Alive()), disconnected(station.id, at=minutes(1)))
    assert lines(station) == [("connection", "Connected"), ("connection", "Disconnected")]


def test_a_replay_writes_no_line_twice(station):
    notice = StationNotice(action="DataTransfer", payload={"n": 1})
    batch = [heard(station.id, notice, notice, seq=1), connected(station.id, seq=2)]
    project(*batch)
    project(*batch)
    assert len(lines(station)) == 3


def test_a_flood_of_bad_frames_leaves_a_few_lines(station):
    from ohmstead.network.models import StationEvent

    rejected = FrameRejected(code="FormationViolation", text="?")
    project(*(heard(station.id, rejected) for _ in range(300)))
    assert StationEvent.objects.count() == 5
    assert sum(each.detail.get("and_more", 0) for each in StationEvent.objects.all()) == 295


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(StationNotice(action="DataTransfer", payload={}), id="notices"),
        pytest.param(FrameRejected(code="FormationViolation", text="?"), id="bad frames"),
    ],
)
def test_a_station_that_says_the_same_all_day_leaves_a_few_lines_an_hour(station, event):
    for number in range(40):
        project(heard(station.id, event, at=NOON + timedelta(seconds=number)))
    assert len(lines(station)) == 10
    project(heard(station.id, StationNotice(action="NotifyEvent", payload={}), at=minutes(1)))
    project(heard(station.id, event, at=minutes(62)))
    assert len(lines(station)) == 12


def test_an_endless_notice_is_cut(station):
    from ohmstead.network.models import StationEvent

    project(heard(station.id, StationNotice(action="DataTransfer", payload={"data": "é" * 100_000})))
    detail = StationEvent.objects.get().detail
    assert detail["bytes"] > 100_000
    assert len(detail["cut"]) <= 16_000


def test_old_lines_and_all_beyond_a_thousand_are_forgotten(station):
    from ohmstead.network.models import StationEvent
    from ohmstead.network.timeline import forget_old

    StationEvent.objects.bulk_create(
        StationEvent(station=station, at=NOON - timedelta(minutes=n), kind="notice", title=str(n)) for n in range(1_100)
    )
    StationEvent.objects.create(station=station, at=NOON + timedelta(days=89), kind="notice", title="new")
    assert forget_old(NOON + timedelta(days=1)) == 101
    assert forget_old(NOON + timedelta(days=91)) == 999


def test_mends_are_counted_per_kind(station):
    from ohmstead.network.models import Deviation

    mend = Mend(code="no_zone", sentence="A time came without a zone.", raw="2026-05-04T12:00:00\x00")
    batch = [heard(station.id, Alive(), at=minutes(n), action="MeterValues", mends=(mend, mend)) for n in range(3)]
    project(*batch)
    project(*batch[:1])
    row = Deviation.objects.get()
    assert (row.code, row.action, row.count, row.example) == ("no_zone", "MeterValues", 8, "2026-05-04T12:00:00")
    assert (row.first_at, row.last_at) == (NOON, minutes(2))


@pytest.fixture
def secured(station, ca_folder):
    station.security_profile = 1
    station.save()
    return station


def test_a_signing_request_is_signed_and_the_delivery_queued_once(secured):
    from ohmstead.network.models import Certificate, Command

    request = heard(secured.id, CertificateRequested(csr_pem=signing_request("ST-1"), request_id=4), seq=1)
    project(request)
    project(request)
    command = Command.objects.get()
    assert (command.kind, command.state) == ("DeliverCertificate", "queued")
    assert command.command["request_id"] == 4
    assert command.command["chain_pem"].startswith("-----BEGIN CERTIFICATE-----")
    assert Certificate.objects.get().station == secured


@pytest.mark.parametrize(
    ("csr", "purpose", "changes", "because"),
    [
        pytest.param(signing_request("ST-2"), "station", {}, "not for ST-1", id="name of another"),
        pytest.param("\x00", "station", {}, "cannot be read", id="no request"),
        pytest.param(signing_request("ST-1"), "v2g", {}, "no authority for ISO 15118", id="for cars"),
        pytest.param(signing_request("ST-1"), "station", {"admission": "pending"}, "not been accepted", id="pending"),
        pytest.param(signing_request("ST-1"), "station", {"security_profile": 0}, "Set a password first", id="open"),
    ],
)
def test_a_signing_request_that_is_not_signed_is_explained(secured, csr, purpose, changes, because):
    from ohmstead.network.models import Certificate, StationEvent

    for name, value in changes.items():
        setattr(secured, name, value)
    secured.save()
    project(heard(secured.id, CertificateRequested(csr_pem=csr, purpose=purpose)))
    assert because in StationEvent.objects.get(title="Certificate not signed").detail["reason"]
    assert not Certificate.objects.exists()


def test_a_certificate_near_its_end_is_renewed_once_a_day(secured):
    from ohmstead.network import jobs
    from ohmstead.network.models import Command

    secured.online = True
    secured.save()
    asked_at = datetime.now(UTC)
    project(heard(secured.id, CertificateRequested(csr_pem=signing_request("ST-1")), at=asked_at))
    Command.objects.all().delete()
    jobs.renew_certificates(int(asked_at.timestamp()))
    assert not Command.objects.exists()
    near = asked_at + timedelta(days=375)
    jobs.renew_certificates(int(near.timestamp()))
    jobs.renew_certificates(int((near + timedelta(hours=1)).timestamp()))
    assert Command.objects.get().command["message"] == "SignChargingStationCertificate"
    jobs.renew_certificates(int((near + timedelta(hours=25)).timestamp()))
    assert Command.objects.count() == 2


def test_a_certificate_that_the_station_refused_does_not_put_off_the_renewal(secured):
    from ohmstead.network import certificate_queries, jobs
    from ohmstead.network.models import Certificate, Command

    secured.online = True
    secured.save()
    now = datetime.now(UTC)
    project(heard(secured.id, CertificateRequested(csr_pem=signing_request("ST-1")), at=now))
    delivery = Command.objects.get()
    soon = now + timedelta(days=9)
    Certificate.objects.create(
        station=secured, serial="1", fingerprint="1", not_before=now, not_after=soon, used_at=now
    )
    jobs.renew_certificates(int(now.timestamp()))
    assert Command.objects.count() == 1
    delivery.state = "rejected"
    delivery.save()
    assert certificate_queries.life(secured).renew_from == soon - timedelta(days=30)
    jobs.renew_certificates(int(now.timestamp()))
    assert Command.objects.filter(kind="TriggerMessage").count() == 1
