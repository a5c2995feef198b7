"""People who come to charge: what an account, or nobody's account, presents to a station when the app starts it."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from ohmstead.access.actors import Actor
from ohmstead.access.models import Organisation, User
from ohmstead.drivers.accounts import driver_for
from ohmstead.drivers.actions import create_token
from ohmstead.drivers.models import Driver, Token, TokenStatus
from ohmstead.station.tokens import TokenKind

GUEST_FOR: Final = timedelta(days=30)


def driver_of(organisation: Organisation, user: User) -> Driver | None:
    return Driver.objects.filter(organisation=organisation, user=user).first()


@transaction.atomic
def welcome(organisation: Organisation, user: User, *, by: Actor) -> Driver:
    """The user as a driver of this organisation, who is made one by the first charge."""
    found = driver_of(organisation, user)
    if found is not None:
        return found
    return driver_for(user, organisation)[0]


def app_token(driver: Driver, *, by: Actor) -> Token:
    """What the app presents for a driver; one that an operator blocked stays the one it presents."""
    with transaction.atomic():
        Driver.objects.select_for_update(no_key=True).get(pk=driver.pk)
        mine = Token.objects.filter(driver=driver, kind=TokenKind.APP).exclude(status=TokenStatus.EXPIRED)
        return mine.order_by("created_at").first() or create_token(
            driver.organisation, kind=TokenKind.APP, driver=driver, label=f"App of {driver}"[:120], by=by
        )


def new_guest(organisation: Organisation, now: datetime) -> Token:
    """For one browser, which remembers it as long as it is valid."""
    return create_token(organisation, kind=TokenKind.GUEST, label="Guest", valid_to=now + GUEST_FOR, by=Actor.guest())
