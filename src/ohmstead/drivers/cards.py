"""Cards on their way to their drivers, and cards that stations saw before we knew them."""

import secrets
from collections.abc import Sequence
from typing import Final

from django.db import transaction

from ohmstead.access.actors import Actor
from ohmstead.access.audit import record
from ohmstead.access.models import Organisation
from ohmstead.drivers import actions
from ohmstead.drivers.errors import NotThisToken, TokenRefused
from ohmstead.drivers.models import Driver, Group, Sighting, Token, TokenStatus
from ohmstead.drivers.rules import identities
from ohmstead.station.tokens import TokenKind

MOST_AT_ONCE: Final = 5_000


@transaction.atomic
def order_cards(
    organisation: Organisation, cards: Sequence[tuple[str, str]], *, by: Actor, driver: Driver | None = None
) -> list[Token]:
    """Cards as their maker delivers them, as (printed number, uid); each works once it is activated.

    A driver who orders one gets it by the printed number. Raises TokenRefused, and then none is stored.
    """
    if len(cards) > MOST_AT_ONCE:
        raise TokenRefused(f"At most {MOST_AT_ONCE} cards at once.")
    return [
        actions.create_token(organisation, uid, by=by, printed_number=number, driver=driver, status=TokenStatus.ORDERED)
        for number, uid in cards
    ]


@transaction.atomic
def activate_card(organisation: Organisation, number: str, driver: Driver, *, by: Actor) -> Token:
    """By the number printed on it. Who it was ordered for alone may do so. Raises NotThisToken."""
    printed = identities.printed_number(number)
    token = (
        Token.objects.select_for_update(of=("self",))
        .filter(organisation=organisation, printed_number=printed, status=TokenStatus.ORDERED)
        .first()
        if printed
        else None
    )
    if token is None or token.driver_id not in (None, driver.pk) or driver.organisation_id != organisation.pk:
        raise NotThisToken("No card with this number waits to be activated.")  # the same words for all: no guessing
    token.driver, token.status = driver, TokenStatus.VALID
    token.save(update_fields=["driver", "status", "changed_at"])
    record(by, "token.activated", token, driver=str(driver))
    return token


@transaction.atomic
def adopt(
    sighting: Sighting, *, by: Actor, driver: Driver | None = None, group: Group | None = None, label: str = ""
) -> Token:
    """An unknown card that a station saw becomes one of ours, and may charge. Raises TokenRefused.

    If it is a known card read backwards, it joins that card's driver: two readers, one card.
    """
    twin = twin_of(sighting.organisation, sighting.canonical_uid)
    kind = TokenKind(sighting.kind)
    return actions.create_token(
        sighting.organisation,
        sighting.uid,
        by=by,
        kind=kind,
        driver=driver or (twin.driver if twin else None),
        group=group or (twin.group if twin else None),
        label=label or (twin.label if twin else ""),
        parent_uid=(twin.parent_uid or twin.canonical_uid) if twin else "",
        twin_is_meant=True,
    )


@transaction.atomic
def new_guest(organisation: Organisation, *, by: Actor) -> Token:
    """A token for one charge without an account; whoever holds the link holds the session."""
    return actions.create_token(
        organisation, by=by, kind=TokenKind.GUEST, label=f"Guest {secrets.token_hex(3).upper()}"
    )


def twin_of(organisation: Organisation, uid: str) -> Token | None:
    """The known card with these bytes in the other order."""
    twin = identities.read_backwards(uid)
    if twin is None:
        return None
    return Token.objects.filter(organisation=organisation, canonical_uid=twin).select_related("driver", "group").first()
