"""An account erased: the person is removed, what was charged stays for the books without them."""

import secrets
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Func, Value

from ohmstead.access.actors import Actor
from ohmstead.access.audit import record
from ohmstead.access.models import AuditEntry, Membership, User
from ohmstead.charging.models import PlateOffer, Reservation, Session, SessionState, TokenRefusal, Wait
from ohmstead.charging.models.reservations import OPEN_RESERVATIONS, OPEN_WAITS
from ohmstead.drivers.models import Alarm, Driver, Sighting, SignInCode, Token, TokenStatus

NOBODY = "Erased driver"


class ErasureRefused(ValueError):
    """The message is a sentence for the driver."""


@transaction.atomic
def erase_driver(driver: Driver, *, by: Actor) -> None:
    """Name, address, cars, consents and notices go; cards become numbers of our making, and sessions keep only those.

    What stations themselves said stays in the message log until that is pruned. Must see all organisations: whoever
    charges or works elsewhere keeps the account for that. Raises ErasureRefused.
    """
    driver = Driver.objects.select_for_update(of=("self",)).get(pk=driver.pk)
    tokens = list(Token.objects.select_for_update(of=("self",)).filter(driver=driver))
    if Session.objects.filter(token__in=tokens, state=SessionState.RUNNING).exists():
        raise ErasureRefused("You are charging now. Stop it first, then erase the account.")
    open_promises = Reservation.objects.filter(driver=driver, state__in=OPEN_RESERVATIONS)
    if open_promises.exists() or Wait.objects.filter(driver=driver, state__in=OPEN_WAITS).exists():
        raise ErasureRefused("A plug is reserved for you. Cancel the reservation first.")
    for token in tokens:
        _forget_token(token)
    themselves = by.user_id is not None and by.user_id == driver.user_id
    _forget_person(driver, [token.pk for token in tokens])
    record(Actor.job("the driver") if themselves else by, "driver.erased", driver, sessions_kept=True)


def _forget_token(token: Token) -> None:
    old, new = token.canonical_uid, f"ERASED{secrets.token_hex(10).upper()}"
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE charging_session SET token_uid = %s, facts = CASE WHEN facts #> '{token,uid}' IS NULL THEN facts
                      ELSE jsonb_set(facts, '{token,uid}', to_jsonb(%s::text)) END
               WHERE token_id = %s""",
            [new, new, token.pk],
        )
    for model in (Sighting, Alarm, TokenRefusal):
        model._default_manager.filter(organisation=token.organisation_id, canonical_uid=old).delete()
    PlateOffer.objects.filter(token=token).delete()
    token.uid = token.canonical_uid = new
    token.status, token.blocked_because = TokenStatus.BLOCKED, ""
    token.label = token.printed_number = token.plate = token.parent_uid = ""
    token.group = None
    token.save()


def _forget_person(driver: Driver, token_ids: list[UUID]) -> None:
    user = driver.user
    for kept in ("vehicles", "favourites", "consents", "notice_choices", "notices", "push_subscriptions", "exports"):
        getattr(driver, kept).all().delete()
    driver.memberships.all().delete()
    named = AuditEntry.objects.filter(organisation=driver.organisation_id, details__driver=str(driver))
    named.update(details=Func(F("details"), Value("driver"), template="%(expressions)s", arg_joiner=" - "))
    if hasattr(driver, "preferences"):
        driver.preferences.delete()
    driver.name, driver.user = NOBODY, None
    driver.email = driver.phone = driver.needs = driver.note = driver.language = driver.time_zone = ""
    driver.autocharge = driver.may_pay = False
    driver.save()
    ids = [str(driver.pk), *map(str, token_ids)]
    AuditEntry.objects.filter(thing_id__in=ids).update(thing_name=NOBODY)
    if user is not None:
        SignInCode.objects.filter(email=user.email).delete()
        _forget_user(user)


def _forget_user(user: User) -> None:
    """Who works for an organisation or charges at another keeps the account for that."""
    if Membership.objects.filter(user=user).exists() or Driver.objects.filter(user=user).exists():
        return
    AuditEntry.objects.filter(user=user).update(actor_name=NOBODY)
    AuditEntry.objects.filter(thing_kind="access.user", thing_id=str(user.pk)).update(thing_name=NOBODY)
    user.delete()
