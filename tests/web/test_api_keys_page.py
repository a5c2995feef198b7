"""Keys for programs, made and revoked in the console."""

import re

import pytest

KEYS = "/console/api-keys"
WISH = {"name": "Billing", "scopes": ["view", "operate"], "lifetime": "90"}


@pytest.fixture
def owner(browser_of):
    return browser_of("owner")


def the_key():
    from ohmstead.access.models import ApiKey

    return ApiKey.objects.get()


def test_the_secret_is_shown_once(owner, network):
    from django.utils import timezone

    from ohmstead.access.queries import key_for

    answer = owner.post(KEYS, WISH)
    secret = re.search(r'<code id="secret">(ohm_[\w-]{43})</code>', answer.text)[1]
    key = key_for(secret, timezone.now())
    assert (key.organisation, key.scopes) == (network.hill, ["operate", "view"])
    assert (key.expires_at - key.created_at).days in (89, 90)
    assert "no-store" in answer.headers["Cache-Control"]
    page = owner.get(KEYS).text
    assert "Billing" in page
    assert key.prefix in page
    assert secret not in page


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, "This field is required."),
        ({"name": "x" * 121}, "at most 120"),
        ({"name": "a\0b"}, "Null characters are not allowed."),
        ({"scopes": []}, "without any, the key opens nothing"),
        ({"scopes": ["view", "everything"]}, "everything is not one of the available choices"),
        ({"lifetime": "99999999999"}, "Select a valid choice"),
    ],
)
def test_a_bad_wish_is_told_beside_its_field_and_makes_no_key(owner, network, change, sentence):
    from ohmstead.access.models import ApiKey

    answer = owner.post(KEYS, WISH | change)
    assert answer.status_code == 422
    assert not ApiKey.objects.exists()
    assert sentence in answer.text


def test_revoking_asks_once_more(owner, network):
    owner.post(KEYS, WISH)
    address = f"{KEYS}/{the_key().pk}/revoke"
    assert "Revoke the key Billing?" in owner.get(address).text
    assert the_key().revoked_at is None
    assert "Billing is revoked" in owner.post(address, follow=True).text
    assert the_key().revoked_at is not None
    assert "Revoked and expired" in owner.get(KEYS).text


def test_a_neighbours_key_does_not_exist(owner, browser_of, network):
    browser_of("neighbour").post(KEYS, WISH)
    assert "Billing" not in owner.get(KEYS).text
    assert owner.post(f"{KEYS}/{the_key().pk}/revoke").status_code == 404
    assert the_key().revoked_at is None


@pytest.mark.parametrize("role", ["operator", "technician", "support", "finance", "reader"])
def test_who_may_not_integrate_sees_no_keys(browser_of, network, role):
    browser = browser_of(role)
    assert browser.get(KEYS).status_code == 403
    assert browser.post(KEYS, WISH).status_code == 403
    assert KEYS not in browser.get("/console/").text


def test_the_name_is_shown_as_text(owner, network):
    owner.post(KEYS, WISH | {"name": "<script>alert(1)</script>"})
    for page in (owner.get(KEYS), owner.get(f"{KEYS}/{the_key().pk}/revoke")):
        assert "<script>alert" not in page.text
        assert "&lt;script&gt;" in page.text


def test_the_list_costs_the_same_for_many_keys(owner, network, queries_of):
    owner.post(KEYS, WISH)
    few = queries_of(lambda: owner.get(KEYS))
    for number in range(8):
        owner.post(KEYS, WISH | {"name": f"Program {number}"})
    assert queries_of(lambda: owner.get(KEYS)) == few
