"""The door of the console."""

import pytest

from tests.web.conftest import PASSWORD


def sign_in(client, email, password, **more):
    return client.post("/sign-in", {"login": email, "password": password}, **more)


def test_the_right_password_leads_to_the_overview(stranger, oscar):
    answer = sign_in(stranger, "Operator@Hill.example", PASSWORD, follow=True)
    assert answer.redirect_chain == [("/console/", 302)]
    assert "Hill Energy" in answer.text


def test_a_wrong_password_says_so_and_tells_nothing_of_the_account(stranger, oscar):
    wrong = sign_in(stranger, oscar.email, "guess")
    unknown = sign_in(stranger, "nobody@hill.example", "guess")
    for answer in (wrong, unknown):
        assert "E-mail address and password do not match." in answer.text


def test_after_five_wrong_passwords_even_the_right_one_waits(stranger, oscar):
    for _ in range(5):
        sign_in(stranger, oscar.email, "guess")
    answer = sign_in(stranger, oscar.email, PASSWORD)
    assert "Too many attempts. Wait 15 minutes" in answer.text
    assert stranger.get("/console/").status_code == 302


def test_the_door_opens_again_after_fifteen_minutes(stranger, oscar):
    from datetime import timedelta

    from django.utils import timezone

    from ohmstead.web.models import SignInFailures

    for _ in range(5):
        sign_in(stranger, oscar.email, "guess")
    SignInFailures.objects.update(last_at=timezone.now() - timedelta(minutes=16))
    assert sign_in(stranger, oscar.email, PASSWORD).status_code == 302


def test_a_locked_account_does_not_lock_the_others(stranger, oscar, network):
    colleague = network.people["owner"]
    colleague.set_password(PASSWORD)
    colleague.save()
    for _ in range(6):
        sign_in(stranger, oscar.email, "guess")
    assert sign_in(stranger, colleague.email, PASSWORD).status_code == 302


def test_the_failures_table_keeps_no_address(stranger, oscar):
    from ohmstead.web.models import SignInFailures

    sign_in(stranger, oscar.email, "guess")
    assert all("@" not in key and "127" not in key[:4] for key in SignInFailures.objects.values_list("key", flat=True))


def test_signing_out_closes_the_console(operator):
    assert operator.post("/sign-out").status_code == 302
    assert operator.get("/console/").headers["Location"].startswith("/sign-in")


def test_somebody_without_an_organisation_is_told_whom_to_ask(database, stranger):
    from ohmstead.access.models import User

    stranger.force_login(User.objects.create(email="new@hill.example"))
    answer = stranger.get("/console/")
    assert answer.status_code == 403
    assert "Ask an owner to add you" in answer.text


def test_only_a_demo_shows_logins_and_only_its_own(stranger, network, demo_mode):
    from ohmstead.run import demo

    demo.seed()
    page = stranger.get("/sign-in").text
    for login in demo.LOGINS:
        assert login["email"] in page
    assert "hill.example" not in page


def test_who_joins_a_demo_is_not_shown_to_everybody(stranger, network, demo_mode):
    from ohmstead.access.models import Membership, Organisation, User
    from ohmstead.run import demo
    from ohmstead.web.demo import SLUG

    demo.seed()
    tess = User.objects.create(email="tess@ampersham.example")
    Membership.objects.create(user=tess, organisation=Organisation.objects.get(slug=SLUG), role="technician")
    assert "tess@" not in stranger.get("/sign-in").text


def test_outside_the_demo_no_login_is_shown(stranger, network):
    from ohmstead.run import demo

    demo.seed()
    assert "ampersham" not in stranger.get("/sign-in").text


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_sign_in_and_preferences_never_lead_elsewhere(stranger, oscar, target):
    answer = stranger.post("/sign-in", {"login": oscar.email, "password": PASSWORD, "next": target})
    assert answer.headers["Location"] == "/console/"
    assert stranger.post("/console/theme", {"theme": "dark", "next": target}).headers["Location"] == "/console/"


@pytest.mark.parametrize(("public_url", "status"), [("https://console.example", 302), ("", 403)])
def test_behind_a_proxy_that_ends_tls_people_sign_in(oscar, monkeypatch, public_url, status):
    from django.test import Client, override_settings

    from ohmstead.run.environment import Environment

    monkeypatch.setenv("OHMSTEAD_PUBLIC_URL", public_url)
    monkeypatch.setenv("OHMSTEAD_ALLOWED_HOSTS", "" if public_url else "console.example")
    browser = Client(enforce_csrf_checks=True, headers={"host": "console.example"})
    with override_settings(**Environment().django_public()):
        browser.get("/sign-in")
        form = {"login": oscar.email, "password": PASSWORD}
        form["csrfmiddlewaretoken"] = browser.cookies["csrftoken"].value
        answer = browser.post("/sign-in", form, headers={"origin": "https://console.example"})
        assert answer.status_code == status
        assert all(bool(cookie["secure"]) == bool(public_url) for cookie in browser.cookies.values())
