"""Periodic upkeep of sessions and readings; the worker's job runner calls it."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from procrastinate.contrib.django import app

from ohmstead.charging import (
    local_lists,
    plates,
    remote_starts,
    reservation_upkeep,
    session_limits,
    silence,
    site_rules,
    upkeep,
    waitlist,
)


@app.periodic(cron="*/5 * * * *")
@app.task(name="charging.close_silent", queueing_lock="charging.close_silent")
def close_silent(timestamp: int) -> None:
    silence.close_silent(_moment(timestamp))


@app.periodic(cron="* * * * *")
@app.task(name="charging.end_starts_without_session", queueing_lock="charging.end_starts_without_session")
def end_starts_without_session(timestamp: int) -> None:
    remote_starts.end_without_session(_moment(timestamp))


@app.periodic(cron="* * * * *")
@app.task(name="charging.keep_lists_in_step", queueing_lock="charging.keep_lists_in_step")
def keep_lists_in_step(timestamp: int) -> None:
    local_lists.keep_in_step(_moment(timestamp))


@app.periodic(cron="*/2 * * * *")
@app.task(name="charging.keep_offline_rules", queueing_lock="charging.keep_offline_rules")
def keep_offline_rules(timestamp: int) -> None:
    site_rules.keep_offline_rules()


@app.periodic(cron="* * * * *")
@app.task(name="charging.keep_promises", queueing_lock="charging.keep_promises")
def keep_promises(timestamp: int) -> None:
    now = _moment(timestamp)
    reservation_upkeep.keep_promises(now)
    waitlist.offer_plugs(now)


@app.periodic(cron="* * * * *")
@app.task(name="charging.follow_plates", queueing_lock="charging.follow_plates")
def follow_plates(timestamp: int) -> None:
    plates.start_plugged()
    plates.forget_old(_moment(timestamp))


@app.periodic(cron="* * * * * */10")  # rules.limits.LOOKED_EVERY
@app.task(name="charging.stop_at_limits", queueing_lock="charging.stop_at_limits")
def stop_at_limits(timestamp: int) -> None:
    session_limits.stop_at_limits(_moment(timestamp))


@app.periodic(cron="41 2 * * *")
@app.task(name="charging.keep_partitions", queueing_lock="charging.keep_partitions")
def keep_partitions(timestamp: int) -> None:
    now = _moment(timestamp)
    upkeep.ensure_partitions(now)
    upkeep.forget_before(now - timedelta(days=settings.READINGS_KEPT_DAYS))


def _moment(timestamp: int) -> datetime:
    return datetime.fromtimestamp(timestamp, UTC)
