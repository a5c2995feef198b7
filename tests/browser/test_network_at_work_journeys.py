"""Many stations at once, a session while it grows, a console that dies, and a browser without scripts."""

import os
import re
import secrets
import signal

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import keep_picture
from tests.browser.steps import OWNER, ask, is_live, outcome, press

pytestmark = pytest.mark.browser


def ask_all(page, prefix, count):
    page.goto(f"/console/bulk?q={prefix}")
    page.locator("#operation").select_option("change_availability")
    press(page, "Go on")
    page.locator("#f-operative").select_option("no")
    page.locator("#pace").fill("1")
    page.locator("#f-count").fill(str(count))
    press(page, "Ask them all")


def test_many_are_taken_out_of_use_one_refuses_and_is_asked_again(desk, field):
    page, prefix = desk.page, f"BULK-{secrets.token_hex(2).upper()}"
    stations = [field.station(label=prefix) for _ in range(3)]
    field.control(stations[1], "refuse", action="ChangeAvailability", why="A bus needs it tonight.")
    ask_all(page, prefix, 3)
    body = page.locator("#bulk-body")
    expect(body).to_contain_text("100 %")
    expect(body.locator(".chip", has_text="Accepted")).to_contain_text("2")
    expect(body.locator("tr", has_text=stations[1])).to_contain_text("A bus needs it tonight.")
    keep_picture(page, "journey-bulk")
    field.control(stations[1], "obey")
    press(page, "Ask 1 again")
    expect(body.locator("tr", has_text=stations[1])).to_contain_text("Accepted")
    page.goto(f"/console/stations?q={prefix}")
    for identity in stations:
        expect(page.locator("#station-rows tr", has_text=identity)).to_contain_text("Unavailable")


def test_the_chart_of_a_session_grows_while_one_looks(desk, field):
    page, identity = desk.page, field.station(label="GROW")
    every_second = [{"name": "SampledDataCtrlr.TxUpdatedInterval", "value": "1"}]
    field.api("POST", f"/stations/{identity}/settings", {"values": every_second, "keep": False})
    page.goto(f"/console/sessions/{field.charge(identity)}")
    is_live(page)
    page.evaluate("() => { document.body.dataset.kept = 'yes' }")
    chart = page.locator("#session-body svg.chart").first
    before = chart.inner_html()
    expect(chart).not_to_have_js_property("innerHTML", before)
    energy = page.locator("#session-body").inner_text()
    expect(page.locator("#session-body")).not_to_have_text(energy)
    expect(page.locator("body")).to_have_attribute("data-kept", "yes")
    keep_picture(page, "journey-session-grows")
    field.control(identity, "unplug", evse=1)


def test_when_the_stream_is_lost_every_page_says_so_and_catches_up(desk, field, town):
    identity = field.station(label="LOST")
    addresses = (f"/console/stations/{identity}", f"/console/stations?q={identity}", "/console/sessions")
    pages = [desk.tab() for _ in addresses]
    for page, address in zip(pages, addresses, strict=True):
        page.goto(address)
        is_live(page)
    pid = town.pid_of("web")
    os.kill(pid, signal.SIGKILL)
    field.control(identity, "offline")
    for page in pages:
        expect(page.locator("#live")).to_have_attribute("data-live", "paused")
        expect(page.locator("#live")).to_contain_text(re.compile(r"Paused \d\d:\d\d, reconnecting"))
    keep_picture(pages[0], "journey-stream-lost")
    for page in pages:
        expect(page.locator("#live")).to_have_attribute("data-live", "on", timeout=60_000)
    expect(pages[0].locator("#station-head")).to_contain_text("Offline")
    expect(pages[1].locator("#station-rows")).to_contain_text("Offline")
    desk.complaints.clear()  # the browser rightly complains of the refused connections in between
    for page in pages:
        page.close()


@pytest.fixture
def plain(visitor):
    someone = visitor(java_script_enabled=False)
    page = someone.sign_in(OWNER["email"], OWNER["password"])
    expect(page.get_by_text("Not live: reload for the newest state")).to_be_visible()
    return page


def test_without_scripts_a_site_is_added_and_a_member_invited(plain):
    plain.goto("/console/add/site")
    plain.locator("#name").fill("Lower Ferry")
    press(plain, "Save")
    expect(plain.get_by_role("heading", level=1)).to_have_text("Lower Ferry")
    plain.goto("/console/members")
    plain.locator("#email").fill("nora@ampersham.example")
    press(plain, "Send invitation")
    expect(plain.get_by_text("nora@ampersham.example").first).to_be_visible()


def test_without_scripts_a_station_and_many_are_asked(plain, field):
    identity = field.station(label="PLAIN")
    field.control(identity, "refuse", action="UnlockConnector", why="Not now.")
    ask(plain, identity, "unlock_connector", evse="1")
    until(plain, lambda: "Not now." in plain.locator("#command-body").inner_text())
    outcome(plain, "Rejected", "Not now.")
    ask_all(plain, identity, 1)
    until(plain, lambda: "100 %" in plain.locator("#bulk-body").inner_text())
    expect(plain.locator("#bulk-body")).to_contain_text("Accepted")


def until(page, holds):
    """Without scripts a person looks again."""
    for _ in range(60):
        if holds():
            return
        page.wait_for_timeout(300)
        page.reload()
    assert holds()
