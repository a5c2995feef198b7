"""Exports of drivers' accounts, and upkeep of the web's own tables: kept answers of the API, logins that have ended."""

from datetime import UTC, datetime
from uuid import UUID

from django.contrib.sessions.backends.db import SessionStore
from procrastinate.contrib.django import app

from ohmstead.web.api import idempotency
from ohmstead.web.driver.account.export import make


@app.periodic(cron="41 * * * *")
@app.task(name="web.forget_kept_answers", queueing_lock="web.forget_kept_answers")
def forget_kept_answers(timestamp: int) -> None:
    idempotency.forget_old(datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="53 * * * *")
@app.task(name="web.forget_ended_logins", queueing_lock="web.forget_ended_logins")
def forget_ended_logins(timestamp: int) -> None:
    """Nothing else deletes the row of a login nobody ends: visitors and crawlers would fill the table."""
    SessionStore.clear_expired()


@app.task(name="web.make_export")
def make_export(export_id: str) -> None:
    make(UUID(export_id))
