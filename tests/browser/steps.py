"""What a journey does again and again."""

from urllib.parse import urlencode

from playwright.sync_api import Page, expect

from ohmstead.run.demo import LOGINS

OWNER, OPERATOR, READER = LOGINS


def is_live(page: Page) -> None:
    expect(page.locator("#live")).to_have_attribute("data-live", "on")


def press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()


def a_free_station(page: Page, prefix: str) -> str:
    """Identity of a station whose plugs are all free, so that no simulated driver is disturbed."""
    answer = page.request.get(f"/api/v1/stations?search={prefix}&state=available").json()
    return next(
        each["identity"] for each in answer["items"] if all(evse["state"] == "available" for evse in each["evses"])
    )


def ask(page: Page, identity: str, operation: str, **values: str) -> None:
    """Fill in the form of an operation, confirm where that is asked, and send it."""
    page.goto(f"/console/stations/{identity}/ask/{operation}?{urlencode(values)}")
    if page.locator("#f-confirm").count():
        page.locator("#f-confirm").fill(identity)
    press(page, "Ask the station")


def outcome(page: Page, word: str, reason: str = "") -> None:
    """What the page of the command says by itself, without a reload."""
    life = page.locator("#command-body .life")
    expect(life).to_contain_text(word, timeout=60_000)
    if reason:
        expect(life.locator(".reason")).to_contain_text(reason)
