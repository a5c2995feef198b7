"""Hill Energy, who listens to it, and where it is told."""

import pytest

from tests.integration.listener import ANYWHERE, listen
from tests.integration.receiver import Receiver


@pytest.fixture
def receiver():
    made = Receiver()
    yield made
    made.close()


@pytest.fixture
def private_allowed(database):
    from django.test import override_settings

    with override_settings(OHMSTEAD_ALLOW_PRIVATE_ADDRESSES=True):
        yield


@pytest.fixture
def hill(database):
    from ohmstead.access.models import Organisation

    return Organisation.objects.create(slug="hill", name="Hill Energy")


@pytest.fixture
def listening(hill):
    """`listening(url, *kinds)` makes a webhook of Hill Energy, known to everybody at once."""
    from ohmstead.integration.listeners import memory

    yield lambda url=ANYWHERE, *kinds: listen(hill, *kinds, url=url)
    memory.forget()


@pytest.fixture
def announce_offline(hill):
    """Say that a station went offline; the number makes it another event."""
    from uuid import UUID

    from django.utils import timezone

    from ohmstead.integration.events import StationOffline
    from ohmstead.integration.outbox import announce

    def said(number=1, organisation=None):
        event = StationOffline(station_id=UUID(int=number), station=f"HILL-{number}")
        announce((organisation or hill).pk, event, at=timezone.now(), key=str(number))

    return said
