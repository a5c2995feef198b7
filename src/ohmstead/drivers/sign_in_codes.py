"""Codes and links mailed to an address, to sign in or to change it: asked for, and redeemed once.

Whether the address is known plays no part here, so nothing here can tell it.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac

from ohmstead.access.models import Organisation, User
from ohmstead.drivers.errors import CodeRefused, TooManyCodes
from ohmstead.drivers.models import CodePurpose, SignInCode

VALID_FOR: Final = timedelta(minutes=15)
MOST_PER_ADDRESS: Final = 5  # within an hour
MOST_PER_PLACE: Final = 30  # an office or a car park's wireless network shares one address
MOST_TRIES: Final = 5
_COUNTED_FOR: Final = timedelta(hours=1)
_GONE: Final = "This code or link was used already or is too old. Ask for a new one."


@dataclass(frozen=True, slots=True)
class Asked:
    """`code` and `secret` are for the mail alone; both None: too many mails went to this address, so none goes now."""

    id: UUID
    code: str | None
    secret: str | None


@transaction.atomic(durable=True)
def ask(
    organisation: Organisation,
    email: str,
    *,
    place: str,
    now: datetime,
    purpose: CodePurpose = CodePurpose.SIGN_IN,
    user: User | None = None,
) -> Asked:
    """Raises CodeRefused for what is no address, TooManyCodes for a place that asks for everybody."""
    email = checked_email(email)
    place_hash = _hash(place, "place")
    since = now - _COUNTED_FOR
    if SignInCode.objects.filter(place=place_hash, asked_at__gt=since).count() >= MOST_PER_PLACE:
        raise TooManyCodes("Too many codes were asked for from where you are. Try again in an hour.")
    silent = SignInCode.objects.filter(email=email, asked_at__gt=since).count() >= MOST_PER_ADDRESS
    code, secret = f"{secrets.randbelow(10**6):06}", secrets.token_urlsafe(32)
    row = SignInCode(
        organisation=organisation,
        purpose=purpose,
        user=user,
        email=email,
        place=place_hash,
        link_hash=_hash(secret, "link"),
        asked_at=now,
        expires_at=now + VALID_FOR,
    )
    row.code_hash = _hash(f"{row.pk} {code}", "code")
    row.save(force_insert=True)
    return Asked(row.pk, None if silent else code, None if silent else secret)


def redeem_code(code_id: UUID, code: str, *, now: datetime, purpose: CodePurpose = CodePurpose.SIGN_IN) -> SignInCode:
    """Raises CodeRefused; a wrong code is counted, and after five the right one comes too late."""
    typed = "".join(character for character in code if character.isdigit())[:12]
    with transaction.atomic(durable=True):
        row = _open(SignInCode.objects.filter(pk=code_id, purpose=purpose), now)
        right = constant_time_compare(_hash(f"{row.pk} {typed}", "code"), row.code_hash)
        _note(row, right, now)
    if not right:
        raise CodeRefused("That is not the code we sent. Look at the newest mail.")
    return row


def redeem_link(secret: str, *, now: datetime) -> SignInCode:
    """Raises CodeRefused."""
    with transaction.atomic(durable=True):
        row = _open(SignInCode.objects.filter(link_hash=_hash(secret, "link")), now)
        _note(row, True, now)
    return row


def link_holds(secret: str, now: datetime) -> bool:
    """Looking at a link does not use it up: mail programs open links before people do."""
    return SignInCode.objects.filter(link_hash=_hash(secret, "link"), used_at=None, expires_at__gt=now).exists()


def forget_old(now: datetime) -> None:
    SignInCode.objects.filter(expires_at__lt=now - _COUNTED_FOR).delete()


def checked_email(email: str) -> str:
    """Raises CodeRefused."""
    email = email.replace("\0", "").strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise CodeRefused("This is no e-mail address.") from None
    return email


def _open(found: QuerySet[SignInCode], now: datetime) -> SignInCode:
    row = found.select_for_update(of=("self",)).select_related("organisation", "user").first()
    if row is None or row.used_at is not None or row.expires_at <= now or row.tries >= MOST_TRIES:
        raise CodeRefused(_GONE)
    return row


def _note(row: SignInCode, right: bool, now: datetime) -> None:
    row.tries += 1
    row.used_at = now if right else None
    row.save(update_fields=["tries", "used_at"])


def _hash(text: str, what: str) -> str:
    return salted_hmac(f"ohmstead.drivers.{what}", text, algorithm="sha256").hexdigest()
