"""What django-allauth changes in an account leaves its row in the audit trail too."""

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.dispatch import receiver

from ohmstead.access.actors import Actor
from ohmstead.access.audit import record


def _note(verb: str, user: Any, **details: object) -> None:
    record(Actor.of_user(user), verb, user, **details)


@receiver([account.password_changed, account.password_set])
def password_changed(user: Any, **_: Any) -> None:
    _note("user.password_changed", user)


@receiver(account.password_reset)
def password_reset(user: Any, **_: Any) -> None:
    _note("user.password_reset", user)


@receiver(mfa.authenticator_added)
def authenticator_added(user: Any, authenticator: Any, **_: Any) -> None:
    _note("user.authenticator_added", user, kind=authenticator.type)


@receiver(mfa.authenticator_removed)
def authenticator_removed(user: Any, authenticator: Any, **_: Any) -> None:
    _note("user.authenticator_removed", user, kind=authenticator.type)
