"""Periodic upkeep of the API's own tables."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from ohmstead.web.api import idempotency


@app.periodic(cron="41 * * * *")
@app.task(name="web.forget_kept_answers", queueing_lock="web.forget_kept_answers")
def forget_kept_answers(timestamp: int) -> None:
    idempotency.forget_old(datetime.fromtimestamp(timestamp, UTC))
