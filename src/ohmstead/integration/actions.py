"""The writes of webhooks: each is one transaction with its audit row."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from ohmstead.access.actors import Actor
from ohmstead.access.audit import record
from ohmstead.access.models import Organisation
from ohmstead.integration.errors import BadWebhook, WebhookDisabledNow
from ohmstead.integration.events import SUBSCRIBABLE, WebhookTested, data_of
from ohmstead.integration.models import Delivery, DeliveryState, Event, Webhook
from ohmstead.integration.outbox import deliver
from ohmstead.integration.rules.signature import secret_of
from ohmstead.integration.sealing import seal

MOST_WEBHOOKS: Final = 50
BOTH_SECRETS_FOR: Final = timedelta(hours=24)
_SECRET_BYTES: Final = 32
_REPLAYED_AT_ONCE: Final = 10_000


@transaction.atomic(durable=True)
def create_webhook(
    organisation: Organisation, url: str, kinds: Sequence[str], *, by: Actor, description: str = ""
) -> tuple[Webhook, str]:
    """The webhook and its secret, which nobody can read again. No `kinds`: it is told everything. Raises BadWebhook."""
    if Webhook.objects.filter(organisation=organisation).count() >= MOST_WEBHOOKS:
        raise BadWebhook(f"An organisation has {MOST_WEBHOOKS} webhooks at most.")
    secret = secret_of(secrets.token_bytes(_SECRET_BYTES))
    webhook = Webhook.objects.create(
        organisation=organisation,
        url=_checked_url(url),
        description=_checked_text(description),
        kinds=_checked_kinds(kinds),
        secret=seal().close(secret.encode()),
    )
    record(by, "webhook.created", webhook, url=webhook.url, kinds=webhook.kinds)
    return webhook, secret


@transaction.atomic(durable=True)
def change_webhook(webhook: Webhook, url: str, kinds: Sequence[str], *, by: Actor, description: str) -> None:
    """Raises BadWebhook."""
    webhook.url, webhook.kinds = _checked_url(url), _checked_kinds(kinds)
    webhook.description = _checked_text(description)
    webhook.save(update_fields=["url", "kinds", "description"])
    record(by, "webhook.changed", webhook, url=webhook.url, kinds=webhook.kinds)


@transaction.atomic(durable=True)
def set_active(webhook: Webhook, active: bool, *, by: Actor) -> None:
    """What waits is tried at once when it is switched on again."""
    if webhook.active == active:
        return
    webhook.active, webhook.disabled_because = active, ""
    webhook.failing_since, webhook.failures = None, 0
    webhook.save(update_fields=["active", "disabled_because", "failing_since", "failures"])
    if active:
        _try_now([each.pk for each in webhook.deliveries.filter(state=DeliveryState.WAITING)[:_REPLAYED_AT_ONCE]])
    record(by, "webhook.switched_on" if active else "webhook.switched_off", webhook)


@transaction.atomic(durable=True)
def rotate_secret(webhook: Webhook, *, by: Actor) -> str:
    """The new secret, told once. For a day every delivery is signed with both."""
    secret = secret_of(secrets.token_bytes(_SECRET_BYTES))
    webhook.previous_secret, webhook.previous_until = webhook.secret, timezone.now() + BOTH_SECRETS_FOR
    webhook.secret = seal().close(secret.encode())
    webhook.save(update_fields=["secret", "previous_secret", "previous_until"])
    record(by, "webhook.secret_rotated", webhook)
    return secret


@transaction.atomic(durable=True)
def delete_webhook(webhook: Webhook, *, by: Actor) -> None:
    """With its deliveries."""
    record(by, "webhook.deleted", webhook, url=webhook.url)
    webhook.delete()


@transaction.atomic(durable=True)
def send_test(webhook: Webhook, *, by: Actor) -> Delivery:
    """Raises WebhookDisabledNow."""
    _must_be_active(webhook)
    now = timezone.now()
    event = WebhookTested(webhook_id=webhook.pk)
    stored = Event.objects.create(
        organisation_id=webhook.organisation_id,
        kind="webhook.tested",
        key=secrets.token_hex(8),
        at=now,
        data=data_of(event),
    )
    delivery = Delivery.objects.create(webhook=webhook, event=stored, next_at=now)
    deliver([delivery.pk])
    record(by, "webhook.tested", webhook)
    return delivery


@transaction.atomic(durable=True)
def replay(delivery: Delivery, *, by: Actor) -> None:
    """Send it once more, also one that arrived; with the same webhook-id. Raises WebhookDisabledNow."""
    _must_be_active(delivery.webhook)
    _try_now([delivery.pk])
    record(by, "webhook.replayed", delivery.webhook, delivery=str(delivery.pk))


@transaction.atomic(durable=True)
def replay_failed(webhook: Webhook, *, by: Actor) -> int:
    """Everything that did not arrive and is still kept, at most 10,000 at once. Raises WebhookDisabledNow."""
    _must_be_active(webhook)
    failed = webhook.deliveries.filter(state=DeliveryState.FAILED).order_by("created_at")
    ids = list(failed.values_list("pk", flat=True)[:_REPLAYED_AT_ONCE])
    _try_now(ids)
    record(by, "webhook.failed_replayed", webhook, count=len(ids))
    return len(ids)


def _try_now(ids: Sequence[UUID]) -> None:
    now = timezone.now()
    Delivery.objects.filter(pk__in=ids).update(
        state=DeliveryState.WAITING, attempts=0, next_at=now, ended_at=None, claimed_until=None
    )
    Webhook.objects.filter(deliveries__in=ids).update(failures=0, probed_at=None)
    deliver(ids)


def _must_be_active(webhook: Webhook) -> None:
    if not webhook.active:
        raise WebhookDisabledNow("The webhook is switched off. Switch it on first.")


def _checked_url(url: str) -> str:
    """The address itself is checked again before each request: a name may point elsewhere by then."""
    url = url.strip()
    try:
        parts = urlsplit(url)
        known = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        known = False
    if not known or len(url) > 500 or not url.isascii() or not url.isprintable() or " " in url:
        raise BadWebhook("That is not an address such as https://crm.example/hooks of at most 500 characters.")
    if parts.username is not None or parts.password is not None:
        raise BadWebhook("An address with a user name in it is not called.")
    if parts.scheme == "http" and not settings.OHMSTEAD_ALLOW_PRIVATE_ADDRESSES:
        raise BadWebhook("The address must begin with https:// so that nobody reads along.")
    return url


def _checked_kinds(kinds: Sequence[str]) -> list[str]:
    if unknown := set(kinds) - set(SUBSCRIBABLE):
        raise BadWebhook(f"{sorted(unknown)[0][:40]!r} is no kind of event.")
    return sorted(set(kinds))


def _checked_text(text: str) -> str:
    text = text.strip()
    if len(text) > 120 or "\0" in text:
        raise BadWebhook("A description has 120 characters at most.")
    return text
