"""An organisation with two sites, and people who charge there."""

from typing import Any

import pytest


@pytest.fixture
def organisation(database: str) -> Any:
    from ohmstead.access.models import Organisation

    return Organisation.objects.create(slug="town", name="Town")


@pytest.fixture
def other_organisation(database: str) -> Any:
    from ohmstead.access.models import Organisation

    return Organisation.objects.create(slug="elsewhere", name="Elsewhere")


@pytest.fixture
def ada(organisation: Any) -> Any:
    from ohmstead.access.actors import SYSTEM
    from ohmstead.drivers.people import create_driver

    return create_driver(organisation, "Ada Fast", by=SYSTEM, email="ada@example.org")


@pytest.fixture
def ben(organisation: Any) -> Any:
    from ohmstead.access.actors import SYSTEM
    from ohmstead.drivers.people import create_driver

    return create_driver(organisation, "Ben Slow", by=SYSTEM)
