"""The job runner beside the folding: it comes back after a lost database session, and ends when it is told to."""

import asyncio
from contextlib import suppress

import psycopg
import pytest

PATIENCE_S = 20


@pytest.fixture
def connection(database):
    with psycopg.connect(database, autocommit=True) as connection:
        yield connection


@pytest.fixture
async def runner(database, connection):
    from ohmstead.run.worker import jobs

    task = asyncio.create_task(jobs.run(database))
    yield task
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


def _workers(connection) -> set[int]:
    return {id_ for (id_,) in connection.execute("SELECT id FROM procrastinate_workers")}


async def _until(condition) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not condition():  # noqa: ASYNC110 - the condition is another session's doing
            await asyncio.sleep(0.02)


async def test_it_ends_when_it_is_cancelled(runner, connection):
    await _until(lambda: len(_workers(connection)) == 2)
    runner.cancel()
    done, _ = await asyncio.wait([runner], timeout=PATIENCE_S)
    assert done == {runner}, "a cancelled runner that starts again keeps the worker from stopping"
    assert runner.cancelled()


async def test_it_starts_again_after_its_sessions_were_ended(runner, connection):
    await _until(lambda: len(_workers(connection)) == 2)
    first = _workers(connection)
    ended = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
               WHERE datname = current_database() AND pid <> pg_backend_pid()"""
    connection.execute(ended)
    await _until(lambda: len(_workers(connection) - first) == 2)
    assert not runner.done()
