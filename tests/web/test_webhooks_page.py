"""Webhooks in the console: made, tested, changed, sent again, deleted; only by whoever may."""

import re

import pytest

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def owner(browser_of):
    return browser_of("owner")


def made(owner, **more):
    values = {"url": "https://crm.example/hooks", "description": "CRM", "kinds": ["session.ended"]} | more
    return owner.post("/console/webhooks", values)


def the_hook():
    from ohmstead.integration.models import Webhook

    return Webhook.objects.get()


def test_the_secret_is_shown_once(owner, network):
    page = made(owner).text
    assert "whsec_" in page
    hook = the_hook()
    assert (hook.organisation, hook.kinds) == (network.hill, ["session.ended"])
    for address in ("/console/webhooks", f"/console/webhooks/{hook.pk}"):
        assert "whsec_" not in owner.get(address).text


def test_a_new_secret_is_shown_once_too(owner, network):
    made(owner)
    page = owner.post(f"/console/webhooks/{the_hook().pk}/secret").text
    assert "whsec_" in page
    assert "For a day" in page


@pytest.mark.parametrize("url", ["", "http://crm.example/", "https://a:b@crm.example/", "javascript:alert(1)"])
def test_a_wrong_address_is_explained_and_nothing_is_made(owner, network, url):
    from ohmstead.integration.models import Webhook

    page = made(owner, url=url)
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert not Webhook.objects.exists()


def test_what_the_receiver_said_is_shown_as_text(owner, network):
    from django.utils import timezone

    from ohmstead.access.actors import SYSTEM
    from ohmstead.integration.actions import send_test
    from ohmstead.integration.models import Attempt

    made(owner)
    delivery = send_test(the_hook(), by=SYSTEM)
    Attempt.objects.create(
        delivery=delivery, at=timezone.now(), took_ms=9, status=500, answer="<script>alert(1)</script>"
    )
    page = owner.get(f"/console/webhooks/{the_hook().pk}").text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_it_is_tested_switched_off_and_deleted(owner, network):
    made(owner)
    address = f"/console/webhooks/{the_hook().pk}"
    assert "A test is on its way." in owner.post(address + "/test", follow=True).text
    delivery = the_hook().deliveries.get()
    assert "It is sent again." in owner.post(f"{address}/deliveries/{delivery.pk}/replay", follow=True).text
    owner.post(address + "/switch", {"active": "0"})
    assert not the_hook().active
    assert "Switch it on first." in owner.post(address + "/test", follow=True).text
    assert owner.get(address + "/delete").status_code == 200
    assert the_hook()
    owner.post(address + "/delete")
    assert "No other system is told anything yet." in owner.get("/console/webhooks").text


def test_who_may_not_integrate_sees_nothing(browser_of, owner, network):
    made(owner)
    operator = browser_of("operator")
    for address in ("/console/webhooks", f"/console/webhooks/{the_hook().pk}"):
        assert operator.get(address).status_code == 403
    assert operator.post(f"/console/webhooks/{the_hook().pk}/secret").status_code == 403


def test_a_neighbours_webhook_does_not_exist(owner, browser_of, network):
    made(owner)
    neighbour = browser_of("neighbour")
    address = f"/console/webhooks/{the_hook().pk}"
    assert neighbour.get(address).status_code == 404
    for verb in ("secret", "switch", "test", "replay-failed", "delete"):
        assert neighbour.post(f"{address}/{verb}").status_code == 404
    assert the_hook().active


def test_more_webhooks_and_deliveries_cost_no_more_queries(owner, network, queries_of):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.integration.actions import send_test

    made(owner)
    hook = the_hook()
    send_test(hook, by=SYSTEM)
    addresses = ("/console/webhooks", f"/console/webhooks/{hook.pk}")
    few = [queries_of(lambda each=each: owner.get(each)) for each in addresses]
    for number in range(4):
        made(owner, url=f"https://crm.example/{number}")
        send_test(hook, by=SYSTEM)
    assert [queries_of(lambda each=each: owner.get(each)) for each in addresses] == few


def test_a_long_record_of_deliveries_goes_on_on_a_second_page(owner, network):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.integration.actions import send_test

    made(owner)
    address = f"/console/webhooks/{the_hook().pk}"
    for _ in range(51):
        send_test(the_hook(), by=SYSTEM)
    page = owner.get(address).text
    assert page.count("<details id=") == 50
    (following,) = re.findall(r'href="(\?after=[^"]*)"', page)
    assert owner.get(address + following).text.count("<details id=") == 1
