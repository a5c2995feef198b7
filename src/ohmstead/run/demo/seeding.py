"""Have the demo in the database; saying it twice changes nothing."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from ohmstead.access.models import Organisation
from ohmstead.run.demo.drivers import seed_drivers
from ohmstead.run.demo.history import write_history
from ohmstead.run.demo.logins import SLUG
from ohmstead.run.demo.network import seed_network
from ohmstead.run.demo.people import seed_cards, seed_people
from ohmstead.simulator.scenario import Scenario, load

TOWN = "town"


def seed(reset: bool = False, scenario: Scenario | None = None) -> None:
    """Organisation, people, cards, sites and stations, in about a second. `reset` starts the demo anew."""
    town = scenario or load(TOWN)
    with transaction.atomic():
        if reset:
            _forget()
        organisation = seed_people()
        seed_cards(organisation, town)
        seed_drivers(organisation, town)
        seed_network(organisation, town, settings.SECRET_KEY)


def seed_history(now: datetime | None = None, days: int = 30, scenario: Scenario | None = None) -> int:
    """A month of sessions and readings up to now, unless the demo already has one; the number of sessions written."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('ohmstead.demo.history'))")
        organisation = Organisation.objects.get(slug=SLUG)
        until = now or timezone.now()
        if organisation.sessions.filter(started_at__lt=until - timedelta(days=1)).exists():
            return 0
        return write_history(organisation, scenario or load(TOWN), until, days)


def _forget() -> None:
    """Readings and marks name their station without a foreign key."""
    with connection.cursor() as cursor:
        for table in ("charging_reading", "charging_mark"):
            cursor.execute(
                f"""DELETE FROM {table} WHERE station_id IN (
                      SELECT s.id FROM network_station s JOIN access_organisation o ON o.id = s.organisation_id
                      WHERE o.slug = %s)""",
                [SLUG],
            )
    Organisation.objects.filter(slug=SLUG).delete()
