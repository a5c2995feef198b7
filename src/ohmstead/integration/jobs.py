"""Deliveries as jobs, in a queue of their own: a receiver that is slow keeps nothing else waiting."""

from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from ohmstead.integration.deliveries import attempt
from ohmstead.integration.models import Delivery, DeliveryState, Event, EventReader

QUEUE: Final = "webhooks"
KEPT_FOR: Final = timedelta(days=30)
_OVERDUE: Final = timedelta(minutes=5)
_AT_ONCE: Final = 1_000


@app.task(name="integration.deliver", queue=QUEUE)
def deliver(delivery_id: str) -> None:
    again_at = attempt(UUID(delivery_id), timezone.now())
    if again_at is not None:
        deliver.configure(schedule_at=again_at).defer(delivery_id=delivery_id)


@app.periodic(cron="*/5 * * * *")
@app.task(name="integration.rescue", queueing_lock="integration.rescue")
def rescue(timestamp: int) -> None:
    """Deliveries whose job went down with its worker."""
    overdue = datetime.fromtimestamp(timestamp, UTC) - _OVERDUE
    waiting = Delivery.objects.filter(state=DeliveryState.WAITING, next_at__lt=overdue, webhook__active=True)
    lost = [{"delivery_id": str(pk)} for pk in waiting.order_by("next_at").values_list("pk", flat=True)[:_AT_ONCE]]
    if lost:
        deliver.batch_defer(*lost)


@app.periodic(cron="47 * * * *")
@app.task(name="integration.forget_old", queueing_lock="integration.forget_old")
def forget_old(timestamp: int) -> None:
    now = datetime.fromtimestamp(timestamp, UTC)
    Event.objects.filter(written_at__lt=now - KEPT_FOR).delete()
    EventReader.objects.filter(until__lt=now).delete()
