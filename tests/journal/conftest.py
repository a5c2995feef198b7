"""A writer on the test database."""

from collections.abc import AsyncIterator, Iterator

import psycopg
import pytest
import pytest_asyncio
import uvloop

from ohmstead.journal.writer import JournalWriter


@pytest_asyncio.fixture
async def writer(database: str) -> AsyncIterator[JournalWriter]:
    writer = JournalWriter(database, "gateway-test", retry_after_refusal_s=0.02)
    await writer.start()
    yield writer
    await writer.stop()


@pytest.fixture
def connection(database: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def event_loop_policy() -> uvloop.EventLoopPolicy:
    """The loop the gateway runs on."""
    return uvloop.EventLoopPolicy()
