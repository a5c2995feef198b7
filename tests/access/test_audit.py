"""The audit trail says who did what to which thing, also when the thing is gone."""

from datetime import UTC, datetime

import pytest


@pytest.fixture
def organisation(database):
    from ohmstead.access.models import Organisation

    return Organisation.objects.create(slug="town", name="Town")


def test_a_persons_write_names_the_person_and_the_thing(organisation):
    from ohmstead.access.actors import Actor
    from ohmstead.access.audit import record
    from ohmstead.access.models import AuditEntry, User
    from ohmstead.drivers.models import Token

    mia = User.objects.create_user("mia@example.org", name="Mia")
    token = Token.objects.create(organisation=organisation, uid="04A2", canonical_uid="04A2", label="Mia's card")
    record(Actor.of_user(mia), "token.blocked", token, reason="lost", at=datetime(2026, 5, 4, tzinfo=UTC))
    token.delete()
    mia.delete()
    entry = AuditEntry.objects.get()
    assert (entry.actor_kind, entry.actor_name, entry.user) == ("user", "Mia", None)
    assert (entry.verb, entry.thing_kind, entry.thing_name) == ("token.blocked", "drivers.token", "Mia's card")
    assert entry.organisation == organisation
    assert entry.details == {"reason": "lost", "at": "2026-05-04 00:00:00+00:00"}


def test_a_thing_on_a_station_belongs_to_the_stations_organisation(organisation):
    from ohmstead.access.actors import Actor
    from ohmstead.access.audit import record
    from ohmstead.network.models import Evse, Station

    station = Station.objects.create(organisation=organisation, identity="CS-1")
    evse = Evse.objects.create(station=station, number=1)
    entry = record(Actor.of_station("CS-1"), "evse.seen", evse)
    assert (entry.organisation_id, entry.actor_kind) == (organisation.pk, "station")


def test_a_write_that_is_rolled_back_leaves_no_trace(organisation):
    from django.db import transaction

    from ohmstead.access.actors import SYSTEM
    from ohmstead.access.audit import record
    from ohmstead.access.models import AuditEntry

    @transaction.atomic
    def rename():
        record(SYSTEM, "organisation.renamed", organisation)
        raise RuntimeError("the action failed")

    with pytest.raises(RuntimeError):
        rename()
    assert not AuditEntry.objects.exists()
