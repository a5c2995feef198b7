"""The demo's organisation, the people who sign in, and the cards of its drivers."""

from typing import Final

from ohmstead.access.models import Membership, Organisation, User
from ohmstead.drivers.models import Token, TokenStatus
from ohmstead.run.demo.logins import PASSWORD, PEOPLE, SLUG
from ohmstead.simulator.scenario import Scenario
from ohmstead.station.tokens import PresentedToken, TokenKind
from ohmstead.web.demo import VISITOR

BLOCKED: Final = frozenset({7, 23})  # by number
# No simulated driver carries these: they are for the person at the console.
VISITOR_CARDS: Final = {f"{VISITOR} card {number}": f"04DE00{number:02X}" for number in (1, 2, 3)}
CARS: Final = 200  # simulator.drivers numbers the town's cars up to here
_CAR_TOKENS: Final = (
    ("02005E00{number:04X}", TokenKind.MAC_ADDRESS, "Autocharge"),
    ("DE8OHMC{number:08d}", TokenKind.EMAID, "Contract"),
)


def seed_people() -> Organisation:
    organisation, _ = Organisation.objects.get_or_create(slug=SLUG, defaults={"name": "Ampersham Charging"})
    for email, name, role in PEOPLE:
        user = User.objects.filter(email=email).first()
        if user is None:
            user = User.objects.create_user(email, PASSWORD, name=name)
        Membership.objects.get_or_create(organisation=organisation, user=user, defaults={"role": role})
    return organisation


def seed_cards(organisation: Organisation, town: Scenario) -> None:
    """Cards of the town's drivers, and what their cars say by themselves; two cards are blocked, to be seen refused."""
    cards = [
        _token(organisation, card, f"Card {number:03}", blocked=number in BLOCKED)
        for number, card in enumerate(town.cards, start=1)
    ]
    visitors = [_token(organisation, PresentedToken(uid), label) for label, uid in VISITOR_CARDS.items()]
    cars = [
        _token(organisation, PresentedToken(uid.format(number=number), kind), f"{word} {number:03}")
        for uid, kind, word in _CAR_TOKENS
        for number in range(CARS)
    ]
    Token.objects.bulk_create([*visitors, *cards, *cars], ignore_conflicts=True)


def _token(organisation: Organisation, presented: PresentedToken, label: str, blocked: bool = False) -> Token:
    return Token(
        organisation=organisation,
        uid=presented.uid,
        canonical_uid=presented.canonical_uid,
        kind=presented.kind,
        label=label,
        status=TokenStatus.BLOCKED if blocked else TokenStatus.VALID,
    )
