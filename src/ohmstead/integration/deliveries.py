"""One attempt at a delivery, and what follows from it."""

import random
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from ohmstead.access.actors import Actor
from ohmstead.access.audit import record
from ohmstead.integration.events import WebhookDisabled
from ohmstead.integration.models import Attempt, Delivery, DeliveryState, Event, Webhook
from ohmstead.integration.outbox import announce
from ohmstead.integration.rules import retries, signature
from ohmstead.integration.sealing import secrets_of
from ohmstead.kit.http import GuardedClient, OutgoingFailed, OutgoingRefused
from ohmstead.kit.seal import BrokenSeal

TIMEOUT_S: Final = 10.0
MOST_ANSWER_BYTES: Final = 64_000
_EXCERPT: Final = 500
_CLAIMED_FOR: Final = timedelta(seconds=60)
_DELIVERIES: Final = Actor.job("webhook deliveries")


@dataclass(frozen=True, slots=True)
class Outcome:
    took_ms: int
    status: int | None = None
    answer: str = ""
    error: str = ""

    @property
    def delivered(self) -> bool:
        return self.status is not None and retries.is_delivered(self.status)


def attempt(delivery_id: UUID, now: datetime) -> datetime | None:
    """Try once if it is due and nobody else does. When to come again, or None."""
    claimed = Delivery.objects.filter(
        Q(claimed_until=None) | Q(claimed_until__lt=now), pk=delivery_id, state=DeliveryState.WAITING, next_at__lte=now
    ).update(claimed_until=now + _CLAIMED_FOR)
    if not claimed:
        return None
    delivery = Delivery.objects.select_related("webhook", "event").get(pk=delivery_id)
    if not delivery.webhook.active:
        return _hold(delivery, None)
    if not _may_probe(delivery.webhook, now):
        return _hold(delivery, now + retries.PROBED_EVERY * (1 + random.random()))
    return _noted(delivery, _send(delivery.webhook, delivery.event, now), now)


def _hold(delivery: Delivery, until: datetime | None) -> datetime | None:
    """It waits without an attempt; None: until the webhook is switched on again."""
    Delivery.objects.filter(pk=delivery.pk).update(claimed_until=None, next_at=until)
    return until


def _may_probe(webhook: Webhook, now: datetime) -> bool:
    """One that fails and fails is asked once in a while, so that its time-outs keep nobody else waiting."""
    if webhook.failures < retries.FAILING_FROM:
        return True
    rested = Q(probed_at=None) | Q(probed_at__lt=now - retries.PROBED_EVERY)
    return bool(Webhook.objects.filter(rested, pk=webhook.pk).update(probed_at=now))


def body_of(event: Event) -> bytes:
    """The same bytes at every attempt."""
    return msgspec.json.encode(
        {"type": event.kind, "timestamp": event.at, "id": event.pk, "version": 1, "data": event.data}
    )


def _send(webhook: Webhook, event: Event, now: datetime) -> Outcome:
    body = body_of(event)
    began = time.monotonic()
    client = GuardedClient(
        allow_private=settings.OHMSTEAD_ALLOW_PRIVATE_ADDRESSES,
        timeout_s=TIMEOUT_S,
        total_s=TIMEOUT_S,
        max_bytes=MOST_ANSWER_BYTES,
    )
    found: dict[str, Any] = {}
    try:
        signed = signature.headers(secrets_of(webhook, now), str(event.pk), int(now.timestamp()), body)
        sent = {"Content-Type": "application/json", "User-Agent": "Ohmstead-Webhooks/1", **signed}
        response = client.request("POST", webhook.url, body=body, headers=sent)
        text = response.body[: _EXCERPT * 4].decode(errors="replace").replace("\0", "\N{REPLACEMENT CHARACTER}")
        found = {"status": response.status, "answer": text[:_EXCERPT]}
    except (OutgoingRefused, OutgoingFailed, BrokenSeal) as error:
        found = {"error": str(error)[:300]}
    return Outcome(took_ms=round((time.monotonic() - began) * 1000), **found)


@transaction.atomic
def _noted(delivery: Delivery, outcome: Outcome, now: datetime) -> datetime | None:
    Attempt.objects.create(
        delivery=delivery,
        at=now,
        took_ms=outcome.took_ms,
        status=outcome.status,
        answer=outcome.answer,
        error=outcome.error,
    )
    delivery.attempts += 1
    delay = None if outcome.delivered else retries.next_delay(delivery.attempts, random.random())
    if outcome.delivered:
        state = DeliveryState.DELIVERED
        Webhook.objects.filter(pk=delivery.webhook_id).update(failing_since=None, failures=0, probed_at=None)
    else:
        state = DeliveryState.FAILED if delay is None else DeliveryState.WAITING
        _count_failure(delivery.webhook, outcome, now)
    due = now + delay if delay is not None else None
    Delivery.objects.filter(pk=delivery.pk).update(
        state=state,
        attempts=delivery.attempts,
        next_at=due,
        claimed_until=None,
        ended_at=None if delay is not None else now,
    )
    return due


def _count_failure(webhook: Webhook, outcome: Outcome, now: datetime) -> None:
    webhook.failing_since = webhook.failing_since or now
    Webhook.objects.filter(pk=webhook.pk).update(failing_since=webhook.failing_since, failures=F("failures") + 1)
    if outcome.status is not None and retries.is_gone(outcome.status):
        _disable(webhook, "It answered 410: gone.", now)
    elif retries.is_given_up(webhook.failing_since, now):
        _disable(webhook, f"Nothing arrived since {webhook.failing_since:%Y-%m-%d %H:%M} UTC.", now)


def _disable(webhook: Webhook, reason: str, now: datetime) -> None:
    if not Webhook.objects.filter(pk=webhook.pk, active=True).update(active=False, disabled_because=reason):
        return
    record(_DELIVERIES, "webhook.disabled", webhook, reason=reason)
    event = WebhookDisabled(webhook_id=webhook.pk, url=webhook.url, reason=reason)
    announce(webhook.organisation_id, event, at=now, key=f"{webhook.pk} {now.isoformat()}")
