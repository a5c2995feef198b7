"""Periodic jobs and whatever actions deferred: procrastinate's worker, beside the folding thread."""

import asyncio
import logging
from typing import Final

from procrastinate import PsycopgConnector
from procrastinate.contrib.django import app

from ohmstead.run.worker import upkeep  # noqa: F401 - registers its job

log = logging.getLogger(__name__)

RETRY_S: Final = 2.0
GRACE_S: Final = 10.0


async def run(database_url: str) -> None:
    """Until cancelled; a lost database is waited for."""
    while True:
        try:
            connector = PsycopgConnector(conninfo=database_url)
            with app.replace_connector(connector) as connected:
                async with connected.open_async():
                    await connected.run_worker_async(
                        name="ohmstead",
                        concurrency=2,
                        install_signal_handlers=False,
                        shutdown_graceful_timeout=GRACE_S,
                        delete_jobs="successful",
                    )
        except Exception as error:
            log.warning("Jobs stopped and start again: %s", str(error).strip())
        await asyncio.sleep(RETRY_S)
