"""The writes of members: invited, joined, given another role, removed."""

import secrets
from datetime import timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from ohmstead.access.actors import Actor
from ohmstead.access.audit import record
from ohmstead.access.errors import BadInvitation, LastOwner, NotYours
from ohmstead.access.models import Invitation, Membership, Organisation, Role, User
from ohmstead.access.rights import Right, rights_of

INVITATION_LIFE: Final = timedelta(days=7)


def hash_of(secret: str) -> str:
    return salted_hmac("ohmstead.access.invitation", secret, algorithm="sha256").hexdigest()


@transaction.atomic(durable=True)
def invite(
    organisation: Organisation, email: str, role: Role, *, allowed: frozenset[Right], by: Actor
) -> tuple[Invitation, str]:
    """The invitation and the secret of its link; inviting again makes the earlier link worthless.

    `allowed`: the rights of who invites. Raises BadInvitation, NotYours.
    """
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise BadInvitation("This is no e-mail address.") from None
    _check_within(role, allowed)
    if Membership.objects.filter(organisation=organisation, user__email=email).exists():
        raise BadInvitation("This person is a member already.")
    secret = secrets.token_urlsafe(32)
    values = {
        "role": role,
        "secret_hash": hash_of(secret),
        "invited_by_id": by.user_id,
        "expires_at": timezone.now() + INVITATION_LIFE,
    }
    invitation, _ = Invitation.objects.update_or_create(organisation=organisation, email=email, defaults=values)
    record(by, "member.invited", invitation, role=role)
    return invitation, secret


@transaction.atomic(durable=True)
def withdraw_invitation(invitation: Invitation, *, by: Actor) -> None:
    record(by, "member.invitation_withdrawn", invitation)
    invitation.delete()


@transaction.atomic(durable=True)
def accept_invitation(invitation: Invitation, *, name: str = "", password: str | None = None) -> User:
    """Whoever opens the link reads the address's mail: the account is theirs, a new one or the one that exists.

    An account that exists keeps its name and password.
    """
    user = User.objects.filter(email=invitation.email).first()
    if user is None:
        user = User.objects.create_user(invitation.email, password, name=name.strip()[:120])
    by = Actor.of_user(user)
    membership, made = Membership.objects.get_or_create(
        organisation=invitation.organisation, user=user, defaults={"role": invitation.role}
    )
    if made:
        record(by, "member.joined", membership, role=membership.role)
    invitation.delete()
    return user


@transaction.atomic(durable=True)
def change_role(membership: Membership, role: Role, *, allowed: frozenset[Right], by: Actor) -> None:
    """Raises LastOwner, NotYours."""
    _check_within(role, allowed)
    _check_within(Role(membership.role), allowed)
    if membership.role == role:
        return
    _keep_an_owner(membership)
    before, membership.role = membership.role, role
    membership.save(update_fields=["role"])
    record(by, "member.role_changed", membership, before=before, after=role)


@transaction.atomic(durable=True)
def remove_member(membership: Membership, *, allowed: frozenset[Right], by: Actor) -> None:
    """The person keeps the account and loses this organisation at once. Raises LastOwner, NotYours."""
    _check_within(Role(membership.role), allowed)
    _keep_an_owner(membership)
    record(by, "member.removed", membership, role=membership.role)
    membership.delete()


def _check_within(role: Role, allowed: frozenset[Right]) -> None:
    """Nobody hands out, or takes away, more than they have themselves."""
    if not rights_of(role) <= allowed:
        raise NotYours("That role may do more than you: only somebody who has its rights can give or take it.")


def _keep_an_owner(membership: Membership) -> None:
    """The organisation's owners are locked, so that two who leave at the same time cannot leave none."""
    if membership.role != Role.OWNER:
        return
    owners = Membership.objects.select_for_update().filter(organisation=membership.organisation_id, role=Role.OWNER)
    if len(owners.order_by("pk")) < 2:
        raise LastOwner("This is the last owner: make somebody else an owner first.")
