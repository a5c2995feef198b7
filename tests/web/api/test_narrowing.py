"""Lists are narrowed by the same words as those of the console; a session tells what happened in it."""

from datetime import timedelta

import pytest

from tests.web.little_network import command, reading, session


def identities(answer):
    return [each["identity"] for each in answer.json()["items"]]


def test_stations_by_the_version_they_speak(program, network):
    assert identities(program.get("/stations?protocol=ocpp2.0.1")) == ["HILL-3"]


def test_commands_by_words_and_time(program, network):
    command(network.free, "UnlockConnector", {"evse": 1})
    command(network.busy, "UnlockConnector", {"evse": 1})
    assert len(program.get("/commands?search=hill-1").json()["items"]) == 1
    assert program.get("/commands?since=2999-01-01T00:00:00Z").json()["items"] == []


@pytest.mark.parametrize(
    ("query", "number"), [("person=crm", 1), ("person=ada", 0), ("kind=site", 1), ("thing=nor", 1)]
)
def test_the_audit_trail_by_person_kind_and_thing(program, network, query, number):
    from ohmstead.access.models import AuditEntry

    AuditEntry.objects.all().delete()
    program.post("/sites", {"name": "North", "time_zone": "UTC"})
    assert len(program.get(f"/audit?{query}").json()["items"]) == number


def test_the_timeline_by_kind(program, network):
    from ohmstead.network.models import StationEvent

    for kind in ("boot", "security"):
        StationEvent.objects.create(station=network.free, at=network.free.created_at, kind=kind, title=kind, detail={})
    found = program.get("/stations/HILL-1/timeline?kind=boot").json()["items"]
    assert [each["kind"] for each in found] == ["boot"]


def test_what_a_station_trusts(program, network):
    from django.utils import timezone

    from ohmstead.network.models import InstalledCertificate

    InstalledCertificate.objects.create(
        station=network.free, kind="csms_root", hash_algorithm="SHA256", issuer_name_hash="aa", issuer_key_hash="bb",
        serial_number="5f3a", reported_at=timezone.now(),
    )  # fmt: skip
    (found,) = program.get("/stations/HILL-1/trusted-certificates").json()["items"]
    assert (found["kind"], found["serial_number"]) == ("csms_root", "5f3a")


def test_a_session_tells_what_happened_in_it(program, network):
    from ohmstead.charging.models import Closing, Mark, MeterReading
    from ohmstead.station.readings import ReadingContext

    running = session(network.busy, state="ended", stop_reason="driver", power_w=None)
    start = running.started_at
    running.ended_at = start + timedelta(minutes=30)
    running.save()
    for minute, state in ((1, "charging"), (10, "suspended_car"), (20, "charging")):
        at = start + timedelta(minutes=minute)
        Mark.objects.create(
            station_id=running.station_id, session_id=running.pk, at=at, evse=1, connector=0, state=state
        )
    reading(running, start, 1_000, 0.0, soc_percent=20.0)
    MeterReading.objects.update(context=ReadingContext.BEGIN)
    Closing.objects.create(session=running, as_of=start, reason="hung", asked_at=start + timedelta(minutes=25))
    told = program.get(f"/sessions/{running.pk}/events").json()["items"]
    assert [(each["kind"], each["detail"]) for each in told] == [
        ("started", ""),
        ("reading", "begin"),
        ("state", "charging"),
        ("state", "suspended_car"),
        ("state", "charging"),
        ("closed", "hung"),
        ("ended", "driver"),
    ]
    assert [each["resumed"] for each in told].index(True) == 4
    assert program.get(f"/sessions/{session(network.foreign).pk}/events").status_code == 404
