"""Reads of access that others call."""

from datetime import datetime

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from ohmstead.access.api_keys import MARK, hash_of
from ohmstead.access.members import hash_of as hash_of_invitation
from ohmstead.access.models import ApiKey, AuditEntry, Invitation, Membership, Organisation, Role


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


def members(organisation: Organisation) -> QuerySet[Membership]:
    """By role, the one who may do most first, then by address."""
    order = Case(
        *(When(role=role, then=Value(number)) for number, role in enumerate(Role)), output_field=IntegerField()
    )
    found = Membership.objects.filter(organisation=organisation).select_related("user")
    return found.order_by(order, "user__email")


def invitations(organisation: Organisation) -> QuerySet[Invitation]:
    return Invitation.objects.filter(organisation=organisation).select_related("invited_by").order_by("email")


def invitation_for(secret: str, now: datetime) -> Invitation | None:
    found = Invitation.objects.filter(secret_hash=hash_of_invitation(secret), expires_at__gt=now)
    return found.select_related("organisation", "invited_by").first()


def audit_entries(organisation: Organisation) -> QuerySet[AuditEntry]:
    """Newest first."""
    return AuditEntry.objects.filter(organisation=organisation).order_by("-at", "-pk")
