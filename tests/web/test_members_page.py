"""People are invited, join, get another role and leave."""

import re

import pytest

MEMBERS = "/console/members"


@pytest.fixture
def owner(browser_of):
    return browser_of("owner")


def membership_of(person):
    from ohmstead.access.models import Membership

    return Membership.objects.filter(user=person)


def verbs():
    from ohmstead.access.models import AuditEntry

    return list(AuditEntry.objects.filter(verb__startswith="member").order_by("at").values_list("verb", flat=True))


def invite(owner, email="new@hill.example", role="technician"):
    return owner.post(f"{MEMBERS}/invite", {"email": email, "role": role}, follow=True)


def link_in(mail):
    return re.search(r"http://localhost(/invitation/\S+)", mail.body)[1]


def test_somebody_new_joins_by_the_link_in_the_mail(owner, stranger, network, mailbox):
    assert "on its way to new@hill.example" in invite(owner, " New@Hill.example ").text
    (mail,) = mailbox
    assert (mail.to, mail.subject) == (["new@hill.example"], "Hill Energy invites you to Ohmstead")
    page = stranger.get(link_in(mail))
    assert "Join Hill Energy" in page.text
    stranger.post(link_in(mail), {"name": "Nele", "password": "a long enough secret"})
    stranger.post("/sign-in", {"login": "new@hill.example", "password": "a long enough secret"})
    assert "Hill Energy" in stranger.get("/console/").text
    assert stranger.get("/console/api-keys").status_code == 403
    assert verbs() == ["member.invited", "member.joined"]
    assert stranger.get(link_in(mail)).status_code == 404


def test_somebody_with_an_account_keeps_it_as_it_is(owner, browser_of, network, mailbox):
    neighbour = network.people["neighbour"]
    invite(owner, neighbour.email, "reader")
    browser = browser_of("neighbour")
    mass = {"name": "Mallory", "password": "x", "role": "owner", "organisation": "x", "is_superuser": "1"}
    assert browser.post(link_in(mailbox[0]), mass).headers["Location"] == "/console/"
    neighbour.refresh_from_db()
    assert (neighbour.name, neighbour.password, neighbour.is_superuser) == ("Owner", "", False)
    assert {(m.organisation.slug, m.role) for m in membership_of(neighbour)} == {("hill", "reader"), ("vale", "owner")}


def test_a_weak_password_is_told_and_nobody_joins(owner, stranger, mailbox):
    invite(owner)
    assert "too common" in stranger.post(link_in(mailbox[0]), {"password": "password"}).text
    assert verbs() == ["member.invited"]


@pytest.mark.parametrize("end", ["withdrawn", "sent again", "run out", "made up"])
def test_a_link_that_no_longer_holds_says_so(owner, stranger, mailbox, end):
    from datetime import timedelta

    from django.utils import timezone

    from ohmstead.access.models import Invitation

    invite(owner)
    link = link_in(mailbox[0])
    invitation = Invitation.objects.get()
    if end == "withdrawn":
        owner.post(f"/console/invitations/{invitation.pk}/withdraw")
    elif end == "sent again":
        owner.post(f"/console/invitations/{invitation.pk}/resend")
        assert stranger.get(link_in(mailbox[1])).status_code == 200
    elif end == "run out":
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    else:
        link = "/invitation/guess"
    answer = stranger.post(link, {"name": "N"})
    assert answer.status_code == 404
    assert "no longer holds" in answer.text


@pytest.mark.parametrize(
    ("email", "role", "sentence"),
    [
        ("nobody", "reader", "This is no e-mail address."),
        ("a\0b@hill.example", "reader", "This is no e-mail address."),
        ("new@hill.example", "emperor", "There is no such role."),
        ("operator@hill.example", "reader", "This person is a member already."),
    ],
)
def test_a_bad_invitation_is_told_and_mails_nobody(owner, network, mailbox, email, role, sentence):
    assert sentence in invite(owner, email, role).text
    assert (mailbox, verbs()) == ([], [])


def test_a_role_is_changed(owner, network):
    member = membership_of(network.people["reader"]).get()
    assert "is changed" in owner.post(f"{MEMBERS}/{member.pk}/role", {"role": "operator"}, follow=True).text
    member.refresh_from_db()
    assert (member.role, verbs()) == ("operator", ["member.role_changed"])


@pytest.mark.parametrize("what", ["role", "remove", "leave"])
def test_the_last_owner_stays(owner, network, what):
    member = membership_of(network.people["owner"]).get()
    if what == "leave":
        answer = owner.post("/console/organisation/leave", {"typed": "hill"}, follow=True)
    else:
        answer = owner.post(f"{MEMBERS}/{member.pk}/{what}", {"role": "reader"}, follow=True)
    assert "This is the last owner" in answer.text
    member.refresh_from_db()
    assert member.role == "owner"


def test_removing_asks_once_more_and_closes_the_console_at_once(owner, browser_of, network):
    technician = browser_of("technician")
    address = f"{MEMBERS}/{membership_of(network.people['technician']).get().pk}/remove"
    assert "Remove Technician?" in owner.get(address).text
    assert technician.get("/console/").status_code == 200
    owner.post(address)
    assert technician.get("/console/").status_code == 403
    assert verbs() == ["member.removed"]


def test_anybody_but_the_last_owner_may_leave_by_typing_the_name(browser_of, network):
    reader = browser_of("reader")
    assert "This is not the name" in reader.post("/console/organisation/leave", {"typed": "hil"}).text
    assert membership_of(network.people["reader"]).exists()
    reader.post("/console/organisation/leave", {"typed": "hill"})
    assert not membership_of(network.people["reader"]).exists()


def test_a_neighbours_member_or_invitation_does_not_exist(owner, browser_of, network, mailbox):
    from ohmstead.access.models import Invitation

    invite(browser_of("neighbour"), "new@vale.example")
    theirs, member = Invitation.objects.get(), membership_of(network.people["neighbour"]).get()
    for address in (
        f"{MEMBERS}/{member.pk}/role",
        f"{MEMBERS}/{member.pk}/remove",
        f"/console/invitations/{theirs.pk}/resend",
        f"/console/invitations/{theirs.pk}/withdraw",
    ):
        assert owner.post(address, {"role": "reader"}).status_code == 404
    assert "new@vale.example" not in owner.get(MEMBERS).text


def test_who_takes_a_role_can_give_no_more_than_it(network):
    from ohmstead.access.actors import Actor
    from ohmstead.access.errors import NotYours
    from ohmstead.access.members import change_role, invite, remove_member
    from ohmstead.access.models import Role
    from ohmstead.access.rights import Right

    some, by = frozenset({Right.VIEW, Right.PEOPLE}), Actor.of_user(network.people["reader"])
    reader, owner = (membership_of(network.people[role]).get() for role in ("reader", "owner"))
    for act in (
        lambda: invite(network.hill, "new@hill.example", Role.OWNER, allowed=some, by=by),
        lambda: change_role(reader, Role.OWNER, allowed=some, by=by),
        lambda: change_role(owner, Role.READER, allowed=some, by=by),
        lambda: remove_member(owner, allowed=some, by=by),
    ):
        with pytest.raises(NotYours):
            act()


def test_the_list_costs_the_same_for_many_people(owner, network, queries_of):
    from tests.web.little_network import _person

    few = queries_of(lambda: owner.get(MEMBERS))
    for number in range(5):
        _person(network.hill, f"p{number}@hill.example", "reader")
    assert queries_of(lambda: owner.get(MEMBERS)) == few


def test_the_organisation_is_changed_with_one_row_that_says_what(owner, network):
    from ohmstead.access.models import AuditEntry

    wish = {"name": "Hill Power", "unknown_stations": "refuse", "language": "en", "time_zone": "Europe/Berlin"}
    assert "Saved." in owner.post("/console/organisation", wish | {"slug": "vale"}, follow=True).text
    network.hill.refresh_from_db()
    assert (network.hill.name, network.hill.slug, network.hill.unknown_stations) == ("Hill Power", "hill", "refuse")
    assert AuditEntry.objects.get(verb="organisation.changed").details == {
        "name": ["Hill Energy", "Hill Power"],
        "time_zone": ["UTC", "Europe/Berlin"],
        "unknown_stations": ["hold", "refuse"],
    }
    assert "no such time zone" in owner.post("/console/organisation", wish | {"time_zone": "Mars/Base"}).text


def test_every_key_is_revoked_at_once(owner, network):
    from ohmstead.access.models import ApiKey

    owner.post("/console/api-keys", {"name": "Billing", "scopes": ["view"], "lifetime": ""})
    owner.post("/console/organisation/revoke-keys", {"typed": "wrong"})
    assert ApiKey.objects.get().revoked_at is None
    owner.post("/console/organisation/revoke-keys", {"typed": "hill"})
    assert ApiKey.objects.get().revoked_at is not None
