"""Codes by mail, forgotten passwords, second steps: what opens an account and what does not."""

import re

import pytest

from tests.web.conftest import PASSWORD


def totp(secret):
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def code_in(mail):
    return re.search(r"^([A-Z0-9-]{6,})$", mail.body, re.MULTILINE)[1]


def is_in(browser):
    return browser.get("/console/").status_code == 200


def ask_for_code(browser, email):
    return browser.post("/sign-in/code", {"email": email}, follow=True)


def with_password(browser, user):
    return browser.post("/sign-in", {"login": user.email, "password": PASSWORD}, follow=True)


@pytest.fixture
def key_of(oscar, stranger):
    """Oscar turns his authenticator app on; the key in it."""
    with_password(stranger, oscar)
    stranger.post("/account/confirm", {"password": PASSWORD})
    key = re.search(r'id="totp-key">([A-Z2-7]+)<', stranger.get("/account/app").text)[1]
    answer = stranger.post("/account/app", {"code": totp(key)}, follow=True)
    codes = re.findall(r"<li>(\d{8})</li>", answer.text)
    stranger.post("/sign-out")
    return key, codes


def test_a_code_by_mail_opens_the_account(stranger, oscar, mailbox):
    assert "Enter the code" in ask_for_code(stranger, "Operator@Hill.example").text
    assert [mail.to for mail in mailbox] == [[oscar.email]]
    stranger.post("/sign-in/code/enter", {"code": code_in(mailbox[0])})
    assert is_in(stranger)


def test_an_unknown_address_is_answered_alike(stranger, oscar, mailbox, browser_of):
    from django.test import Client

    def answers(email):
        browser = Client(headers={"host": "localhost"})
        code, link = ask_for_code(browser, email), browser.post("/password/forgotten", {"email": email}, follow=True)
        seen = [re.sub(r'value="[^"]{64}"', "", each.text).replace(email, "") for each in (code, link)]
        return [code.redirect_chain, link.redirect_chain, *seen]

    assert answers(oscar.email) == answers("nobody@hill.example")
    assert [mail.to[0] for mail in mailbox].count("nobody@hill.example") == 2
    assert "No account has it" in mailbox[-2].body


def test_three_wrong_codes_and_a_new_one_is_needed(stranger, oscar, mailbox):
    ask_for_code(stranger, oscar.email)
    for _ in range(3):
        stranger.post("/sign-in/code/enter", {"code": "WRONG1"})
    stranger.post("/sign-in/code/enter", {"code": code_in(mailbox[0])})
    assert not is_in(stranger)


def test_only_a_few_codes_a_minute_are_mailed(stranger, oscar, mailbox):
    from django.test import Client

    for _ in range(5):
        ask_for_code(Client(headers={"host": "localhost"}), oscar.email)
    assert len(mailbox) == 3


def test_a_forgotten_password_is_replaced_by_who_reads_the_mail(stranger, oscar, mailbox):
    stranger.post("/password/forgotten", {"email": oscar.email})
    link = re.search(r"http://localhost(/password/new/\S+)", mailbox[0].body)[1]
    form = stranger.get(link, follow=True)
    assert "Choose a new password" in form.text
    new = {"password1": "quite another secret", "password2": "quite another secret"}
    assert "The new password is saved" in stranger.post(form.redirect_chain[-1][0], new, follow=True).text
    assert not is_in(stranger)
    assert not is_in(with_password(stranger, oscar).client)
    oscar.refresh_from_db()
    assert oscar.check_password("quite another secret")
    assert "used already or is too old" in stranger.get(link, follow=True).text


@pytest.mark.parametrize("link", ["1-abc-def", "zzzz-1-2", "0-set-password"])
def test_a_made_up_link_changes_no_password(stranger, oscar, link):
    assert "used already or is too old" in stranger.get(f"/password/new/{link}", follow=True).text


def test_a_weak_new_password_is_told(stranger, oscar):
    with_password(stranger, oscar)
    answer = stranger.post(
        "/account/password", {"oldpassword": PASSWORD, "password1": "password", "password2": "password"}
    )
    assert "too common" in answer.text
    oscar.refresh_from_db()
    assert oscar.check_password(PASSWORD)


def test_with_an_app_the_password_alone_does_not_open(stranger, oscar, key_of):
    key, _ = key_of
    assert "Second step" in with_password(stranger, oscar).text
    assert not is_in(stranger)
    assert "Incorrect code." in stranger.post("/sign-in/second-factor", {"code": "000000"}).text
    stranger.post("/sign-in/second-factor", {"code": totp(key)})
    assert is_in(stranger)


def test_with_an_app_the_code_by_mail_alone_does_not_open(stranger, oscar, key_of, mailbox):
    ask_for_code(stranger, oscar.email)
    answer = stranger.post("/sign-in/code/enter", {"code": code_in(mailbox[-1])}, follow=True)
    assert "Second step" in answer.text
    assert not is_in(stranger)


def test_a_recovery_code_opens_once(stranger, oscar, key_of):
    _, codes = key_of
    assert len(codes) == 10
    for opens in (True, False):
        with_password(stranger, oscar)
        stranger.post("/sign-in/second-factor", {"code": codes[0]})
        assert is_in(stranger) is opens
        stranger.post("/sign-out")


def test_guessing_the_second_step_is_stopped(stranger, oscar, key_of):
    key, _ = key_of
    with_password(stranger, oscar)
    for _ in range(6):
        stranger.post("/sign-in/second-factor", {"code": "000000"})
    answer = stranger.post("/sign-in/second-factor", {"code": totp(key)})
    assert "Too many attempts" in answer.text
    assert not is_in(stranger)


def test_a_copy_of_the_database_has_no_key_of_an_app(key_of):
    from allauth.mfa.models import Authenticator

    key, codes = key_of
    kept = " ".join(str(data) for data in Authenticator.objects.values_list("data", flat=True))
    assert key not in kept
    assert not any(code in kept for code in codes)
    assert kept.count("gAAAA") >= 2  # Fernet


def test_changing_how_one_signs_in_asks_who_it_is_and_is_audited(oscar, operator, key_of):
    from ohmstead.access.models import AuditEntry

    assert "Is it you?" in operator.get("/account/app/off", follow=True).text
    assert "Is it you?" in operator.get("/account/passkeys/add", follow=True).text
    verbs = list(AuditEntry.objects.filter(user=oscar).values_list("verb", flat=True))
    assert verbs.count("user.authenticator_added") == 2


def test_the_session_is_a_new_one_after_signing_in(stranger, oscar):
    """A session that somebody planted before sign-in is worth nothing after it."""
    stranger.get("/sign-in/code")
    session = stranger.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    stranger.cookies["sessionid"] = planted
    with_password(stranger, oscar)
    assert is_in(stranger)
    assert stranger.session.session_key != planted
    stranger.cookies["sessionid"] = planted
    assert not is_in(stranger)


def test_nobody_signs_up_by_themselves(stranger, database):
    from ohmstead.access.models import User

    form = {"email": "new@hill.example", "password1": PASSWORD}
    assert stranger.post("/sign-up", form).headers["Location"] == "/sign-in"
    assert not User.objects.exists()
