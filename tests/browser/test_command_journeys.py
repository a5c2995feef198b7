"""Start, stop, unlock and restart from afar, each with every way it can end."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import PHONE, Visitor, keep_picture
from tests.browser.field import Field
from tests.browser.steps import OPERATOR, ask, is_live, outcome, press

pytestmark = pytest.mark.browser

WHY = "A technician works inside."


@dataclass(frozen=True)
class Wish:
    """`action` is the message that carries it to a 2.0.1 station, `no` the station's word for refusing it."""

    operation: str
    action: str
    no: str = "Rejected"
    values: tuple[tuple[str, str], ...] = ()

    def ask(self, page: Page, identity: str, wait: str = "") -> None:
        if self.operation == "start_session":
            page.goto(f"/console/stations/{identity}/start?evse=1&q=Visitor")
            page.locator("input[name=card]").first.check()
        else:
            query = "&".join(f"{name}={value}" for name, value in self.values)
            page.goto(f"/console/stations/{identity}/ask/{self.operation}?{query}")
            if page.locator("#f-confirm").count():
                page.locator("#f-confirm").fill(identity)
        if page.locator("#wait").count():
            page.locator("#wait").select_option(wait)
        page.locator("form.ask .primary").click()


WISHES = {
    "unlock": Wish("unlock_connector", "UnlockConnector", "UnlockFailed", (("evse", "1"),)),
    "reset": Wish("reset_station", "Reset"),
    "stop": Wish("stop_session", "RequestStopTransaction", values=(("transaction_id", "nobody-knows-it"),)),
    "start": Wish("start_session", "RequestStartTransaction"),
}
every_wish = pytest.mark.parametrize("wish", WISHES.values(), ids=WISHES)


@pytest.fixture(scope="module")
def here(field: Field) -> str:
    return field.station(label="HERE")


@pytest.fixture(scope="module")
def away(field: Field) -> str:
    """Comes and goes."""
    return field.station(label="AWAY")


@pytest.fixture(scope="module")
def waiting(field: Field, desk: Visitor) -> dict[str, Page]:
    """Pages of commands that stations leave without an answer; asked first, since patience lasts half a minute."""
    pages = {}
    for name, wish in WISHES.items():
        identity = field.station(label=f"DEAF-{name.upper()}")
        field.control(identity, "ignore", action=wish.action)
        pages[name] = desk.tab()
        wish.ask(pages[name], identity)
        outcome(pages[name], "Sent")
    return pages


@every_wish
def test_refused_with_the_stations_own_words(desk, field, here, waiting, wish):
    field.control(here, "refuse", action=wish.action, why=WHY)
    wish.ask(desk.page, here)
    outcome(desk.page, "Rejected", wish.no)
    outcome(desk.page, "Rejected", WHY)
    field.control(here, "obey")
    keep_picture(desk.page, f"journey-{wish.operation}-rejected")


@every_wish
def test_offline_is_said_at_once(desk, field, away, wish):
    field.offline(away)
    wish.ask(desk.page, away, wait="")
    outcome(desk.page, "Station offline")
    keep_picture(desk.page, f"journey-{wish.operation}-offline")


@every_wish
def test_queued_until_the_station_returns(desk, field, away, wish):
    page = desk.page
    field.offline(away)
    wish.ask(page, away, wait="1h")
    outcome(page, "Waits for the station")
    expect(page.get_by_role("button", name="Take back")).to_be_visible()
    keep_picture(page, f"journey-{wish.operation}-queued")
    field.control(away, "online")
    outcome(page, "Rejected" if wish.operation == "stop_session" else "Accepted")  # nothing runs that could be stopped
    field.until_online(away)


def test_unlock_is_accepted(desk, field, here):
    page = desk.page
    page.goto(f"/console/stations/{here}")
    page.locator("#plug-1").get_by_role("link", name="Unlock").click()
    page.locator("#f-confirm").fill(here)
    press(page, "Ask the station")
    outcome(page, "Accepted")
    keep_picture(page, "journey-unlock-accepted")


def test_a_start_is_accepted_and_charges_once_a_car_is_plugged_in(desk, field, here):
    page = desk.page
    WISHES["start"].ask(page, here)
    outcome(page, "Accepted")
    field.control(here, "plug", evse=1, soc=20)
    outcome(page, "Plugged in")
    page.get_by_role("link", name="To the session").click()
    expect(page.locator("#session-body")).to_contain_text("Running")
    keep_picture(page, "journey-start-accepted")
    field.control(here, "unplug", evse=1)
    field.until_free(here)


def test_a_stop_is_accepted_and_the_session_ends(desk, field, here):
    page = desk.page
    session = field.charge(here)
    page.goto(f"/console/stations/{here}")
    page.locator("#plug-1").get_by_role("button", name="Stop").click()
    outcome(page, "Accepted")
    keep_picture(page, "journey-stop-accepted")
    page.goto(f"/console/sessions/{session}")
    expect(page.locator("#session-body")).to_contain_text("Ended")
    field.control(here, "unplug", evse=1)
    field.until_free(here)


def test_a_restart_is_accepted_after_its_name_is_typed(desk, field, here):
    page = desk.page
    page.goto(f"/console/stations/{here}/ask/reset_station")
    press(page, "Ask the station")
    expect(page.get_by_role("alert")).to_be_visible()
    desk.complaints.clear()  # the browser reports the answer 422 to the form without its confirmation
    page.locator("#f-confirm").fill(here)
    press(page, "Ask the station")
    outcome(page, "Accepted")
    keep_picture(page, "journey-reset-accepted")


def test_by_keyboard_a_plug_is_unlocked(desk, field):
    page, identity = desk.page, field.station("1.6", label="KEYS")
    page.goto(f"/console/stations/{identity}")
    page.locator("#plug-2").get_by_role("link", name="Unlock").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#ask-form")).to_be_visible()
    page.locator("#f-confirm").focus()
    page.keyboard.type(identity)
    page.keyboard.press("Enter")
    outcome(page, "Accepted")


def test_on_a_dark_phone_a_command_is_asked_and_read(visitor, field):
    identity = field.station(label="PHONE")
    someone = visitor(viewport=PHONE, has_touch=True, device_scale_factor=2)
    page = someone.sign_in(OPERATOR["email"], OPERATOR["password"])
    someone.prefer(theme="dark")
    field.control(identity, "refuse", action="UnlockConnector", why=WHY)
    ask(page, identity, "unlock_connector", evse="1")
    outcome(page, "Rejected", WHY)
    is_live(page)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= PHONE["width"]
    keep_picture(page, "journey-command-phone")


@pytest.mark.parametrize("name", WISHES)
def test_without_an_answer_the_open_page_says_so(waiting, name):
    outcome(waiting[name], "Timed out", "did not answer")
    keep_picture(waiting[name], f"journey-{name}-timed-out")
