"""The ways to sign in beside the code: a password where a setting allows it, and other houses' accounts."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.conf import settings

from ohmstead.access.models import User


@dataclass(frozen=True, slots=True)
class Ways:
    password: bool


def offered() -> Ways:
    return Ways(password=settings.OHMSTEAD_DRIVER_PASSWORDS)


def address_changed(user: User, before: str) -> None:
    """django-allauth mails codes only to addresses in its own table."""
    EmailAddress.objects.filter(user=user, email__iexact=before).delete()
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
