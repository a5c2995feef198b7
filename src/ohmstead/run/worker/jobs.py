"""Periodic jobs and whatever actions deferred: procrastinate's worker, beside the folding thread."""

import asyncio
import logging
from typing import Final

from procrastinate import PsycopgConnector
from procrastinate.contrib.django import DjangoApp, app

from ohmstead.integration.jobs import QUEUE as DELIVERIES
from ohmstead.run.worker import upkeep  # noqa: F401 - registers its job

log = logging.getLogger(__name__)

RETRY_S: Final = 2.0
GRACE_S: Final = 10.0


async def run(database_url: str) -> None:
    """Until cancelled; a lost database is waited for."""
    while True:
        try:
            await _run_while_connected(database_url)
        except Exception as error:
            log.warning("Jobs stopped and start again: %s", str(error).strip())
        task = asyncio.current_task()
        if task is not None and task.cancelling():  # procrastinate may end a cancelled run by another error, or none
            raise asyncio.CancelledError
        await asyncio.sleep(RETRY_S)


async def _run_while_connected(database_url: str) -> None:
    """With connections of its own, while tasks keep deferring through Django's: that is the outbox."""
    worker = DjangoApp(connector=PsycopgConnector(conninfo=database_url, max_size=8))
    worker.tasks = app.tasks
    worker.periodic_registry = app.periodic_registry
    async with worker.open_async(), asyncio.TaskGroup() as group:
        for name, concurrency, queues in _shares():
            group.create_task(
                worker.run_worker_async(
                    name=name,
                    queues=queues,
                    concurrency=concurrency,
                    install_signal_handlers=False,
                    shutdown_graceful_timeout=GRACE_S,
                    delete_jobs="successful",
                )
            )


def _shares() -> list[tuple[str, int, list[str]]]:
    """Deliveries wait for other people's servers, so they never take a place of our own work."""
    ours = {task.queue for task in app.tasks.values()} - {DELIVERIES}
    return [("ohmstead", 2, sorted(ours)), ("deliveries", 4, [DELIVERIES])]
