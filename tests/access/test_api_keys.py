"""Keys for programs: a secret shown once, scopes within the maker's rights, an end."""

from datetime import timedelta

import pytest


@pytest.fixture
def hill(database):
    from ohmstead.access.actions import create_organisation
    from ohmstead.access.actors import SYSTEM

    return create_organisation("hill", "Hill Energy", by=SYSTEM)


@pytest.fixture
def make(hill):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.access.api_keys import create_api_key
    from ohmstead.access.rights import Right

    def made(*scopes, name="Billing", allowed=None, **more):
        wanted = [Right(scope) for scope in scopes]
        return create_api_key(hill, name, wanted, allowed=allowed or frozenset(Right), by=SYSTEM, **more)

    return made


def opened_by(secret, later=timedelta(0)):
    from django.utils import timezone

    from ohmstead.access.queries import key_for

    return key_for(secret, timezone.now() + later)


def audit():
    from ohmstead.access.models import AuditEntry

    return list(AuditEntry.objects.filter(verb__startswith="api_key").order_by("at", "pk"))


def test_a_secret_opens_its_key_and_is_kept_nowhere(make, hill):
    from ohmstead.access.models import ApiKey

    key, secret = make("view", "operate")
    assert secret.startswith("ohm_")
    assert len(secret) == 47
    assert opened_by(secret) == key
    kept = ApiKey.objects.values_list()[0]
    assert not any(secret[10:] in str(value) for value in kept)
    assert secret.startswith(key.prefix)
    assert [(row.verb, row.organisation_id, row.details["scopes"]) for row in audit()] == [
        ("api_key.created", hill.pk, ["operate", "view"])
    ]


@pytest.mark.parametrize("secret", ["", "ohm_", "ohm_guess", "Bearer", "ohm_\0", "ohm_" + "ü" * 500])
def test_what_is_no_key_opens_nothing(make, secret):
    make("view")
    assert opened_by(secret) is None


def test_a_revoked_key_opens_nothing_and_stays_in_the_list(make, hill):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.access.api_keys import revoke_api_key
    from ohmstead.access.queries import api_keys

    key, secret = make("view")
    revoke_api_key(key, by=SYSTEM)
    revoke_api_key(key, by=SYSTEM)
    assert opened_by(secret) is None
    assert [each.revoked_at is not None for each in api_keys(hill)] == [True]
    assert [row.verb for row in audit()] == ["api_key.created", "api_key.revoked"]


def test_an_expired_key_opens_nothing(make):
    from django.utils import timezone

    _, secret = make("view", expires_at=timezone.now() + timedelta(days=30))
    assert opened_by(secret, later=timedelta(days=29)) is not None
    assert opened_by(secret, later=timedelta(days=31)) is None


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        pytest.param({"name": "  "}, "needs a name", id="no name"),
        pytest.param({"name": "x" * 121}, "at most 120", id="long name"),
        pytest.param({"name": "a\0b"}, "needs a name", id="NUL"),
        pytest.param({"scopes": ()}, "at least one scope", id="no scope"),
        pytest.param({"allowed": frozenset({"operate"})}, "does not have", id="more than its maker may"),
        pytest.param({"expires_in": timedelta(seconds=-1)}, "expired already", id="in the past"),
    ],
)
def test_a_bad_wish_is_told_and_makes_no_key(make, wish, sentence):
    from django.utils import timezone

    from ohmstead.access.errors import BadApiKey
    from ohmstead.access.models import ApiKey

    scopes = wish.pop("scopes", ("view",))
    if "expires_in" in wish:
        wish["expires_at"] = timezone.now() + wish.pop("expires_in")
    with pytest.raises(BadApiKey, match=sentence):
        make(*scopes, **wish)
    assert (ApiKey.objects.count(), audit()) == (0, [])


def test_use_is_noted_once_a_minute(make):
    from django.utils import timezone

    from ohmstead.access.api_keys import note_use

    _, secret = make("view")
    now = timezone.now()
    note_use(opened_by(secret), now)
    assert opened_by(secret).last_used_at == now
    note_use(opened_by(secret), now + timedelta(seconds=59))
    assert opened_by(secret).last_used_at == now
    note_use(opened_by(secret), now + timedelta(seconds=61))
    assert opened_by(secret).last_used_at == now + timedelta(seconds=61)
