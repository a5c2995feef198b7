"""What stations say later, on the row of the command that began it."""

from datetime import timedelta

import pytest

from ohmstead.journal.entry import EntryKind
from ohmstead.station import commands as c
from ohmstead.station.events import CommandAnswered, FirmwareStatusChanged, LogStatusChanged, StationNotice
from tests.network.heard import NOON, heard, minutes
from tests.network.test_line import project

FIRMWARE = c.UpdateFirmware(url="https://charge.example/1", retrieve_at=NOON, request_id=9)


def ask(station, command, answer, *, at=NOON, action="X"):
    """A command the station has answered."""
    from ohmstead.network import commands, dispatch

    row = commands.queue(station.id, command, at=at)
    dispatch.claim(at)
    event = CommandAnswered(message_id=str(row.id), action=action, payload=answer)
    project(heard(station.id, event, kind=EntryKind.ANSWERED, at=at, frame=b"[3]"))
    row.refresh_from_db()
    return row


def notice(station, action, *, at=NOON, **payload):
    return project(heard(station.id, StationNotice(action=action, payload=payload), at=at))


@pytest.fixture
def online(station):
    station.gateway, station.online = "gw-1", True
    station.save()
    return station


def test_parts_of_a_report_are_kept_until_the_last(online):
    row = ask(online, c.GetInventory(request_id=9), {"status": "Accepted"})
    assert (row.state, row.work) == ("accepted", "running")
    notice(online, "NotifyReport", requestId=9, seqNo=0, tbc=True, reportData=[])
    row.refresh_from_db()
    assert row.work == "running"
    told = notice(online, "NotifyReport", requestId=9, seqNo=1, at=minutes(1))
    row.refresh_from_db()
    assert (row.work, row.progress_at) == ("done", minutes(1))
    assert [(each.number, each.last, each.payload["seqNo"]) for each in row.reports.order_by("number")] == [
        (0, False, 0),
        (1, True, 1),
    ]
    assert told.commands == {online.organisation_id: {row.id}}


@pytest.mark.parametrize(
    ("command", "action"),
    [
        (c.GetReport(request_id=9), "NotifyReport"),
        (c.GetMonitors(request_id=9), "NotifyMonitoringReport"),
        (c.GetChargingProfiles(request_id=9), "ReportChargingProfiles"),
        (c.GetDisplayMessages(request_id=9), "NotifyDisplayMessages"),
        (c.GetCustomerInformation(customer="Ann", request_id=9), "NotifyCustomerInformation"),
        (c.GetGridControls(request_id=9), "ReportDERControl"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_every_report_finds_its_command(online, command, action):
    row = ask(online, command, {"status": "Accepted"})
    notice(online, action, requestId=8)
    notice(online, action, requestId=9)
    row.refresh_from_db()
    assert row.work == "done"
    assert row.reports.get().action == action


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        pytest.param(c.GetInventory(), {"status": "Rejected"}, id="rejected"),
        pytest.param(c.GetInventory(), {"status": "EmptyResultSet"}, id="nothing there"),
        pytest.param(c.GetChargingProfiles(), {"status": "NoProfiles"}, id="no profiles"),
        pytest.param(c.GetSettings(), {"configurationKey": []}, id="answered at once"),
        pytest.param(c.GetLog(url="https://charge.example/1"), {}, id="1.6: nothing to upload"),
        pytest.param(c.ResetStation(), {"status": "Accepted"}, id="nothing follows"),
    ],
)
def test_nothing_is_awaited_when_nothing_was_begun(online, command, answer):
    assert ask(online, command, answer).work == ""


def test_a_report_of_everything_is_known_by_its_number(online):
    row = ask(online, c.GetSettings(), {"status": "Accepted"})
    notice(online, "NotifyReport", requestId=1, seqNo=0)
    row.refresh_from_db()
    assert row.work == "done"


@pytest.mark.parametrize(
    ("words", "work", "reason"),
    [
        pytest.param(["Downloading", "Downloaded"], "running", "", id="under way"),
        pytest.param(["Downloading", "Downloaded", "Installing", "Installed"], "done", "", id="installed"),
        pytest.param(["Downloading", "DownloadFailed"], "failed", "DownloadFailed", id="download failed"),
        pytest.param(["Downloaded", "InvalidSignature"], "failed", "InvalidSignature", id="bad signature"),
        pytest.param(["DownloadFailed", "Installed"], "failed", "DownloadFailed", id="what is over stays over"),
        pytest.param(["Downloading", "Idle"], "running", "", id="idle says nothing"),
    ],
)
@pytest.mark.parametrize("request_id", [9, None], ids=["numbered", "1.6"])
def test_firmware_progress(online, words, work, reason, request_id):
    row = ask(online, FIRMWARE, {"status": "Accepted"} if request_id else {})
    project(*(heard(online.id, FirmwareStatusChanged(status=word, request_id=request_id)) for word in words))
    row.refresh_from_db()
    assert (row.work, row.reason if row.work == "failed" else "") == (work, reason)


def test_a_log_is_uploaded(online):
    row = ask(online, c.GetLog(url="https://charge.example/1", request_id=9), {"status": "Accepted", "filename": "a"})
    project(heard(online.id, LogStatusChanged(status="Uploading", request_id=9), at=minutes(1)))
    project(heard(online.id, LogStatusChanged(status="Uploaded", request_id=9), at=minutes(2)))
    row.refresh_from_db()
    assert (row.work, row.progress) == ("done", "Uploaded")
    assert [line["state"] for line in row.history][-3:] == ["accepted", "Uploading", "Uploaded"]


def test_progress_after_a_lost_answer_counts(online):
    from ohmstead.network import commands, dispatch

    row = commands.queue(online.id, FIRMWARE, at=NOON)
    dispatch.claim(NOON)
    dispatch.end({row.id: c.CommandOutcome(state="timed_out")}, NOON)
    project(heard(online.id, FirmwareStatusChanged(status="Downloading", request_id=9)))
    row.refresh_from_db()
    assert (row.state, row.work) == ("accepted", "running")


def test_another_stations_word_changes_nothing(online, organisation):
    from ohmstead.network.models import Station

    row = ask(online, FIRMWARE, {"status": "Accepted"})
    other = Station.objects.create(organisation=organisation, identity="ST-2", admission="accepted")
    project(heard(other.id, FirmwareStatusChanged(status="Installed", request_id=9)))
    row.refresh_from_db()
    assert row.work == "running"


def test_secrets_in_reports_and_answers_are_not_kept(online):
    row = ask(
        online,
        c.GetSettings(),
        {"configurationKey": [{"key": "AuthorizationKey", "value": "hush"}, {"key": "Heartbeat", "value": "60"}]},
        action="GetConfiguration",
    )
    assert "hush" not in str(row.answer)
    assert row.answer["configurationKey"][1]["value"] == "60"
    row = ask(online, c.GetInventory(request_id=9), {"status": "Accepted"})
    data = {
        "component": {"name": "SecurityCtrlr"},
        "variable": {"name": "BasicAuthPassword"},
        "variableAttribute": [{"type": "Actual", "value": "hush"}],
    }
    notice(online, "NotifyReport", requestId=9, seqNo=0, reportData=[data])
    assert "hush" not in str(row.reports.get().payload)


def test_a_report_without_end_is_cut(online):
    from ohmstead.network import followups

    row = ask(online, c.GetInventory(request_id=9), {"status": "Accepted"})
    event = StationNotice(action="NotifyReport", payload={"requestId": 9, "tbc": True})
    project(*(heard(online.id, event) for _ in range(followups.MOST_PARTS + 5)))
    assert row.reports.count() == followups.MOST_PARTS


@pytest.mark.parametrize(
    ("command", "silent_for", "work"),
    [
        pytest.param(c.GetInventory(), timedelta(minutes=14), "running", id="a report still comes"),
        pytest.param(c.GetInventory(), timedelta(minutes=16), "failed", id="a report that broke off"),
        pytest.param(FIRMWARE, timedelta(hours=11), "running", id="firmware takes its time"),
        pytest.param(FIRMWARE, timedelta(hours=13), "failed", id="firmware that fell silent"),
    ],
)
def test_work_of_which_nothing_is_heard_is_given_up(online, command, silent_for, work):
    from django.db import transaction

    from ohmstead.network import followups

    row = ask(online, command, {"status": "Accepted"})
    with transaction.atomic():
        followups.give_up_silent(NOON + silent_for)
    row.refresh_from_db()
    assert row.work == work
