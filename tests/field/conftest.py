"""One running system for each module; a module may set environment variables of its roles in SETTINGS."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.field.auditor import Auditor
from tests.line.conftest import empty
from tests.line.system import System


@pytest.fixture(scope="module")
def system(
    request: pytest.FixtureRequest, database_url: str, nats_server: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[System]:
    system = System(tmp_path_factory.mktemp("system"), database_url, nats_server.url)
    system.settings.update(getattr(request.module, "SETTINGS", {}))
    try:
        system.start("desk", "gateway", "worker")
        yield system
    finally:
        system.stop()
        empty(database_url)


@pytest.fixture
def network(system: System) -> Auditor:
    """An organisation of the test's own, and eyes for every table."""
    from ohmstead.access.models import Organisation
    from ohmstead.kit.ids import uuid7

    slug = f"o{uuid7().hex[-10:]}"
    return Auditor(system, Organisation.objects.create(slug=slug, name=slug))
