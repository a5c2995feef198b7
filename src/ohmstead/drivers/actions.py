"""The writes to tokens. Every change shows in the lists kept at stations (`Token.changed_at`)."""

import secrets
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from ohmstead.access.actors import Actor
from ohmstead.access.audit import record
from ohmstead.access.models import Organisation
from ohmstead.drivers.errors import TokenRefused
from ohmstead.drivers.models import Driver, Group, Token, TokenStatus
from ohmstead.drivers.rules import identities
from ohmstead.integration.events import TokenBlocked, TokenUnblocked
from ohmstead.integration.outbox import announce
from ohmstead.station.tokens import TokenKind, canonical_uid

__all__ = ["TokenRefused"]

_OF_OUR_MAKING: Final = (TokenKind.APP, TokenKind.GUEST, TokenKind.PLATE)


@transaction.atomic
def create_token(
    organisation: Organisation,
    uid: str = "",
    *,
    by: Actor,
    kind: TokenKind = TokenKind.RFID,
    driver: Driver | None = None,
    group: Group | None = None,
    label: str = "",
    printed_number: str = "",
    plate: str = "",
    valid_from: datetime | None = None,
    valid_to: datetime | None = None,
    parent_uid: str = "",
    master: bool = False,
    status: TokenStatus = TokenStatus.VALID,
    twin_is_meant: bool = False,
) -> Token:
    """Tokens are compared without case and separators, so `04:A2` and `04a2` are the same one.

    A card whose bytes are those of a known one in the other order is refused, unless `twin_is_meant`.
    Apps, guests and plates get a uid of our making. Raises TokenRefused.
    """
    uid = uid.replace("\0", "").strip() or (_new_uid(kind) if kind in _OF_OUR_MAKING else "")
    token = Token(
        organisation=organisation,
        driver=_own(driver, organisation),
        group=_own(group, organisation),
        uid=uid[:255],
        canonical_uid=_checked_uid(uid, kind),
        kind=kind,
        label=label.strip()[:120],
        printed_number=identities.printed_number(printed_number),
        plate=_checked_plate(plate, kind),
        valid_from=valid_from,
        valid_to=valid_to,
        parent_uid=canonical_uid(parent_uid)[:255],
        master=master,
        status=status,
    )
    _check_span(valid_from, valid_to)
    if kind is TokenKind.RFID and not twin_is_meant:
        _check_twin(token)
    _insert(token)
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
    token.save(update_fields=["valid_from", "valid_to", "changed_at"])
    record(by, "token.validity_set", token, valid_from=valid_from, valid_to=valid_to)


@transaction.atomic
def give_token(
    token: Token, *, by: Actor, driver: Driver | None = None, group: Group | None = None, label: str | None = None
) -> None:
    """Whose it is from now on; sessions it has charged stay where they are."""
    token.driver = _own(driver, token.organisation)
    token.group = _own(group, token.organisation)
    if label is not None:
        token.label = label.strip()[:120]
    token.save(update_fields=["driver", "group", "label", "changed_at"])
    record(by, "token.given", token, driver=str(driver or ""), group=str(group or ""))


@transaction.atomic
def retire_plate(token: Token, *, by: Actor) -> None:
    """The plate is free for others and starts nothing; sessions it started keep the token."""
    token.plate, token.label, token.status = "", token.label or token.plate, TokenStatus.EXPIRED
    token.save(update_fields=["plate", "label", "status", "changed_at"])
    record(by, "token.removed", token, kind=token.kind)


@transaction.atomic
def retire_car(token: Token, *, by: Actor) -> None:
    """The car's address is free to be learned anew and starts nothing; sessions it started keep the token."""
    token.uid = token.canonical_uid = f"RETIRED{secrets.token_hex(10).upper()}"
    token.status = TokenStatus.EXPIRED
    token.save(update_fields=["uid", "canonical_uid", "status", "changed_at"])
    record(by, "token.removed", token, kind=token.kind)


@transaction.atomic
def merge_tokens(kept: Token, other: Token, *, by: Actor) -> None:
    """Two rows for one card: the other's sessions come to the kept one, and it goes. Raises TokenRefused."""
    if kept.pk == other.pk or kept.organisation_id != other.organisation_id:
        raise TokenRefused("Only two different tokens of one organisation can be merged.")
    other.sessions.update(token=kept)
    kept.driver_id = kept.driver_id or other.driver_id
    kept.group_id = kept.group_id or other.group_id
    kept.label = kept.label or other.label
    number = other.printed_number
    record(by, "token.merged", kept, other=str(other), other_uid=other.uid)
    other.delete()
    kept.printed_number = kept.printed_number or number
    kept.save()


def _set_status(token: Token, status: TokenStatus, verb: str, by: Actor, reason: str) -> None:
    if token.status == status:
        return  # saying it twice is not an error
    token.status = status
    token.blocked_because = reason.strip()[:200] if status == TokenStatus.BLOCKED else ""
    token.save(update_fields=["status", "blocked_because", "changed_at"])
    record(by, verb, token, reason=reason)
    _tell(token, reason)


def _tell(token: Token, reason: str) -> None:
    now = timezone.now()
    about: dict[str, Any] = {"token_id": token.pk, "uid": token.uid, "label": token.label}
    blocked = token.status == TokenStatus.BLOCKED
    event = TokenBlocked(**about, reason=reason) if blocked else TokenUnblocked(**about)
    announce(token.organisation_id, event, at=now, key=f"{token.pk} {now}")


def _insert(token: Token) -> None:
    try:
        with transaction.atomic():
            token.save(force_insert=True)
    except IntegrityError as error:
        if "token_printed_once" in str(error):
            raise TokenRefused(f"A card with the printed number {token.printed_number} exists already.") from None
        if "token_plate_once" in str(error):
            raise TokenRefused(f"The plate {token.plate} belongs to a token already.") from None
        raise TokenRefused(f"The token {token.uid} exists already.") from None


def _check_twin(token: Token) -> None:
    twin = identities.read_backwards(token.uid)
    if twin and Token.objects.filter(organisation=token.organisation, canonical_uid=twin).exists():
        raise TokenRefused(f"{token.uid} is the known card {twin} with its bytes in the other order.")


def _checked_uid(uid: str, kind: TokenKind) -> str:
    canonical: str | None = canonical_uid(uid)
    if kind is TokenKind.EMAID:
        canonical = identities.contract_id(uid)
        if canonical is None:
            raise TokenRefused(f"{uid[:40]} is no contract id, or its check digit is wrong.")
    if kind is TokenKind.MAC_ADDRESS:
        canonical = identities.mac_address(uid)
        if canonical is None:
            raise TokenRefused(f"{uid[:40]} is no address of a car: it has 12 digits from 0 to F.")
    if not canonical:
        raise TokenRefused("A token needs at least one letter or digit.")
    if len(canonical) > 255:
        raise TokenRefused("A token has at most 255 letters and digits.")
    return canonical


def _checked_plate(text: str, kind: TokenKind) -> str:
    found = identities.plate(text)
    if kind is TokenKind.PLATE and len(found) < 3:
        raise TokenRefused("A licence plate has at least three letters or digits.")
    return found


def _new_uid(kind: TokenKind) -> str:
    """Unguessable, and short enough for OCPP 1.6."""
    return f"{kind.value[:1].upper()}{secrets.token_hex(9)}".upper()


def _own[T: (Driver, Group)](thing: T | None, organisation: Organisation) -> T | None:
    if thing is not None and thing.organisation_id != organisation.pk:
        raise TokenRefused("That driver or group is not of this organisation.")
    return thing


def _check_span(valid_from: datetime | None, valid_to: datetime | None) -> None:
    if valid_from is not None and valid_to is not None and valid_to <= valid_from:
        raise TokenRefused("The token would end before it begins to be valid.")
