"""Old days of the journal are dropped once they were folded."""

import logging
from datetime import UTC, datetime, timedelta
from typing import Final

import psycopg
from procrastinate.contrib.django import app

from ohmstead.charging.queries import READER
from ohmstead.journal import reader, schema
from ohmstead.run.environment import environment

log = logging.getLogger(__name__)

LOCK_WAIT_MS: Final = 1_000  # while a DROP waits for a reader, every COPY of the gateways waits behind it


@app.periodic(cron="11 * * * *")  # hourly: a machine that sleeps at night would never drop a day
@app.task(name="run.forget_old_journal", queueing_lock="run.forget_old_journal")
def forget_old_journal(timestamp: int) -> None:
    settings = environment()
    with psycopg.connect(settings.database_url, autocommit=True) as connection:
        connection.execute(f"SET lock_timeout = {LOCK_WAIT_MS}")
        try:
            forget_before(
                connection, datetime.fromtimestamp(timestamp, UTC) - timedelta(days=settings.journal_kept_days)
            )
        except psycopg.errors.LockNotAvailable:
            log.info("Somebody reads an old day of the journal; it is dropped in an hour.")


def forget_before(connection: psycopg.Connection, moment: datetime) -> list[str]:
    """Nothing is dropped while the workers have not read up to `moment`; the names of the dropped days."""
    behind = timedelta(seconds=reader.lag(connection, READER).seconds)
    if datetime.now(UTC) - behind <= moment:
        return []
    return schema.drop_partitions_before(connection, moment.date())
