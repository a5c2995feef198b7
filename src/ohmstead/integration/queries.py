"""Reads of events and webhooks for console and API."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db.models import Count, Max, Prefetch, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from ohmstead.access.models import Organisation
from ohmstead.integration.models import Attempt, Delivery, DeliveryState, Event, EventReader, Webhook

READ_FOR: Final = timedelta(hours=24)  # events are written so long after the last reader left

type Position = tuple[int, UUID]  # transaction and id of an event

BEGINNING: Final = (0, UUID(int=0))


def webhooks(organisation: Organisation) -> QuerySet[Webhook]:
    """With `delivered`, `waiting`, `failed` and `last_delivered_at` of each: one query."""
    state = "deliveries__state"
    return (
        Webhook.objects.filter(organisation=organisation)
        .annotate(
            delivered=Count("deliveries", Q(**{state: DeliveryState.DELIVERED})),
            waiting=Count("deliveries", Q(**{state: DeliveryState.WAITING})),
            failed=Count("deliveries", Q(**{state: DeliveryState.FAILED})),
            last_delivered_at=Max("deliveries__ended_at", filter=Q(**{state: DeliveryState.DELIVERED})),
        )
        .order_by("-created_at", "-pk")
    )


def deliveries(webhook: Webhook) -> QuerySet[Delivery]:
    """Newest first, with event and attempts: two queries when read."""
    tries = Prefetch("tries", Attempt.objects.order_by("-at"))
    return webhook.deliveries.select_related("event").prefetch_related(tries).order_by("-created_at", "-pk")


def events_after(organisation: Organisation, position: Position, kinds: frozenset[str], limit: int) -> list[Event]:
    """In the order in which they can be read without missing one that commits late."""
    transaction, event_id = position
    settled = RawSQL("txid_snapshot_xmin(txid_current_snapshot())", [])
    found = Event.objects.filter(
        Q(transaction__gt=transaction) | Q(transaction=transaction, id__gt=event_id),
        organisation=organisation,
        transaction__lt=settled,
    ).exclude(kind="webhook.tested")
    if kinds:
        found = found.filter(kind__in=kinds)
    return list(found.order_by("transaction", "id")[:limit])


def newest_position(organisation: Organisation) -> Position:
    last = Event.objects.filter(organisation=organisation).order_by("-transaction", "-id").first()
    return (last.transaction, last.pk) if last else BEGINNING


def note_reader(organisation: Organisation) -> None:
    """From now on the organisation's events are written."""
    EventReader.objects.update_or_create(organisation=organisation, defaults={"until": timezone.now() + READ_FOR})
