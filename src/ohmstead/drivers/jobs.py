"""Upkeep of what was seen of tokens and of codes mailed to drivers; the worker's job runner calls it."""

from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from ohmstead.drivers import exports, sending, sign_in_codes
from ohmstead.drivers.models import Alarm, Notice, Sending, SendingState, Sighting

SIGHTINGS_KEPT: Final = timedelta(days=30)
ALARMS_KEPT: Final = timedelta(days=365)
NOTICES_KEPT: Final = timedelta(days=90)
_OVERDUE: Final = timedelta(minutes=5)
_AT_ONCE: Final = 1_000


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
    exports.forget_old(datetime.fromtimestamp(timestamp, UTC))


@app.task(name="drivers.send_notice", queue="webhooks")
def send_notice(sending_id: str) -> None:
    """In the queue of webhooks: a push service that is slow keeps nothing else waiting."""
    again_at = sending.attempt(UUID(sending_id), timezone.now())
    if again_at is not None:
        send_notice.configure(schedule_at=again_at).defer(sending_id=sending_id)


@app.periodic(cron="*/5 * * * *")
@app.task(name="drivers.rescue_notices", queueing_lock="drivers.rescue_notices")
def rescue_notices(timestamp: int) -> None:
    """Notices whose job went down with its worker; and old ones go."""
    now = datetime.fromtimestamp(timestamp, UTC)
    overdue = Sending.objects.filter(state=SendingState.WAITING, next_at__lt=now - _OVERDUE)
    lost = [{"sending_id": str(pk)} for pk in overdue.order_by("next_at").values_list("pk", flat=True)[:_AT_ONCE]]
    if lost:
        send_notice.batch_defer(*lost)
    Notice.objects.filter(at__lt=now - NOTICES_KEPT).delete()
