"""A small network to work on."""

import pytest


@pytest.fixture
def organisation(database):
    from ohmstead.access.models import Organisation

    return Organisation.objects.create(slug="hill", name="Hill Energy")


@pytest.fixture
def station(organisation):
    from ohmstead.network.models import Station

    return Station.objects.create(organisation=organisation, identity="ST-1", admission="accepted")


@pytest.fixture
def settings_of(database):
    from django.test import override_settings

    return override_settings


@pytest.fixture
def statements(database):
    """`with statements() as seen:` and then seen() is the SQL that ran, without transaction marks."""
    from contextlib import contextmanager

    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    @contextmanager
    def watch():
        with CaptureQueriesContext(connection) as queries:
            yield lambda: [q["sql"] for q in queries if q["sql"].split()[0] not in ("BEGIN", "COMMIT", "SAVEPOINT")]

    return watch


@pytest.fixture
def ca_folder(database, settings_of, tmp_path):
    with settings_of(OHMSTEAD_CA_FOLDER=tmp_path / "ca"):
        yield tmp_path / "ca"
