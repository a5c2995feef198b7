"""What keeps a station well: its settings, its firmware, its log, its certificate."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import keep_picture
from tests.browser.field import Field
from tests.browser.steps import ask, outcome, press

pytestmark = pytest.mark.browser

HEARTBEAT = re.compile("HeartbeatInterval")


@pytest.fixture(scope="module")
def station(field: Field) -> str:
    return field.station(label="CARE")


def test_settings_are_read_changed_and_mended_when_they_drift(desk, field, station):
    page, address = desk.page, f"/console/stations/{station}/configuration"
    page.goto(address)
    press(page, "Read all again")
    page.goto(f"{address}?q=HeartbeatInterval")
    page.locator("#values").get_by_role("link", name=HEARTBEAT).click()
    name = page.locator("#name").input_value()
    page.locator("#value").fill("240")
    press(page, "Change")
    page.goto(address)
    expect(page.locator("#drift")).to_contain_text("Everything is as you want it")
    field.api("POST", f"/stations/{station}/settings", {"values": [{"name": name, "value": "900"}], "keep": False})
    expect(page.locator("#drift")).to_contain_text("1 setting differs from what you want")
    expect(page.locator("#drift")).to_contain_text("900")
    keep_picture(page, "journey-drift")
    page.locator("#drift").get_by_role("button", name="Set again").click()
    page.goto(address)
    expect(page.locator("#drift")).to_contain_text("Everything is as you want it")
    keep_picture(page, "journey-drift-mended")


def test_firmware_fails_is_asked_again_and_the_station_starts_with_it(desk, field, station):
    page = desk.page
    page.goto("/console/firmware")
    page.locator("#file").set_input_files(
        {"name": "stele-2.8.1.bin", "mimeType": "application/octet-stream", "buffer": b"\x7fSTELE" * 500}
    )
    page.locator("#vendor").fill("Nordlade")
    page.locator("#model").fill("Stele 2")
    page.locator("#version").fill("2.8.1")
    press(page, "Add")
    field.control(station, "spoil", work="firmware")
    page.goto(f"/console/stations/{station}/firmware")
    page.locator("#image").select_option(label="2.8.1")
    press(page, "Update")
    outcome(page, "Downloading")
    outcome(page, "DownloadFailed")
    keep_picture(page, "journey-firmware-failed")
    press(page, "Ask again")
    outcome(page, "Installing")
    page.goto(f"/console/stations/{station}/firmware")
    expect(page.locator("#updates")).to_contain_text("started with 2.8.1", timeout=60_000)
    keep_picture(page, "journey-firmware")
    field.until_online(station)


def test_a_log_is_asked_for_and_downloaded(desk, field, station):
    page = desk.page
    field.control(station, "card", evse=1, card="STRANGER")  # something for the log to tell
    page.goto(f"/console/stations/{station}/firmware")
    press(page, "Ask for it")
    outcome(page, "Received")
    page.goto(f"/console/stations/{station}/firmware")
    expect(page.locator("#files")).to_contain_text("Received")
    keep_picture(page, "journey-log")
    with page.expect_download() as coming:
        page.locator("#files").get_by_role("link", name="Download").click()
    assert station in coming.value.suggested_filename
    assert "STRANGER" in coming.value.path().read_text()


def test_a_log_that_cannot_be_sent_says_so(desk, field, station):
    field.control(station, "spoil", work="log")
    page = desk.page
    page.goto(f"/console/stations/{station}/firmware")
    press(page, "Ask for it")
    outcome(page, "UploadFailure")


def test_a_certificate_is_signed_and_renewed(desk):
    """At a station that shows a password: anybody could ask in the name of one that does not."""
    page, address = desk.page, "/console/stations/OHM-OFFICE-12/certificates"
    rows = page.locator("#certificates .lives > li")
    for count in (1, 2):
        page.goto(address)
        press(page, "Renew")
        expect(rows).to_have_count(count)
        expect(rows.first).to_contain_text("Accepted, not used yet")
    keep_picture(page, "journey-certificates")


def test_a_certificate_is_refused_to_a_station_without_a_password(desk, station):
    page = desk.page
    ask(page, station, "trigger_message", message="SignChargingStationCertificate")
    outcome(page, "Accepted")
    page.goto(f"/console/stations/{station}/timeline")
    expect(page.locator("#moments")).to_contain_text("Certificate not signed")
    expect(page.locator("#moments")).to_contain_text("Set a password first")
