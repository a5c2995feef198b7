"""The demo's organisation, the people who sign in, and the cards of its drivers."""

from typing import Final

from ohmstead.access.models import Membership, Organisation, Role, User
from ohmstead.drivers.models import Token, TokenStatus
from ohmstead.simulator.scenario import Scenario
from ohmstead.station.tokens import TokenKind
from ohmstead.web.console.sign_in import DEMO_DOMAIN, DEMO_PASSWORD

SLUG: Final = "demo"
PEOPLE: Final = (
    (f"olivia@{DEMO_DOMAIN}", "Olivia Owens", Role.OWNER),
    (f"oscar@{DEMO_DOMAIN}", "Oscar Petersen", Role.OPERATOR),
    (f"rita@{DEMO_DOMAIN}", "Rita Reyes", Role.READER),
)
BLOCKED: Final = frozenset({7, 23})  # by number
_KIND_WORDS: Final = {TokenKind.MAC_ADDRESS: "Car", TokenKind.EMAID: "Contract", TokenKind.APP: "App"}
LOGINS: Final = [{"email": email, "password": DEMO_PASSWORD, "role": role.label} for email, _, role in PEOPLE]


def seed_people() -> Organisation:
    organisation, _ = Organisation.objects.get_or_create(slug=SLUG, defaults={"name": "Ampersham Charging"})
    for email, name, role in PEOPLE:
        user = User.objects.filter(email=email).first()
        if user is None:
            user = User.objects.create_user(email, DEMO_PASSWORD, name=name)
        Membership.objects.get_or_create(organisation=organisation, user=user, defaults={"role": role})
    return organisation


def seed_cards(organisation: Organisation, town: Scenario) -> None:
    """The tokens of the town's drivers; two are blocked, so that a refusal can be seen."""
    tokens = [
        Token(
            organisation=organisation,
            uid=card.uid,
            canonical_uid=card.canonical_uid,
            kind=card.kind,
            label=f"{_KIND_WORDS.get(card.kind, 'Card')} {number:03}",
            status=TokenStatus.BLOCKED if number in BLOCKED else TokenStatus.VALID,
        )
        for number, card in enumerate(town.cards, start=1)
    ]
    Token.objects.bulk_create(tokens, ignore_conflicts=True)
