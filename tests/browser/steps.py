"""What a journey does again and again."""

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
