"""Sites from a table, stations into service, and those that cannot get in."""

import re
import secrets
import subprocess
import sys

import pytest
from playwright.sync_api import expect
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.browser.chromium import keep_picture, serious_barriers
from tests.browser.steps import is_live, press
from tests.line.scripted import basic
from tests.run.instance import environment_of_a_person

pytestmark = pytest.mark.browser

COLUMNS = "name,city,time_zone,latitude,longitude\n"
WRONG = COLUMNS + "Old Brewery,Ampersham,Mars/Olympus,53.75,8.91\nNorth Lock,Ampersham,Europe/Berlin,153,8.92\n"
RIGHT = COLUMNS + "Old Brewery,Ampersham,Europe/Berlin,53.75,8.91\nNorth Lock,Ampersham,Europe/Berlin,53.76,8.92\n"


def choose(page, table):
    page.locator("#table").set_input_files({"name": "sites.csv", "mimeType": "text/csv", "buffer": table.encode()})
    press(page, "Look at it")


def test_sites_come_from_a_table_once_its_bad_rows_are_corrected(desk):
    page = desk.page
    page.goto("/console/import/sites")
    choose(page, WRONG)
    faults = page.locator("#faults tbody tr")
    expect(faults).to_have_count(2)
    expect(faults.nth(0)).to_contain_text("Mars/Olympus is no time zone")
    expect(faults.nth(0).locator("td").first).to_have_text("2")
    expect(faults.nth(1)).to_contain_text("latitude")
    expect(page.get_by_role("button", name="Apply all of it")).to_have_count(0)
    keep_picture(page, "journey-import-faults")
    choose(page, RIGHT)
    expect(page.get_by_text("North Lock")).to_be_visible()
    press(page, "Apply all of it")
    expect(page.get_by_role("status")).to_contain_text("Done: 2 created")
    page.goto("/console/sites?q=Old+Brewery")
    expect(page.get_by_role("link", name="Old Brewery").first).to_be_visible()


def test_an_unknown_station_is_accepted_and_its_checklist_fills(desk, field):
    page, identity = desk.page, f"WILD-{secrets.token_hex(2).upper()}"
    page.goto("/console/inbox")
    is_live(page)
    field.control(identity, "add", organisation="demo", ocpp="2.0.1")
    expect(page.locator("#inbox-news")).to_contain_text("The inbox has changed.")
    page.get_by_role("link", name="Show it as it is now").click()
    row = page.locator("tr", has_text=identity)
    keep_picture(page, "journey-inbox")
    row.get_by_role("link", name="Checklist").click()
    expect(page.locator('[data-step="accepted"]')).not_to_have_class(re.compile(r"\bdone\b"))
    page.goto("/console/inbox")
    row.get_by_label("Site").select_option(label="Hotel Heron")
    row.get_by_role("button", name="Accept").click()
    page.goto(f"/console/stations/{identity}/commission")
    for key in ("address", "protocol", "credentials", "accepted", "boot", "status", "clock"):
        expect(page.locator(f'[data-step="{key}"]')).to_have_class(re.compile(r"\bdone\b"), timeout=60_000)
    keep_picture(page, "journey-checklist")
    assert serious_barriers(page) == []


def test_a_wrong_password_is_explained_everywhere_one_would_look(desk, field, town):
    page, identity = desk.page, f"LOCKED-{secrets.token_hex(2).upper()}"
    field.api("POST", "/stations", {"identity": identity, "security_profile": 1})
    field.api("POST", f"/stations/{identity}/password", {})
    page.goto(f"/console/stations/{identity}/commission")
    is_live(page)
    address = f"ws://127.0.0.1:{town.ports['--ocpp-port']}/ocpp/demo/{identity}"
    with (
        pytest.raises(InvalidStatus),
        connect(address, subprotocols=["ocpp1.6"], additional_headers=basic(identity, "not-this-password-1")),  # type: ignore[list-item]
    ):
        pass
    expect(page.locator('[data-step="credentials"]')).to_contain_text("password")
    expect(page.locator('[data-step="credentials"]')).not_to_have_class(re.compile(r"\bdone\b"))
    keep_picture(page, "journey-wrong-password")
    page.goto("/console/inbox")
    expect(page.locator("#refusals tr", has_text=identity)).to_contain_text("password")
    said = doctor(town, identity)
    assert identity in said
    assert "password" in said, said


def doctor(town, identity):
    done = subprocess.run(
        [sys.executable, "-m", "ohmstead", "doctor", "--station", identity, "--data", str(town.folder.path)],
        capture_output=True, text=True, check=False, env=environment_of_a_person(),
    )  # fmt: skip
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout
