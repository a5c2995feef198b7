"""The demo network: a fictional town, its people and a month of history."""

from django.conf import settings
from django.db import transaction

from ohmstead.access.models import Organisation
from ohmstead.run.demo.network import seed_network
from ohmstead.run.demo.people import LOGINS, SLUG, seed_cards, seed_people

__all__ = ["LOGINS", "seed"]


def seed(reset: bool = False) -> None:
    """Have the demo network in the database; saying it twice changes nothing. `reset` starts it anew."""
    with transaction.atomic():
        if reset:
            Organisation.objects.filter(slug=SLUG).delete()
        organisation = seed_people()
        seed_cards(organisation)
        seed_network(organisation, settings.SECRET_KEY)
