"""Reads of access that others call."""

from datetime import datetime

from django.db.models import Q, QuerySet

from ohmstead.access.api_keys import MARK, hash_of
from ohmstead.access.models import ApiKey, Organisation


def key_for(secret: str, now: datetime) -> ApiKey | None:
    """The key that this secret opens now, with its organisation; None when there is none, or no longer."""
    if not secret.startswith(MARK):
        return None
    valid = Q(expires_at=None) | Q(expires_at__gt=now)
    keys = ApiKey.objects.filter(valid, secret_hash=hash_of(secret), revoked_at=None)
    return keys.select_related("organisation").first()


def api_keys(organisation: Organisation) -> QuerySet[ApiKey]:
    """Newest first, also those that open nothing any more."""
    return ApiKey.objects.filter(organisation=organisation).select_related("created_by").order_by("-created_at", "-pk")
