"""The people behind the town's cards, and the groups they are in."""

from decimal import Decimal
from itertools import islice, product
from typing import Final

from ohmstead.access.actors import SYSTEM
from ohmstead.access.models import Organisation
from ohmstead.drivers.models import Driver, Group, GroupKind, GroupMember, Token
from ohmstead.drivers.people import Limits, create_group
from ohmstead.simulator.scenario import Scenario

_FIRST_NAMES: Final = ("Amara", "Boris", "Chiara", "Dario", "Elif", "Finn", "Greta", "Hugo", "Ines", "Jonas")
_LAST_NAMES: Final = ("Albrecht", "Brennan", "Castro", "Duval", "Eriksen", "Ferrari", "Grant", "Hoffmann")
LOST: Final = "Reported lost by its driver"


def seed_drivers(organisation: Organisation, town: Scenario) -> None:
    """Once; whoever has drivers keeps them as they are. The limits are far above what anybody charges in a month."""
    if organisation.drivers.exists():
        return
    names = islice(product(_LAST_NAMES, _FIRST_NAMES), len(town.cards))
    drivers = [
        Driver(
            organisation=organisation,
            name=f"{first} {last}",
            email=f"{first}.{last}@ampersham.example".lower(),
            language="en",
        )
        for last, first in names
    ]
    Driver.objects.bulk_create(drivers)
    tokens = {token.canonical_uid: token for token in organisation.tokens.filter(label__startswith="Card ")}
    for driver, card in zip(drivers, town.cards, strict=False):
        tokens[card.canonical_uid].driver = driver
        tokens[card.canonical_uid].blocked_because = LOST if tokens[card.canonical_uid].status == "blocked" else ""
    Token.objects.bulk_update(tokens.values(), ["driver", "blocked_because"])
    _seed_groups(organisation, drivers)


def _seed_groups(organisation: Organisation, drivers: list[Driver]) -> None:
    council = create_group(
        organisation,
        "Ampersham council",
        by=SYSTEM,
        kind=GroupKind.EMPLOYEES,
        limits=Limits(energy_wh_per_month=Decimal(3_000_000), sessions_per_month=400),
    )
    wardens = create_group(organisation, "Park wardens", by=SYSTEM, kind=GroupKind.FLEET, parent=council)
    residents = create_group(organisation, "Mill Lane residents", by=SYSTEM, kind=GroupKind.RESIDENTS)
    members: list[tuple[Group, list[Driver]]] = [
        (council, drivers[:24]),
        (wardens, drivers[24:30]),
        (residents, drivers[30:52]),
    ]
    GroupMember.objects.bulk_create(
        GroupMember(group=group, driver=driver, manages=number == 0)
        for group, inside in members
        for number, driver in enumerate(inside)
    )
