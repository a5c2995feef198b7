"""The worker process as a whole: it hears of new entries, tells who listens, and outlives a lost database session."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from ohmstead.bus import subjects
from ohmstead.bus.client import Bus, Message
from ohmstead.kit.clock import SystemClock

from .test_worker_folding import Town

PATIENCE_S = 20


@pytest.fixture
def town(database: str) -> Any:
    town = Town(database)
    yield town
    town.connection.close()


@pytest.fixture
async def worker(database: str, town: Town, nats_server: Any) -> AsyncIterator[Any]:
    from ohmstead.run.worker.service import Worker

    worker = Worker(database, nats_server.url, SystemClock())
    await worker.start()
    yield worker
    await worker.stop()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not await asyncio.to_thread(condition):  # noqa: ASYNC110 - the condition is another process's doing
            await asyncio.sleep(0.02)


def ended(town: Town) -> int:
    row = town.connection.execute("SELECT count(*) FROM charging_session WHERE state = 'ended'").fetchone()
    assert row is not None
    return int(row[0])


async def test_a_charge_is_told_to_who_listens(worker, town, nats_server):
    heard: asyncio.Queue[dict] = asyncio.Queue()

    async def listen(message: Message) -> None:
        heard.put_nowait(json.loads(message.data))

    bus = await Bus("test").connect(nats_server.url)
    await bus.subscribe(subjects.live(town.organisation.pk, "sessions"), listen)
    await bus.flush()
    town.charges(town.station("CS-1"), 7, 1000, 4000)
    await bus.publish(subjects.JOURNAL_APPENDED, b"{}")
    async with asyncio.timeout(PATIENCE_S):
        told = await heard.get()
    found = town.connection.execute("SELECT id::text FROM charging_session").fetchall()
    assert told == {"ids": [found[0][0]]}
    await bus.close()


async def test_without_nats_new_entries_are_found_by_polling(worker, town):
    town.charges(town.station("CS-1"), 7, 1000, 4000)
    await until(lambda: ended(town) == 1)


async def test_a_lost_database_session_is_made_anew_and_nothing_is_folded_twice(worker, town):
    station = town.station("CS-1")
    town.charges(station, 7, 1000, 4000)
    await until(lambda: ended(town) == 1)
    town.connection.execute(
        """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE pid <> pg_backend_pid() AND datname = current_database()"""
    )
    from django.db import connection

    connection.close()
    town.charges(station, 8, 4000, 5000)
    await until(lambda: ended(town) == 2)
    assert town.connection.execute("SELECT sum(energy_wh) FROM charging_session").fetchone() == (4000,)


async def test_the_periodic_jobs_are_registered(worker):
    from procrastinate.contrib.django import app

    names = {name for name, _ in app.periodic_registry.periodic_tasks}
    assert {"charging.close_silent", "charging.keep_partitions", "run.forget_old_journal"} <= names


async def test_a_job_that_an_action_deferred_is_run(worker, town):
    from procrastinate.contrib.django import app

    from ohmstead.charging import jobs

    assert jobs.close_silent.name in app.tasks
    await asyncio.to_thread(jobs.close_silent.defer, timestamp=0)
    await until(lambda: town.connection.execute("SELECT count(*) FROM procrastinate_jobs").fetchone() == (0,))
