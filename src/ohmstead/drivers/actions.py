"""The only writes to tokens."""

from datetime import datetime

from django.db import IntegrityError, transaction

from ohmstead.access.actors import Actor
from ohmstead.access.audit import record
from ohmstead.access.models import Organisation
from ohmstead.drivers.models import Token, TokenStatus
from ohmstead.station.tokens import TokenKind, canonical_uid


class TokenRefused(ValueError):
    """The message is a sentence for the person who entered the token."""


@transaction.atomic
def create_token(
    organisation: Organisation,
    uid: str,
    *,
    by: Actor,
    kind: TokenKind = TokenKind.RFID,
    label: str = "",
    valid_from: datetime | None = None,
    valid_to: datetime | None = None,
    parent_uid: str = "",
) -> Token:
    """Tokens are compared without case and separators, so `04:A2` and `04a2` are the same one."""
    canonical = canonical_uid(uid)
    if not canonical:
        raise TokenRefused("A token needs at least one letter or digit.")
    _check_span(valid_from, valid_to)
    token = Token(
        organisation=organisation,
        uid=uid.strip(),
        canonical_uid=canonical,
        kind=kind,
        label=label,
        valid_from=valid_from,
        valid_to=valid_to,
        parent_uid=canonical_uid(parent_uid),
    )
    try:
        with transaction.atomic():
            token.save(force_insert=True)
    except IntegrityError:
        raise TokenRefused(f"The token {uid.strip()} exists already.") from None
    record(by, "token.created", token, kind=kind.value)
    return token


@transaction.atomic
def block_token(token: Token, *, by: Actor, reason: str) -> None:
    """Stop a token from starting sessions. Running sessions go on, and it may still stop them."""
    _set_status(token, TokenStatus.BLOCKED, "token.blocked", by, reason)


@transaction.atomic
def unblock_token(token: Token, *, by: Actor, reason: str) -> None:
    _set_status(token, TokenStatus.VALID, "token.unblocked", by, reason)


@transaction.atomic
def set_validity(token: Token, *, valid_from: datetime | None, valid_to: datetime | None, by: Actor) -> None:
    """None is without bound."""
    _check_span(valid_from, valid_to)
    if (token.valid_from, token.valid_to) == (valid_from, valid_to):
        return
    token.valid_from, token.valid_to = valid_from, valid_to
    token.save(update_fields=["valid_from", "valid_to"])
    record(by, "token.validity_set", token, valid_from=valid_from, valid_to=valid_to)


def _set_status(token: Token, status: TokenStatus, verb: str, by: Actor, reason: str) -> None:
    if token.status == status:
        return  # saying it twice is not an error
    token.status = status
    token.save(update_fields=["status"])
    record(by, verb, token, reason=reason)


def _check_span(valid_from: datetime | None, valid_to: datetime | None) -> None:
    if valid_from is not None and valid_to is not None and valid_to <= valid_from:
        raise TokenRefused("The token would end before it begins to be valid.")
