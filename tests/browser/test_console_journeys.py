"""Journeys through the console on a running demo town; they share one system, starting it takes longest."""

import os
import re
import signal
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect
from websockets.sync.client import connect

from tests.browser.chromium import PHONE, keep_picture, serious_barriers
from tests.browser.steps import OPERATOR, READER, a_free_station, is_live, press
from tests.run.instance import Instance

pytestmark = pytest.mark.browser

SCREENS = {
    "console": "/console/",
    "stations": "/console/stations",
    "station": "/console/stations/OHM-MALL-06",
    "messages": "/console/stations/OHM-MALL-06/messages",
    "station commands": "/console/stations/OHM-MALL-06/commands",
    "configuration": "/console/stations/OHM-MALL-06/configuration",
    "firmware and logs": "/console/stations/OHM-MALL-06/firmware",
    "certificates": "/console/stations/OHM-MALL-06/certificates",
    "timeline": "/console/stations/OHM-MALL-06/timeline",
    "form": "/console/stations/OHM-MALL-06/ask/set_charging_profile",
    "commands": "/console/commands",
    "firmware": "/console/firmware",
    "bulk": "/console/bulk?state=available&operation=change_availability",
    "sessions": "/console/sessions",
    "inbox": "/console/inbox",
    "health": "/console/health",
    "api": "/api/v1/docs",
}

PICTURED = {
    "console": "console",
    "stations": "stations",
    "station": "station",
    "station-commands": "station commands",
    "station-messages": "messages",
}
STILL = {"sites": "/console/sites", "map": "/console/map"}  # pictured too; the list of sites is not live


def test_a_wrong_password_is_told_in_words_and_the_right_one_opens(visitor):
    someone = visitor()
    page = someone.sign_in(OPERATOR["email"], "not this one")
    expect(page.get_by_role("alert")).to_contain_text("E-mail address and password do not match.")
    page.get_by_label("Password").fill(OPERATOR["password"])
    press(page, "Sign in")
    expect(page.get_by_text(re.compile(r"\d+ of \d+ stations online"))).to_be_visible()


def test_from_the_overview_to_a_station(operator):
    page = operator.page
    is_live(page)
    page.get_by_role("link", name="All stations").click()
    page.locator("#q").fill("OHM-MALL-06")
    press(page, "Show")
    expect(page.locator("#station-rows tr")).to_have_count(1)
    page.get_by_role("link", name="OHM-MALL-06").click()
    expect(page.get_by_role("heading", name="What this station gets wrong, and what we do about it")).to_be_visible()
    expect(page.locator("#mends")).to_contain_text("The time has no zone; it was read as UTC.")
    page.get_by_role("link", name="Messages").click()
    message = page.locator("#log details").first
    message.locator("summary").click()
    expect(message.locator("pre").first).to_be_visible()


def test_a_station_that_goes_offline_changes_on_the_screen_without_a_reload(operator):
    page, other = operator.page, operator.tab()
    identity = a_free_station(page, "OHM-DEPOT")
    page.goto(f"/console/stations/{identity}")
    is_live(page)
    page.evaluate("() => { document.body.dataset.kept = 'yes' }")
    other.goto(f"/console/stations/{identity}")
    press(other, "Go offline")
    expect(page.locator("#station-head")).to_contain_text("Offline")
    press(other, "Go online")
    expect(page.locator("#station-head")).to_contain_text("online since")
    expect(page.locator("body")).to_have_attribute("data-kept", "yes")


def test_page_after_page_is_live_and_none_holds_a_database_connection(operator):
    page = operator.page
    for _ in range(15):
        page.goto("/console/stations")
        is_live(page)
    assert page.request.get("/console/health").ok


def test_plugging_in_and_presenting_a_card_charges_a_car(operator):
    page = operator.page
    identity = a_free_station(page, "OHM-HOME")
    page.goto(f"/console/stations/{identity}")
    press(page, "Plug in")
    page.get_by_label("Card").select_option(label="Visitor card 1")
    press(page, "Present card")
    plug = page.locator("#plug-1")
    expect(plug).to_contain_text("Charging")
    expect(plug).to_contain_text(re.compile(r"\d+\.\d kW"))
    plug.get_by_role("link", name="Session of Visitor card 1").click()
    expect(page.locator("#session-body")).to_contain_text("Running")
    expect(page.locator("#session-body svg.chart")).to_be_visible()
    page.get_by_role("link", name=identity).click()
    press(page, "Unplug")
    expect(page.locator("#plug-1")).to_contain_text("No session.")
    page.goto(f"/console/sessions?q={identity}&since=1h")
    expect(page.locator("tbody tr").first).to_contain_text("Ended")


def test_an_unknown_station_waits_in_the_inbox_until_it_is_accepted(operator, town):
    page = operator.page
    page.goto("/console/inbox")
    is_live(page)
    address = f"ws://127.0.0.1:{town.ports['--ocpp-port']}/ocpp/demo/WILD-1"
    boot = '[2,"1","BootNotification",{"chargePointVendor":"Wild","chargePointModel":"One"}]'
    with connect(address, subprotocols=["ocpp1.6"]) as station:  # type: ignore[list-item]
        station.send(boot)
        assert '"Pending"' in str(station.recv(timeout=20))
        expect(page.locator("#inbox-news")).to_contain_text("The inbox has changed.")
        page.get_by_role("link", name="Show it as it is now").click()
        row = page.locator("tr", has_text="WILD-1")
        row.get_by_label("Site").select_option(label="Hotel Heron")
        row.get_by_role("button", name="Accept").click()
        expect(page.get_by_role("status").filter(has_text="WILD-1 is accepted.")).to_be_visible()
    with connect(address, subprotocols=["ocpp1.6"]) as station:  # type: ignore[list-item]
        station.send(boot)
        assert '"Accepted"' in str(station.recv(timeout=20))
    page.goto("/console/stations?q=WILD-1")
    expect(page.locator("#station-rows")).to_contain_text("Hotel Heron")


def test_read_only_people_see_no_buttons_that_do_something(visitor):
    someone = visitor()
    page = someone.sign_in(READER["email"], READER["password"])
    page.goto("/console/stations/OHM-HUB-01")
    expect(page.get_by_role("heading", level=1)).to_have_text("OHM-HUB-01")
    expect(page.get_by_role("button", name="Plug in")).to_have_count(0)


def test_without_javascript_everything_still_works_by_plain_forms(visitor):
    someone = visitor(java_script_enabled=False)
    page = someone.sign_in(OPERATOR["email"], OPERATOR["password"])
    expect(page.get_by_text("stations online")).to_be_visible()
    expect(page.get_by_text("Not live: reload for the newest state")).to_be_visible()
    page.goto("/console/stations")
    page.locator("#site").select_option(label="Linden Court")
    press(page, "Show")
    expect(page.locator("#station-rows tr")).to_have_count(12)
    identity = page.locator("#station-rows a").last.inner_text()
    page.goto(f"/console/stations/{identity}")
    press(page, "Restart")
    expect(page.locator(".notice").first).to_be_visible()
    page.locator(".side").get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_by_keyboard_alone(visitor):
    someone = visitor()
    page = someone.page
    page.goto("/sign-in")
    page.keyboard.type(OPERATOR["email"])
    page.keyboard.press("Tab")
    page.keyboard.type(OPERATOR["password"])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ampersham Charging")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
    page.locator(".side").get_by_role("link", name="Stations").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/console/stations$"))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_screen_has_a_serious_barrier(operator, theme):
    operator.prefer(theme=theme)
    page = operator.page
    barriers = []
    for name, address in [*SCREENS.items(), ("sign-in", "/sign-in")]:
        page.goto(address)
        barriers += [f"{name}: {each}" for each in serious_barriers(page)]
    assert barriers == []


def test_on_a_phone_nothing_is_wider_than_the_screen(visitor):
    someone = visitor(viewport=PHONE, has_touch=True)
    page = someone.sign_in(OPERATOR["email"], OPERATOR["password"])
    for address in SCREENS.values():
        page.goto(address)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= PHONE["width"], address
    page.locator(".topbar summary").click()
    page.locator(".topbar").get_by_role("link", name="Stations").click()
    expect(page).to_have_url(re.compile("/console/stations$"))


def test_when_the_console_dies_the_page_says_so_and_recovers(operator, town):
    page = operator.page
    page.goto("/console/stations/OHM-HUB-02")
    is_live(page)
    pid = town.pid_of("web")
    os.kill(pid, signal.SIGKILL)
    expect(page.locator("#live")).to_have_attribute("data-live", "paused")
    expect(page.locator("#live")).to_contain_text("reconnecting")
    is_live(page)
    operator.complaints.clear()  # the browser rightly complains of the refused connections in between


def test_the_towns_month_of_history_appears_and_is_pictured(operator, visitor):
    page = operator.page
    yesterday = datetime.now(UTC) - timedelta(days=1)
    earlier = f"/api/v1/sessions?station=OHM-HUB-02&state=ended&started_before={yesterday:%Y-%m-%dT%H:%M:%SZ}"
    Instance.until(lambda: page.request.get(earlier).json()["items"], 120)
    found = page.request.get(earlier).json()["items"]
    long_one = max(found, key=lambda each: float(each["energy_wh"]))
    page.goto(f"/console/sessions/{long_one['id']}")
    expect(page.locator("#session-body svg.chart")).to_be_visible()
    is_live(page)
    keep_picture(page, "session")
    Instance.until(lambda: len(re.findall(r"[1-9]\d*\.\d kW</title>", page.request.get("/console/").text())) > 30, 120)
    for name, screen in PICTURED.items():
        page.goto(SCREENS[screen])
        is_live(page)
        keep_picture(page, name)
    for name, address in STILL.items():
        page.goto(address)
        if name == "map":
            expect(page.locator("#map")).to_have_attribute("data-state", "idle", timeout=60_000)
        keep_picture(page, name)
    operator.prefer(theme="dark")
    page.goto("/console/")
    is_live(page)
    keep_picture(page, "console-dark")
    phone = visitor(viewport=PHONE, device_scale_factor=2)
    phone.sign_in(OPERATOR["email"], OPERATOR["password"]).goto("/console/stations")
    is_live(phone.page)
    keep_picture(phone.page, "stations-phone")


def test_a_page_whose_live_extension_arrives_late_is_live_all_the_same(operator):
    page = operator.page
    page.route("**/hx-sse.min*.js", lambda route: (page.wait_for_timeout(1_500), route.continue_()))
    page.goto("/console/stations")
    is_live(page)
