"""Drivers in the rain: from the code on a plug to a finished charge, against simulated stations."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import PHONE, Visitor, keep_picture, serious_barriers
from tests.run.instance import Instance

SMALL = {"width": 320, "height": 640}
PATIENCE_MS = 60_000


@pytest.fixture(scope="module")
def here(field) -> str:
    return field.station(label="DRIVE")


@pytest.fixture
def guest(visitor) -> Visitor:
    return visitor(viewport=PHONE)


def plug_page(page: Page, base: str, identity: str) -> None:
    page.goto(f"{base}/q/{identity}-1")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{identity}-1")


def starts(field, identity: str) -> set[str]:
    return {each["id"] for each in field.api("GET", f"/commands?station={identity}&kind=StartSession")["items"]}


def test_a_guest_starts_by_the_code_follows_and_stops(guest, field, here):
    page = guest.page
    plug_page(page, guest.base, here)
    expect(page.get_by_text("the operator has set no price")).to_be_visible()
    keep_picture(page, "driver-plug")
    assert serious_barriers(page) == []
    button = page.locator("[data-begin] button")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".count-down")).to_be_visible(timeout=PATIENCE_MS)
    keep_picture(page, "driver-plug-in")
    field.control(here, "plug", evse=1, soc=30)
    expect(page.locator("#doing")).to_contain_text("Charging", timeout=PATIENCE_MS)
    Instance.until(lambda: float(page.locator("#energy").inner_text().replace(",", ".")) > 0, 60)
    keep_picture(page, "driver-charging")
    assert serious_barriers(page) == []
    page.get_by_role("button", name="Stop charging").click()
    expect(page.get_by_text("Unplug, and have a good trip.")).to_be_visible(timeout=PATIENCE_MS)
    keep_picture(page, "driver-done")
    field.control(here, "unplug", evse=1)
    field.until_free(here)


def test_a_station_that_says_no_is_told_in_words_and_can_be_asked_again(guest, field, here):
    page = guest.page
    field.control(here, "refuse", action="RequestStartTransaction", why="Maintenance")
    plug_page(page, guest.base, here)
    page.locator("[data-begin] button").press("Enter")
    expect(page.get_by_role("alert")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_role("link", name="Try again")).to_be_visible()
    field.control(here, "obey")


def test_two_taps_are_one_start(guest, field, here):
    page = guest.page
    before = starts(field, here)
    plug_page(page, guest.base, here)
    button = page.locator("[data-begin] button")
    button.click()
    expect(button).to_contain_text("Tap again to start")
    button.dblclick()
    expect(page.locator(".count-down")).to_be_visible(timeout=PATIENCE_MS)
    assert len(starts(field, here) - before) == 1


def test_without_a_script_it_is_forms_and_links(visitor, field, here):
    plain = visitor(viewport=SMALL, java_script_enabled=False)
    page = plain.page
    page.goto(plain.base + "/")
    expect(page.get_by_role("heading", name="Sites")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALL["width"]
    plug_page(page, plain.base, here)
    page.get_by_role("button", name="Start charging").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{here}-1")
    expect(page.locator(".stages")).to_be_visible()
