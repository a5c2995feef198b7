"""Journeys of who builds the network: first station, inbox and checklist, tables, map, search."""

import os
import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.browser.chromium import FLAGS, PHONE, Visitor, path_of_chromium, serious_barriers
from tests.browser.steps import OPERATOR, a_free_station, is_live, press
from tests.run.instance import environment_of_a_person

pytestmark = pytest.mark.browser

BOOT = '[2,"b{n}","BootNotification",{"chargePointVendor":"Wild","chargePointModel":"One"}]'
STATUS = '[2,"s1","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Available"}]'
SCREENS = (
    "/console/map",
    "/console/sites",
    "/console/add/site",
    "/console/add/station",
    "/console/stations/OHM-HUB-02/plugs",
    "/console/stations/OHM-HUB-02/commission",
    "/console/import/stations",
    "/console/search?q=hub",
    "/console/stations?state=available&hide=seen",
)


def ohmstead(town, *words):
    done = subprocess.run(
        [sys.executable, "-m", "ohmstead", *words, "--data", str(town.folder.path)],
        capture_output=True, text=True, check=True, env=environment_of_a_person(),
    )  # fmt: skip
    return done.stdout


def address(town, path):
    return f"ws://127.0.0.1:{town.ports['--ocpp-port']}/ocpp/{path}"


def step(page, key):
    return page.locator(f'[data-step="{key}"]')


def is_done(page, key):
    expect(step(page, key)).to_have_class(re.compile(r"\bdone\b"))


def test_from_the_empty_page_to_the_first_station_online(visitor, town):
    ohmstead(town, "organisation", "add", "first", "First Light")
    said = ohmstead(town, "user", "add", "ada@first.example", "--name", "Ada", "--organisation", "first")
    someone = visitor()
    page = someone.sign_in("ada@first.example", said.split("shown this once: ")[1].strip())
    expect(page.get_by_role("heading", name="Connect your first station")).to_be_visible()
    expect(page.locator("code", has_text=address(town, "first/"))).to_be_visible()
    press(page, "Start a simulated station")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Put Simulated station into service")
    for key in ("address", "protocol", "credentials", "accepted", "boot", "status", "clock"):
        is_done(page, key)
    page.goto("/console/")
    expect(page.get_by_text("1 of 1 stations online")).to_be_visible()


def test_an_unknown_station_is_accepted_with_site_and_name_from_its_checklist(operator, town):
    page = operator.page
    with connect(address(town, "demo/WILD-2"), subprotocols=["ocpp1.6"]) as station:  # type: ignore[list-item]
        station.send(BOOT.format(n=1))
        assert '"Pending"' in str(station.recv(timeout=20))
        page.goto("/console/inbox")
        page.locator("tr", has_text="WILD-2").get_by_role("link", name="Checklist").click()
        is_live(page)
        is_done(page, "boot")
        expect(step(page, "accepted")).to_contain_text("It waits for your word.")
        page.get_by_label("Name for people").fill("Heron 7")
        page.get_by_label("Site").select_option(label="Hotel Heron")
        press(page, "Accept")
        is_done(page, "accepted")
        is_live(page)
        station.send(BOOT.format(n=2))
        station.send(STATUS)
        is_done(page, "status")
    page.goto("/console/stations?q=WILD-2")
    expect(page.locator("#station-rows")).to_contain_text("Heron 7")
    expect(page.locator("#station-rows")).to_contain_text("Hotel Heron")


def test_a_missing_password_is_explained_while_the_installer_stands_there(operator, town):
    page = operator.page
    page.goto("/console/add/station")
    page.get_by_label("Identity").fill("WILD-3")
    page.get_by_label("Security profile it must use").select_option(label="1, password")
    press(page, "Save")
    page.goto("/console/stations/WILD-3/commission")
    is_live(page)
    expect(step(page, "address")).to_contain_text("Nothing has come from this station yet")
    with pytest.raises(InvalidStatus), connect(address(town, "demo/WILD-3"), subprotocols=["ocpp1.6"]):  # type: ignore[list-item]
        pass
    expect(step(page, "credentials")).to_contain_text("Station WILD-3 came plain without a password")
    with pytest.raises(InvalidStatus), connect(address(town, "demo/WILD-3"), subprotocols=["mqtt"]):  # type: ignore[list-item]
        pass
    expect(step(page, "protocol")).to_contain_text("this server speaks ocpp")


def table(*rows):
    content = "\n".join(("identity;name;site;evse;standard;max_power_kw", *rows)).encode()
    return {"name": "new stations.csv", "mimeType": "text/csv", "buffer": content}


def test_a_table_with_bad_rows_is_looked_at_corrected_and_applied(operator):
    page = operator.page
    page.goto("/console/stations")
    page.get_by_role("link", name="Import").click()
    good = "CSV-1;North;Hotel Heron;1;IEC_62196_T2;22,5"
    page.get_by_label("CSV file").set_input_files(table(good, "CSV-2;South;Hotel Nowhere;1;TYPE2;22"))  # type: ignore[arg-type]
    press(page, "Look at it")
    faults = page.locator("#faults")
    expect(faults).to_contain_text("There is no site named Hotel Nowhere.")
    expect(faults).to_contain_text("TYPE2 is no connector type of OCPI")
    expect(page.get_by_role("button", name="Apply all of it")).to_have_count(0)
    corrected = table(good, "CSV-2;South;Hotel Heron;1;CHADEMO;50")
    page.get_by_label("The corrected file").set_input_files(corrected)  # type: ignore[arg-type]
    press(page, "Look at it")
    press(page, "Apply all of it")
    expect(page.get_by_role("status").filter(has_text="Done: 2 created, 0 changed")).to_be_visible()
    page.goto("/console/stations?q=CSV-")
    expect(page.locator("#station-rows tr")).to_have_count(2)


def test_the_map_draws_and_a_change_reaches_it_live(operator):
    page, other = operator.page, operator.tab()
    identity = a_free_station(page, "OHM-DEPOT")
    page.goto("/console/map?q=depot")
    expect(page.locator("#map")).to_have_attribute("data-state", "idle", timeout=90_000)
    is_live(page)
    place = page.locator("#places li", has_text="Town Bus Depot")
    place.get_by_role("link").focus()
    expect(page.locator("#map")).to_have_attribute("data-selected", re.compile(".+"))
    other.goto(f"/console/stations/{identity}")
    press(other, "Go offline")
    expect(place).to_contain_text("Offline")
    expect(page.locator("#map")).to_have_attribute("data-turn", re.compile(r"\d+"))
    press(other, "Go online")
    expect(place).not_to_contain_text("Offline")


def test_without_webgl_the_list_says_it_all(browser, town):
    flags = [*FLAGS, "--disable-webgl", "--disable-webgl2", "--disable-3d-apis"]
    flags += ["--no-sandbox"] if os.geteuid() == 0 else []
    plain = browser.browser_type.launch(executable_path=path_of_chromium(), args=flags)
    someone = Visitor(plain, f"http://127.0.0.1:{town.ports['--port']}")
    page = someone.sign_in(OPERATOR["email"], OPERATOR["password"])
    page.goto("/console/map")
    expect(page.locator("#map")).to_have_attribute("data-state", "none")
    expect(page.get_by_text("This browser cannot draw the map. The list shows the same.")).to_be_visible()
    page.locator("#places").get_by_role("link", name=re.compile("Quayside Offices")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Quayside Offices")
    plain.close()
    assert someone.complaints == []


def test_search_by_keyboard_alone(operator):
    page = operator.page
    page.keyboard.press("Control+k")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    page.keyboard.type("ohm-hub-0")
    expect(dialog.locator(".hit.chosen")).to_contain_text("OHM-HUB-01")
    page.keyboard.press("ArrowDown")
    expect(dialog.locator(".hit.chosen")).to_contain_text("OHM-HUB-02")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/console/stations/OHM-HUB-02$"))
    page.keyboard.press("Control+k")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_without_javascript_sites_are_added_changed_removed_and_brought_back(visitor):
    someone = visitor(java_script_enabled=False)
    page = someone.sign_in(OPERATOR["email"], OPERATOR["password"])
    page.goto("/console/add/site")
    press(page, "Save")
    expect(page.get_by_text("A site needs a name.")).to_be_visible()
    page.get_by_label("Name").fill("Old Harbour")
    press(page, "Save")
    expect(page.get_by_role("heading", level=1)).to_have_text("Old Harbour")
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("City").fill("Ampersham")
    press(page, "Save")
    page.get_by_role("link", name="Remove").click()
    page.get_by_label("Type Old Harbour to confirm").fill("Old Harbour")
    press(page, "Remove the site")
    expect(page.get_by_role("status").filter(has_text="Old Harbour is removed.")).to_be_visible()
    page.get_by_text("Removed sites").click()
    press(page, "Bring back")
    expect(page.get_by_role("status").filter(has_text="Old Harbour is back.")).to_be_visible()


def test_no_screen_has_a_serious_barrier_or_is_too_wide_for_a_phone(visitor):
    barriers = []
    for options in ({}, {"viewport": PHONE, "has_touch": True}):
        page = visitor(**options).sign_in(OPERATOR["email"], OPERATOR["password"])
        for screen in SCREENS:
            page.goto(screen)
            if options:
                assert page.evaluate("() => document.documentElement.scrollWidth") <= PHONE["width"], screen
            else:
                barriers += [f"{screen}: {each}" for each in serious_barriers(page)]
    assert barriers == []
