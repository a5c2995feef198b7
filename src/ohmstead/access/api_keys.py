"""The writes of API keys: made with a secret that is shown once, revoked for good."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from ohmstead.access.actors import Actor
from ohmstead.access.audit import record
from ohmstead.access.errors import BadApiKey
from ohmstead.access.models import ApiKey, Organisation
from ohmstead.access.rights import Right

MARK: Final = "ohm_"  # scanners of leaked secrets know it by this
_SECRET_BYTES: Final = 32
_SHOWN: Final = 10
_USE_IS_NOTED_EVERY: Final = timedelta(minutes=1)


def hash_of(secret: str) -> str:
    """Fast and keyed: the secret is random, so nothing is gained by guessing slowly."""
    return salted_hmac("ohmstead.access.api_key", secret, algorithm="sha256").hexdigest()


@transaction.atomic(durable=True)
def create_api_key(
    organisation: Organisation,
    name: str,
    scopes: Iterable[Right],
    *,
    allowed: frozenset[Right],
    by: Actor,
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """The key and its secret, which nobody can read again. `allowed`: the rights of who makes it.

    Raises BadApiKey.
    """
    name, wanted = name.strip(), frozenset(scopes)
    if not name or len(name) > 120 or "\0" in name:
        raise BadApiKey("A key needs a name of at most 120 characters, such as the program that uses it.")
    if not wanted:
        raise BadApiKey("A key needs at least one scope: without any it opens nothing.")
    if not wanted <= allowed:
        raise BadApiKey("A key cannot be given a right that its maker does not have.")
    if expires_at is not None and expires_at <= timezone.now():
        raise BadApiKey("The key would have expired already.")
    secret = MARK + secrets.token_urlsafe(_SECRET_BYTES)
    key = ApiKey.objects.create(
        organisation=organisation,
        name=name,
        prefix=secret[:_SHOWN],
        secret_hash=hash_of(secret),
        scopes=sorted(right.value for right in wanted),
        created_by_id=by.user_id,
        expires_at=expires_at,
    )
    record(by, "api_key.created", key, prefix=key.prefix, scopes=key.scopes, expires_at=expires_at)
    return key, secret


@transaction.atomic(durable=True)
def revoke_api_key(key: ApiKey, *, by: Actor) -> None:
    """From the next request on it opens nothing."""
    if key.revoked_at:
        return
    key.revoked_at = timezone.now()
    key.save(update_fields=["revoked_at"])
    record(by, "api_key.revoked", key, prefix=key.prefix)


@transaction.atomic(durable=True)
def revoke_every_api_key(organisation: Organisation, *, by: Actor) -> int:
    """After a leak of unknown size: no program gets in any more. How many keys were in use."""
    count = ApiKey.objects.filter(organisation=organisation, revoked_at=None).update(revoked_at=timezone.now())
    if count:
        record(by, "organisation.api_keys_revoked", organisation, count=count)
    return count


def note_use(key: ApiKey, at: datetime) -> None:
    """When a key was last used, to the minute: not one write for each request, and no audit row."""
    stale = Q(last_used_at=None) | Q(last_used_at__lt=at - _USE_IS_NOTED_EVERY)
    if key.last_used_at is None or key.last_used_at < at - _USE_IS_NOTED_EVERY:
        ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=at)
