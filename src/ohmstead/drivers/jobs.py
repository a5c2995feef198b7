"""Upkeep of what was seen of tokens and of codes mailed to drivers; the worker's job runner calls it."""

from datetime import UTC, datetime, timedelta
from typing import Final

from procrastinate.contrib.django import app

from ohmstead.drivers import sign_in_codes
from ohmstead.drivers.models import Alarm, Sighting

SIGHTINGS_KEPT: Final = timedelta(days=30)
ALARMS_KEPT: Final = timedelta(days=365)


@app.periodic(cron="17 3 * * *")
@app.task(name="drivers.forget_sightings", queueing_lock="drivers.forget_sightings")
def forget_sightings(timestamp: int) -> None:
    now = datetime.fromtimestamp(timestamp, UTC)
    Sighting.objects.filter(last_at__lt=now - SIGHTINGS_KEPT).delete()
    Alarm.objects.filter(settled_at__lt=now - ALARMS_KEPT).delete()


@app.periodic(cron="29 * * * *")
@app.task(name="drivers.forget_codes", queueing_lock="drivers.forget_codes")
def forget_codes(timestamp: int) -> None:
    sign_in_codes.forget_old(datetime.fromtimestamp(timestamp, UTC))
