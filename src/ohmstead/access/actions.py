"""Writes to organisations and the people who work for them."""

from django.db import transaction

from ohmstead.access.actors import Actor
from ohmstead.access.audit import record
from ohmstead.access.models import Membership, Organisation, Role, User


@transaction.atomic
def found_organisation(slug: str, name: str, *, owner_email: str, owner_password: str, by: Actor) -> Organisation:
    """A new tenant and the person who may do everything in it."""
    organisation = Organisation.objects.create(slug=slug, name=name)
    owner = User.objects.filter(email=owner_email.strip().lower()).first()
    if owner is None:
        owner = User.objects.create_user(owner_email, owner_password)
    Membership.objects.create(organisation=organisation, user=owner, role=Role.OWNER)
    record(by, "organisation.founded", organisation, owner=owner.email)
    return organisation
