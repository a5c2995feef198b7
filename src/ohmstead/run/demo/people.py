"""The demo's organisation, the people who sign in, and the cards of its drivers."""

from typing import Final

from ohmstead.access.models import Membership, Organisation, Role, User
from ohmstead.drivers.models import Token
from ohmstead.run.demo.town import CARDS
from ohmstead.station.tokens import canonical_uid
from ohmstead.web.console.sign_in import DEMO_DOMAIN, DEMO_PASSWORD

SLUG: Final = "demo"
PEOPLE: Final = (
    (f"olivia@{DEMO_DOMAIN}", "Olivia Owens", Role.OWNER),
    (f"oscar@{DEMO_DOMAIN}", "Oscar Petersen", Role.OPERATOR),
    (f"rita@{DEMO_DOMAIN}", "Rita Reyes", Role.READER),
)
LOGINS: Final = [{"email": email, "password": DEMO_PASSWORD, "role": role.label} for email, _, role in PEOPLE]


def seed_people() -> Organisation:
    organisation, _ = Organisation.objects.get_or_create(slug=SLUG, defaults={"name": "Ampersham Charging"})
    for email, name, role in PEOPLE:
        user = User.objects.filter(email=email).first()
        if user is None:
            user = User.objects.create_user(email, DEMO_PASSWORD, name=name)
        Membership.objects.get_or_create(organisation=organisation, user=user, defaults={"role": role})
    return organisation


def seed_cards(organisation: Organisation) -> None:
    cards = [
        Token(organisation=organisation, uid=uid, canonical_uid=canonical_uid(uid), label=label)
        for label, uid in CARDS.items()
    ]
    Token.objects.bulk_create(cards, ignore_conflicts=True)
