"""A network of two tenants, and browsers signed in to it."""

from types import SimpleNamespace

import pytest

HOST = "localhost"
PASSWORD = "a long enough secret"


@pytest.fixture
def network(database):
    """Hill Energy with people and stations, and a neighbour whose things must never be seen."""
    from tests.web.little_network import build

    return build()


@pytest.fixture
def browser_of(network):
    """`browser_of("operator")` is a Django client signed in with that role; errors come as a browser gets them."""
    from django.test import Client

    def signed_in(role="operator", **options):
        client = Client(headers={"host": HOST}, **options)
        client.force_login(network.people[role])
        return client

    return signed_in


@pytest.fixture
def operator(browser_of):
    return browser_of("operator")


@pytest.fixture
def viewer(network):
    from ohmstead.web.scope import viewer_of

    return viewer_of(network.people["operator"])


@pytest.fixture
def queries_of(database):
    """How many statements a call costs."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count(call) -> int:
        with CaptureQueriesContext(connection) as seen:
            call()
        return len(seen)

    return count


@pytest.fixture
def demo_mode(database):
    from django.test import override_settings

    with override_settings(OHMSTEAD_DEMO=True):
        yield SimpleNamespace()


@pytest.fixture
def mailbox(database):
    """The mails sent so far, newest last."""
    from django.core import mail
    from django.test import override_settings

    with override_settings(MAILERS={"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}):
        mail.outbox = []
        yield mail.outbox


@pytest.fixture
def stranger(database):
    """A browser nobody is signed in with."""
    from django.test import Client

    return Client(headers={"host": HOST})


@pytest.fixture
def oscar(network):
    """The operator, with a password."""
    user = network.people["operator"]
    user.set_password(PASSWORD)
    user.save()
    return user
