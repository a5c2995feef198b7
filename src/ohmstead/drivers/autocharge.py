"""Autocharge: a car is known by its address once its driver has confirmed a first charge with it."""

from django.db import transaction

from ohmstead.access.actors import Actor
from ohmstead.access.audit import record
from ohmstead.drivers import actions
from ohmstead.drivers.errors import TokenRefused
from ohmstead.drivers.models import Driver, Sighting, Token, TokenStatus
from ohmstead.drivers.rules import identities
from ohmstead.station.tokens import TokenKind


@transaction.atomic
def learn_car(driver: Driver, sighting: Sighting, *, by: Actor, label: str = "") -> Token:
    """The driver says of a car that was just refused: this one is mine. Raises TokenRefused.

    An address can be copied by a device made for it, so it is opt-in, and never learned without being asked.
    """
    if not driver.autocharge:
        raise TokenRefused("The driver has not agreed to be recognised by the car.")
    if sighting.organisation_id != driver.organisation_id or sighting.kind != TokenKind.MAC_ADDRESS:
        raise TokenRefused("That was no car.")
    address = identities.mac_address(sighting.canonical_uid)
    if address is None:
        raise TokenRefused("That car has no address that stays the same.")
    token = actions.create_token(
        driver.organisation, address, by=by, kind=TokenKind.MAC_ADDRESS, driver=driver, label=label or "Autocharge"
    )
    record(by, "autocharge.learned", token, driver=str(driver))
    return token


@transaction.atomic
def forget_cars(driver: Driver, *, by: Actor) -> int:
    """The driver takes the consent back: no car is known any more; how many were. Their sessions stay the driver's."""
    driver.autocharge = False
    driver.save(update_fields=["autocharge"])
    cars = list(driver.tokens.filter(kind=TokenKind.MAC_ADDRESS).exclude(status=TokenStatus.EXPIRED))
    for token in cars:
        if token.sessions.exists():
            actions.retire_car(token, by=by)
        else:
            token.delete()
    if cars:
        record(by, "autocharge.forgotten", driver, cars=len(cars))
    return len(cars)
