"""Who may come in, by which way, and what they see: invited, signed in, locked out, and in another organisation."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.accounts import a_person, app_code, look, mail_to, ohmstead, with_authenticator
from tests.browser.chromium import PHONE, Visitor, serious_barriers
from tests.browser.steps import OWNER, a_free_station, press

pytestmark = pytest.mark.browser

PASSWORD = "a long enough secret"
ORGANISATION = "demo"


def is_in(page):
    expect(page.get_by_role("heading", level=1)).to_have_text("Ampersham Charging")


def proves_it_is_them(page, password):
    expect(page.get_by_role("heading", level=1)).to_have_text("Is it you?")
    page.locator("#id_password").fill(password)
    press(page, "Continue")


def refused(someone, path, status, words):
    """The page says why; that the browser notes the status is meant."""
    answer = someone.page.goto(path)
    assert answer.status == status
    expect(someone.page.get_by_role("heading", level=1)).to_have_text(words)
    someone.complaints[:] = [each for each in someone.complaints if f"status of {status}" not in each]


def fits(page, *paths):
    page.set_viewport_size(PHONE)
    for path in paths:
        page.goto(path)
        width = page.evaluate("() => document.documentElement.scrollWidth")
        assert width <= PHONE["width"], f"{path} is {width} px wide"


def test_somebody_is_invited_with_a_role_and_may_what_it_says(visitor, town):
    owner, tess = visitor(), visitor()
    page = owner.sign_in(OWNER["email"], OWNER["password"])
    is_in(page)
    page.goto("/console/members")
    page.locator("#email").fill("tess@ampersham.example")
    page.get_by_role("radio", name=re.compile("^Technician")).check()
    press(page, "Send invitation")
    expect(page.get_by_text("on its way to tess@ampersham.example")).to_be_visible()
    look(page, "members")
    assert serious_barriers(page) == []

    letter = mail_to(town, "tess@ampersham.example", "/invitation/")
    page = tess.page
    page.goto(re.search(r"/invitation/\S+", letter)[0])
    expect(page.get_by_role("heading", level=1)).to_contain_text("Join ")
    look(page, "invitation")
    page.locator("#name").fill("Tess")
    page.locator("#password").fill(PASSWORD)
    press(page, "Join")
    if page.url.endswith("/sign-in"):
        tess.sign_in("tess@ampersham.example", PASSWORD)
    is_in(page)

    station = a_free_station(page, "OHM-DEPOT")
    page.goto(f"/console/stations/{station}")
    expect(page.get_by_role("link", name="Commands", exact=True).first).to_be_visible()
    for name in ("Members", "API keys", "Audit trail"):
        expect(page.get_by_role("link", name=name, exact=True)).to_have_count(0)
    page.goto("/console/sites")
    expect(page.get_by_role("link", name="Add a site")).to_have_count(0)
    for path in ("/console/members", "/console/api-keys", "/console/audit", "/console/add/site"):
        refused(tess, path, 403, "Your role does not allow this")
    look(page, "refused")
    assert page.request.get("/api/v1/members").status == 403
    assert page.request.get(f"/api/v1/stations/{station}").status == 200
    owner.page.goto("/console/members")
    expect(owner.page.locator("tbody")).to_contain_text("Tess")


def test_a_code_by_mail_opens_the_console(visitor, town):
    a_person(town, "carl@ampersham.example", ORGANISATION)
    someone = visitor()
    page = someone.page
    page.goto("/sign-in")
    look(page, "sign-in")
    page.get_by_role("link", name="Get a code by e-mail").click()
    page.get_by_label("Email").fill("carl@ampersham.example")
    press(page, "Send code")
    expect(page.get_by_role("heading", level=1)).to_have_text("Enter the code")
    letter = mail_to(town, "carl@ampersham.example", "Enter this code")
    look(page, "enter-code")
    page.locator("#id_code").fill(re.search(r"^([A-Z0-9-]{6,})$", letter, re.MULTILINE)[1])
    press(page, "Sign in")
    is_in(page)


def test_a_passkey_opens_the_console(browser, town):
    """A browser takes passkeys for a name only, so the town is called localhost here."""
    password = a_person(town, "pia@ampersham.example", ORGANISATION)
    someone = Visitor(browser, f"http://localhost:{town.ports['--port']}")
    page = someone.page
    with_authenticator(page)
    someone.sign_in("pia@ampersham.example", password)
    is_in(page)
    page.goto("/account")
    look(page, "account")
    page.get_by_role("link", name="Add a passkey").click()
    proves_it_is_them(page, password)
    page.locator("#id_name").fill("Pia's laptop")
    look(page, "add-passkey")
    press(page, "Add passkey")
    page.wait_for_url(re.compile(r"/account(/recovery-codes)?$"))
    page.goto("/account")
    expect(page.locator("#ways-in")).to_contain_text("Pia's laptop")
    someone.context.clear_cookies()
    page.goto("/sign-in")
    press(page, "Use a passkey")
    is_in(page)
    assert someone.complaints == []
    someone.close()


def test_with_an_authenticator_app_the_password_alone_does_not_open(visitor, town):
    password = a_person(town, "tom@ampersham.example", ORGANISATION)
    someone = visitor()
    page = someone.sign_in("tom@ampersham.example", password)
    is_in(page)
    page.goto("/account/app")
    look(page, "is-it-you")
    proves_it_is_them(page, password)
    key = page.locator("#totp-key").text_content()
    look(page, "add-app")
    page.locator("#id_code").fill(app_code(key))
    press(page, "Use this app from now on")
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    assert len(page.locator(".codes li").all()) == 10
    look(page, "recovery-codes")
    recovery = page.locator(".codes li").first.text_content()
    someone.context.clear_cookies()
    page = someone.sign_in("tom@ampersham.example", password)
    expect(page.get_by_role("heading", level=1)).to_have_text("Second step")
    look(page, "second-step")
    page.locator("#id_code").fill("000000")
    press(page, "Sign in")
    expect(page.get_by_role("alert").first).to_contain_text("Incorrect code")
    page.goto("/console/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Second step")
    page.locator("#id_code").fill(app_code(key))
    press(page, "Sign in")
    is_in(page)
    someone.context.clear_cookies()
    someone.sign_in("tom@ampersham.example", password)
    page.locator("#id_code").fill(recovery)
    press(page, "Sign in")
    is_in(page)


def test_who_guesses_passwords_waits(visitor, town):
    password = a_person(town, "gus@ampersham.example", ORGANISATION)
    someone = visitor()
    for guess in range(5):
        someone.sign_in("gus@ampersham.example", f"guess {guess}")
        expect(someone.page.get_by_role("alert").first).to_be_visible()
    page = someone.sign_in("gus@ampersham.example", password)
    expect(page.get_by_role("alert").first).to_contain_text("Too many attempts. Wait 15 minutes")
    look(page, "locked-out")
    page.goto("/console/")
    expect(page.locator("#id_login")).to_be_visible()
    others = visitor()
    is_in(others.sign_in(OWNER["email"], OWNER["password"]))


def test_a_second_organisation_sees_nothing_of_the_first(visitor, town):
    ohmstead(town, "organisation", "add", "other", "Other Power")
    password = a_person(town, "olga@other.example", "other")
    first, second = visitor(), visitor()
    page = first.sign_in(OWNER["email"], OWNER["password"])
    is_in(page)
    session = page.request.get("/api/v1/sessions?limit=1").json()["items"][0]["id"]
    site = page.request.get("/api/v1/sites?limit=1").json()["items"][0]
    station = a_free_station(page, "OHM-DEPOT")
    page = second.sign_in("olga@other.example", password)
    expect(page.get_by_role("heading", name="Connect your first station")).to_be_visible()
    for path in (f"stations/{station}", f"sessions/{session}", f"sites/{site['id']}"):
        refused(second, f"/console/{path}", 404, "There is nothing at this address")
        assert page.request.get(f"/api/v1/{path}").status == 404
    look(page, "not-found")
    for path in ("stations", "sessions", "sites", "commands", "inbox", "map", "audit"):
        page.goto(f"/console/{path}")
        words = page.locator("main").inner_text()
        assert "OHM-" not in words, path
        assert site["name"] not in words, path
    page.goto("/console/search?q=OHM-DEPOT")
    expect(page.get_by_text("Nothing is called “OHM-DEPOT”.")).to_be_visible()
    assert page.request.get("/api/v1/stations").json()["items"] == []
    assert page.request.get("/api/v1/search?q=OHM").json()["items"] == []
    fits(page, "/account", "/console/stations", "/console/sites")
