"""Other systems: a webhook that fails, is sent again and arrives; a key that a program uses until it is revoked."""

import json
import re
import urllib.error
import urllib.request

import pytest
from playwright.sync_api import expect

from tests.browser.steps import OWNER, press
from tests.integration.receiver import Receiver

pytestmark = pytest.mark.browser


@pytest.fixture
def owner(visitor):
    someone = visitor()
    someone.sign_in(OWNER["email"], OWNER["password"])
    expect(someone.page.get_by_role("heading", level=1)).to_have_text("Ampersham Charging")
    return someone


@pytest.fixture
def receiver():
    made = Receiver()
    yield made
    made.close()


def test_a_webhook_fails_is_sent_again_and_arrives(owner, receiver):
    page = owner.page
    receiver.status = 500
    page.goto("/console/webhooks")
    page.get_by_label("Address").fill(receiver.url)
    page.get_by_label("Description").fill("Test bench")
    press(page, "Add webhook")
    expect(page.locator("#secret")).to_contain_text("whsec_")
    page.get_by_role("link", name="I have kept it safe").click()
    press(page, "Send a test")
    delivery = page.locator(".entries details", has_text="webhook.tested")
    expect(delivery).to_have_count(1)
    _until_it_says(page, delivery, "HTTP 500")
    receiver.status = 200
    delivery.locator("summary").click()
    delivery.get_by_role("button", name="Send again").click()
    _until_it_says(page, delivery, "HTTP 200")
    expect(delivery.locator("summary")).to_contain_text("Arrived")
    ids = {got.headers["webhook-id"] for got in receiver.got if json.loads(got.body)["type"] == "webhook.tested"}
    assert len(ids) == 1
    page.get_by_role("link", name="Delete webhook").click()
    press(page, "Delete webhook")
    expect(page.get_by_text("The webhook is deleted.")).to_be_visible()


def _until_it_says(page, delivery, words):
    """The page of deliveries is not live: a person looks again."""
    for _ in range(60):
        if words in (delivery.text_content() or ""):
            return
        page.wait_for_timeout(500)
        page.reload()
    expect(delivery).to_contain_text(words)


def test_a_key_is_made_used_by_a_program_and_revoked(owner, town):
    page = owner.page
    page.goto("/console/api-keys")
    page.get_by_label("Name").fill("Meter reader")
    press(page, "Create key")
    secret = page.locator("#secret").text_content()
    assert re.fullmatch(r"ohm_\S{40,}", secret)
    root = f"http://127.0.0.1:{town.ports['--port']}/api/v1"
    assert _asked(f"{root}/stations?limit=1", secret)[0] == 200
    assert _asked(f"{root}/api-keys", secret)[0] == 403
    page.get_by_role("link", name="I have kept it safe").click()
    page.get_by_role("link", name="Revoke Meter reader").click()
    press(page, "Revoke key")
    expect(page.get_by_text("It opens nothing any more.")).to_be_visible()
    assert _asked(f"{root}/stations?limit=1", secret)[0] == 401


def _asked(address, secret):
    request = urllib.request.Request(address, headers={"Authorization": f"Bearer {secret}"})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()
