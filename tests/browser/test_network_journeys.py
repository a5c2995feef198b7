"""Journeys of who builds the network: first station, inbox and checklist, tables, map, search."""

import os
import re

import pytest
from playwright.sync_api import expect
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.browser.accounts import ohmstead
from tests.browser.chromium import FLAGS, Visitor, path_of_chromium
from tests.browser.steps import OPERATOR, a_free_station, is_live, press

pytestmark = pytest.mark.browser


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
    is_live(page)  # the page's scripts have run
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
