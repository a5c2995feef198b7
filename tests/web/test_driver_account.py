"""A driver's way in, account and history, as a browser meets them."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest


@pytest.fixture
def hill(network, mailbox):
    """The app at our address is Hill Energy's."""
    from django.test import override_settings

    with override_settings(OHMSTEAD_DEFAULT_ORGANISATION="hill"):
        yield network


def code_in(mail):
    return re.search(r"^(\d{6})$", mail.body, re.M)[1]


def link_in(mail):
    return re.search(r"http://localhost(/enter/link/\S+)", mail.body)[1]


def sign_up(client, mailbox, email="cleo@example.org"):
    client.post("/enter", {"email": email})
    return client.post("/enter/code", {"code": code_in(mailbox[-1])})


@pytest.fixture
def cleo(hill, stranger, mailbox):
    sign_up(stranger, mailbox)
    from ohmstead.drivers.models import Driver

    stranger.driver = Driver.objects.get(email="cleo@example.org")
    return stranger


def charged(driver, station, **more):
    from ohmstead.drivers.models import Token
    from tests.web.little_network import session

    token, _ = Token.objects.get_or_create(
        organisation=driver.organisation, driver=driver, uid="0A0B", canonical_uid="0A0B", label="Blue card"
    )
    return session(station, **({"state": "ended", "token": token, "token_uid": "0A0B"} | more))


def test_an_address_and_a_code_are_all_it_takes(hill, stranger, mailbox):
    answer = sign_up(stranger, mailbox)
    assert answer.headers["Location"].startswith("/me/welcome")
    assert "passkey" in stranger.get("/me/welcome").text
    page = stranger.get("/me").text
    assert "cleo@example.org" in page
    assert "This month" in page


def test_the_known_and_the_unknown_address_get_the_same_answer(hill, stranger, mailbox):
    from ohmstead.access.models import User

    User.objects.create_user("known@example.org", None)
    answers = [stranger.post("/enter", {"email": email}) for email in ("known@example.org", "unknown@example.org")]
    assert len({(each.status_code, each.headers["Location"]) for each in answers}) == 1
    shapes = {re.sub(r"\d{6}|link/\S+", "…", mail.body) for mail in mailbox}
    assert len(mailbox) == 2
    assert len(shapes) == 1


def test_a_replayed_code_or_link_lets_nobody_in(hill, stranger, mailbox):
    from django.test import Client

    sign_up(stranger, mailbox)
    other = Client(headers={"host": "localhost"})
    answer = other.post(link_in(mailbox[-1]))
    assert answer.status_code == 410
    assert other.get("/me").headers["Location"].startswith("/enter")


def test_looking_at_the_link_signs_nobody_in_and_pressing_does(hill, stranger, mailbox):
    stranger.post("/enter", {"email": "cleo@example.org"})
    link = link_in(mailbox[-1])
    assert "One more press" in stranger.get(link).text
    assert stranger.get("/me").status_code == 302
    assert stranger.post(link).status_code == 302
    assert stranger.get("/me").status_code == 200


def test_another_browser_cannot_guess_at_the_code(hill, stranger, mailbox):
    from django.test import Client

    stranger.post("/enter", {"email": "cleo@example.org"})
    other = Client(headers={"host": "localhost"})
    assert other.post("/enter/code", {"code": code_in(mailbox[-1])}).headers["Location"] == "/enter"


def test_a_flood_of_codes_from_one_place_is_told_to_wait(hill, stranger, mailbox):
    for number in range(30):
        stranger.post("/enter", {"email": f"driver{number}@example.org"})
    answer = stranger.post("/enter", {"email": "more@example.org"})
    assert answer.status_code == 429
    assert "Try again in an hour" in answer.text
    assert len(mailbox) == 30


def test_a_drivers_account_opens_no_console(cleo):
    assert cleo.get("/console/").status_code == 403
    assert cleo.get("/account").headers["Location"] == "/me/security"


def test_an_operator_becomes_a_driver_with_one_press_and_keeps_the_console(hill, operator):
    assert operator.get("/me").headers["Location"] == "/enter/become"
    operator.post("/enter/become")
    assert "You also work here" in operator.get("/me").text
    assert operator.get("/console/").status_code == 200


def test_a_second_factor_is_asked_for_after_the_code(hill, stranger, mailbox):
    from allauth.mfa.totp.internal.auth import TOTP

    from ohmstead.access.models import User

    user = User.objects.create_user("cleo@example.org", None)
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    assert sign_up(stranger, mailbox).headers["Location"] == "/sign-in/second-factor"
    assert stranger.get("/me").headers["Location"].startswith("/enter")


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_the_door_leads_nowhere_else(hill, stranger, mailbox, target):
    from ohmstead.access.models import User
    from ohmstead.drivers.accounts import become_driver

    become_driver(User.objects.create_user("cleo@example.org", None), hill.hill)
    stranger.post("/enter", {"email": "cleo@example.org", "next": target})
    assert stranger.post("/enter/code", {"code": code_in(mailbox[-1])}).headers["Location"] == "/me"


def test_a_new_address_counts_once_it_is_proved_and_the_old_one_is_told(cleo, mailbox):
    cleo.post("/me/security/email", {"email": "cleo@new.example"})
    assert mailbox[-1].to == ["cleo@new.example"]
    assert "cleo@example.org" in cleo.get("/me").text
    cleo.post(link_in(mailbox[-1]))
    assert mailbox[-1].to == ["cleo@example.org"]
    assert "cleo@new.example" in cleo.get("/me").text


def test_other_browsers_are_listed_and_signed_out(cleo, mailbox):
    from django.test import Client

    other = Client(headers={"host": "localhost", "user-agent": "Mozilla Firefox/140 Linux"})
    sign_up(other, mailbox)
    assert "Firefox on Linux" in cleo.get("/me/security").text
    cleo.post("/me/security/sessions/end-others")
    assert other.get("/me").status_code == 302


def test_a_car_of_the_list_comes_with_its_figures(cleo):
    cleo.post("/me/vehicles/add", {"model": "renault-zoe-r135"})
    page = cleo.get("/me/vehicles").text
    assert "Renault Zoe R135" in page
    assert "52.0 kWh" in page


def test_a_car_with_impossible_figures_is_refused_in_words(cleo):
    form = {"name": "Van", "battery_kwh": "NaN", "plugs": ["IEC_62196_T2"]}
    answer = cleo.post("/me/vehicles/add", form)
    assert answer.status_code == 422
    assert "Battery and power are numbers." in answer.text


def test_preferences_and_consents_are_kept(cleo):
    cleo.post(
        "/me/preferences", {"plugs": ["CHADEMO", "HOSE"], "min_kw": "50", "ready_by": "07:30", "prefers": "green"}
    )
    found = cleo.driver.preferences
    assert (found.filters, str(found.ready_by), found.prefers) == (
        {"plugs": ["CHADEMO"], "min_kw": 50, "free_now": False},
        "07:30:00",
        "green",
    )
    cleo.post("/me/consent", {"kind": "plates", "given": "1"})
    page = cleo.get("/me/profile").text
    assert "Every time you said yes or no" in page


def test_history_shows_ones_own_sessions_by_month_and_nobody_elses(cleo, hill):
    from ohmstead.drivers.people import create_driver
    from tests.web.little_network import session  # noqa: F401

    now = datetime.now(UTC)
    charged(cleo.driver, hill.free, transaction_id="a", energy_wh=Decimal(12_340), ended_at=now)
    month_ago = now - timedelta(days=45)
    charged(
        cleo.driver, hill.free, transaction_id="b", started_at=month_ago, ended_at=month_ago, energy_wh=Decimal(5_000)
    )
    from ohmstead.access.actors import SYSTEM
    from ohmstead.drivers.models import Token
    from tests.web import little_network

    dora = create_driver(hill.hill, "Dora", by=SYSTEM)
    theirs = Token.objects.create(organisation=hill.hill, driver=dora, uid="FF", canonical_uid="FF")
    foreign = little_network.session(hill.free, transaction_id="c", token=theirs, energy_wh=Decimal(77_770))
    page = cleo.get("/me/history").text
    assert "12.34 kWh" in page
    assert "5.00 kWh" in page
    assert "77.77" not in page
    assert "nothing tells them for these sessions yet" in page
    assert cleo.get(f"/me/history/{foreign.pk}").status_code == 404
    recent = cleo.get("/me/history", {"since": f"{now - timedelta(days=2):%Y-%m-%d}"}).text
    assert "12.34 kWh" in recent
    assert "5.00 kWh" not in recent


def test_a_session_has_its_own_page(cleo, hill):
    from tests.web.little_network import reading

    mine = charged(cleo.driver, hill.free, stop_reason="local", start_register_wh=Decimal(1000))
    for minute in range(5):
        reading(mine, mine.started_at + timedelta(minutes=minute), 1000 + minute * 100, 7_000.0)
    page = cleo.get(f"/me/history/{mine.pk}").text
    assert "5.50 kWh" in page
    assert "Blue card" in page
    assert "<svg" in page


def test_the_table_and_the_pdf_hold_the_sessions(cleo, hill):
    from ohmstead.drivers.models import Driver

    Driver.objects.filter(pk=cleo.driver.pk).update(name="=cmd|'/c calc'!A1 Łukasz <b>")
    charged(cleo.driver, hill.free, energy_wh=Decimal(12_340))
    table = b"".join(cleo.get("/me/history.csv")).decode()
    assert "12.34" in table
    assert "Blue card" in table
    pdf = cleo.get("/me/history.pdf")
    assert pdf.content.startswith(b"%PDF-")
    assert len(pdf.content) > 1_500


def test_pages_are_german_too(cleo):
    from django.conf import settings

    cleo.cookies[settings.LANGUAGE_COOKIE_NAME] = "de"
    assert "Diesen Monat" in cleo.get("/me").text


def test_another_drivers_things_are_nowhere(cleo, hill):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.drivers import keeping
    from ohmstead.drivers.keeping import CarFacts
    from ohmstead.drivers.people import create_driver

    dora = create_driver(hill.hill, "Dora", by=SYSTEM)
    car = keeping.add_vehicle(dora, CarFacts("Doras van"), by=SYSTEM)
    assert cleo.get(f"/me/vehicles/{car.pk}").status_code == 404
    for deed in ("", "/main", "/remove"):
        assert cleo.post(f"/me/vehicles/{car.pk}{deed}", {"name": "Mine now"}).status_code == 404
    car.refresh_from_db()
    assert car.name == "Doras van"


def test_a_driver_chooses_what_to_be_told_and_how(cleo):
    page = cleo.get("/me/notices").text
    assert "By text message" not in page  # no provider is set
    assert 'data-key="B' in page
    cleo.post("/me/notices", {"email-done": "on", "push-fault": "on"})
    from ohmstead.drivers.notices import choices_of

    assert {key for key, wanted in choices_of(cleo.driver).items() if wanted} == {("email", "done"), ("push", "fault")}


@pytest.mark.parametrize(
    "body",
    ["", "[]", "{", '{"endpoint": "https://push.example/1"}', '{"endpoint": 1, "keys": {"p256dh": "A", "auth": "B"}}'],
)
def test_a_malformed_subscription_is_refused_and_nothing_kept(cleo, body):
    from ohmstead.drivers.models import PushSubscription

    assert cleo.post("/me/push/on", body, content_type="application/json").status_code == 422
    assert not PushSubscription.objects.exists()


def test_the_worker_for_notices_is_a_script(cleo):
    answer = cleo.get("/me/push-worker.js")
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert b"showNotification" in b"".join(answer.streaming_content)
