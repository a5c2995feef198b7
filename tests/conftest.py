"""Real servers for every test: one PostgreSQL per run, a database per worker cloned from a migrated template,
one NATS per worker.

A test that asks for `database` gets an empty, migrated database and leaves an empty one; it may commit as it likes.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import fasteners
import psycopg
import pytest

from ohmstead.run.embedded.nats import EmbeddedNats
from ohmstead.run.embedded.postgres import NOT_DURABLE, TUNING, EmbeddedPostgres

SHARED = Path(__file__).parents[2] / "shared"
TEMPLATE = "ohmstead_template"


os.environ["OHMSTEAD_SECRET_KEY"] = "tests"  # the test process and the roles it starts hash alike


def pytest_configure(config: pytest.Config) -> None:
    if "OHMSTEAD_TEST_DIR" not in os.environ:  # the controller decides, xdist workers inherit
        os.environ["OHMSTEAD_TEST_DIR"] = tempfile.mkdtemp(prefix="ohmstead-tests-")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ohmstead.run.settings")
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take minutes begin first: at the end of a run no core waits for one of them."""
    slow = [Path(__file__).parent / folder for folder in ("browser", "line")]
    items.sort(key=lambda item: not any(item.path.is_relative_to(folder) for folder in slow))


def shared(folder: str) -> Path:
    """A folder of inputs that lie beside the project; skips the test with a clear line where they are absent."""
    path = SHARED / folder
    if not path.exists():
        pytest.skip(f"shared/{folder} not found: its tests are skipped")
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(Path(os.environ["OHMSTEAD_TEST_DIR"]) / "postgres", {**TUNING, **NOT_DURABLE})
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def database_url(postgres: EmbeddedPostgres) -> str:
    """This worker's database, migrated; Django is set up on it."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    os.environ["DATABASE_URL"] = url = postgres.url(f"ohmstead_{worker}")
    lock = fasteners.InterProcessLock(Path(os.environ["OHMSTEAD_TEST_DIR"]) / "template.lock")
    with lock:
        template = postgres.ensure_database(f"{TEMPLATE}_building")
        with psycopg.connect(postgres.url(), autocommit=True) as admin:
            ready = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE]).fetchone()
            if not ready:
                _migrate_in_child(template)
                admin.execute(f"ALTER DATABASE {TEMPLATE}_building RENAME TO {TEMPLATE}")
            admin.execute(f"DROP DATABASE IF EXISTS {TEMPLATE}_building")
        postgres.ensure_database(f"ohmstead_{worker}", template=TEMPLATE)
    _set_up_django()
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[str]:
    """The URL of an empty, migrated database."""
    yield database_url
    from django.db import connections

    connections.close_all()
    with psycopg.connect(database_url, autocommit=True) as connection:
        tables = connection.execute(
            """SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c
               JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE n.nspname IN ('public', 'journal') AND c.relkind IN ('r', 'p') AND NOT c.relispartition
               AND c.relname NOT IN ('django_migrations', 'django_content_type', 'auth_permission', 'version')"""
        ).fetchall()
        connection.execute("TRUNCATE " + ", ".join(row[0] for row in tables) + " CASCADE")


@pytest.fixture(scope="session")
def nats_server() -> Iterator[EmbeddedNats]:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    server = EmbeddedNats(Path(os.environ["OHMSTEAD_TEST_DIR"]) / f"nats-{worker}")
    server.start()
    os.environ["OHMSTEAD_NATS_URL"] = server.url
    yield server
    server.stop()


def _set_up_django() -> None:
    import django

    from ohmstead.run.environment import environment

    environment.cache_clear()
    django.setup()


def _migrate_in_child(url: str) -> None:
    import subprocess
    import sys

    code = (
        "import django; django.setup()\n"
        "from ohmstead.run.database import migrate; from ohmstead.run.environment import environment\n"
        "migrate(environment().database_url)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, "DATABASE_URL": url})
