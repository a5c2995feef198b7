"""One's own account: name, browsers signed in, organisations."""

import re

import pytest

from tests.web.conftest import PASSWORD


@pytest.fixture
def two_browsers(oscar):
    from django.test import Client

    def signed_in(name):
        browser = Client(headers={"host": "localhost", "user-agent": name})
        browser.post("/sign-in", {"login": oscar.email, "password": PASSWORD})
        return browser

    return signed_in("Mozilla/5.0 (X11; Linux) Firefox/140.0"), signed_in("Mozilla/5.0 (iPhone) Version/19 Safari/605")


def is_in(browser):
    return browser.get("/console/").status_code == 200


def test_the_page_names_every_browser_and_marks_this_one(two_browsers):
    here, _ = two_browsers
    page = here.get("/account").text
    assert re.search(r"Firefox on Linux</b>\s*<span class=\"tag\">this browser", page)
    assert "Safari on iPhone" in page


def test_a_browser_is_signed_out_from_another(two_browsers):
    here, phone = two_browsers
    address = re.search(r'action="(/account/sessions/\d+/end)"', here.get("/account").text)[1]
    assert "That browser is signed out." in here.post(address, follow=True).text
    assert (is_in(here), is_in(phone)) == (True, False)


def test_all_others_are_signed_out_at_once(two_browsers):
    here, phone = two_browsers
    here.post("/account/sessions/end-others")
    assert (is_in(here), is_in(phone)) == (True, False)


def test_another_persons_browser_does_not_exist(two_browsers, browser_of):
    from allauth.usersessions.models import UserSession

    phone = two_browsers[1]
    theirs = UserSession.objects.get(session_key=phone.session.session_key)
    assert browser_of("owner").post(f"/account/sessions/{theirs.pk}/end").status_code == 404
    assert is_in(phone)


def test_a_new_password_signs_the_other_browsers_out(two_browsers):
    here, phone = two_browsers
    new = {"oldpassword": PASSWORD, "password1": "quite another secret", "password2": "quite another secret"}
    here.post("/account/password", new)
    assert (is_in(here), is_in(phone)) == (True, False)


def test_the_name_is_changed_and_audited(operator, network):
    from ohmstead.access.models import AuditEntry

    assert "Oscar Petersen" in operator.post("/account/name", {"name": " Oscar Petersen "}, follow=True).text
    entry = AuditEntry.objects.get(verb="user.renamed")
    assert (entry.actor_name, entry.details) == ("Operator", {"before": "Operator", "after": "Oscar Petersen"})


@pytest.mark.parametrize("name", ["x" * 121, "a\0b"])
def test_a_name_that_cannot_be_kept_is_told(operator, network, name):
    assert "at most 120 characters" in operator.post("/account/name", {"name": name}, follow=True).text
    network.people["operator"].refresh_from_db()
    assert network.people["operator"].name == "Operator"


def test_mass_assignment_changes_only_the_name(operator, network):
    operator.post("/account/name", {"name": "Oscar", "email": "x@y.example", "is_superuser": "1", "is_staff": "1"})
    user = network.people["operator"]
    user.refresh_from_db()
    assert (user.email, user.is_superuser, user.is_staff) == ("operator@hill.example", False, False)


def test_somebody_of_two_organisations_works_for_one_at_a_time(operator, network):
    from ohmstead.access.models import Membership

    also = Membership.objects.create(organisation=network.vale, user=network.people["operator"], role="reader")
    assert "HILL-1" in operator.get("/console/stations").text
    operator.post("/account/organisation", {"organisation": str(network.vale.pk)})
    page = operator.get("/console/stations").text
    assert "VALE-1" in page
    assert "HILL-1" not in page
    assert operator.post("/console/inbox/VALE-1/accept").status_code == 403
    also.delete()
    assert "HILL-1" in operator.get("/console/stations").text


@pytest.mark.parametrize("wish", ["", "nonsense", "theirs"])
def test_an_organisation_one_does_not_belong_to_cannot_be_chosen(operator, network, wish):
    wanted = str(network.vale.pk) if wish == "theirs" else wish
    assert operator.post("/account/organisation", {"organisation": wanted}).status_code == 404
    assert "HILL-1" in operator.get("/console/stations").text


def test_who_has_no_organisation_still_has_an_account_page(stranger, database):
    from ohmstead.access.models import User

    stranger.force_login(User.objects.create(email="new@hill.example"))
    page = stranger.get("/account")
    assert page.status_code == 200
    assert "Sign out" in page.text
