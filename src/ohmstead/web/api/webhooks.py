"""Webhooks and their deliveries."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from ohmstead.access.rights import Right
from ohmstead.integration import actions, queries
from ohmstead.integration.events import SUBSCRIBABLE
from ohmstead.integration.models import Delivery, Webhook
from ohmstead.web.api.access import viewer
from ohmstead.web.api.operation import LEFT_OUT, Input, operation
from ohmstead.web.api.pages import PageQuery, page, page_of
from ohmstead.web.api.things import given, the
from ohmstead.web.scope import Viewer

router = Router(tags=["Webhooks"])

_INTEGRATE = Right.INTEGRATE
_KINDS: Any = Field(
    [], max_length=50, description=f"Empty: all. Kinds: {', '.join(SUBSCRIBABLE)}.", examples=[["session.ended"]]
)


class WebhookPatchIn(Input):
    url: str = Field(LEFT_OUT, min_length=1, max_length=500)
    kinds: list[str] = _KINDS
    description: str = Field(LEFT_OUT, max_length=120, examples=["CRM"])
    active: bool = Field(LEFT_OUT, description="Switched off it is told nothing new; what waits goes on waiting.")


class WebhookIn(Input):
    url: str = Field(min_length=1, max_length=500)
    kinds: list[str] = _KINDS
    description: str = Field("", max_length=120, examples=["CRM"])


class WebhookOut(Schema):
    id: UUID
    url: str
    kinds: list[str] = Field(description="Empty: all.", examples=[["session.ended"]])
    description: str = Field(examples=["CRM"])
    active: bool
    disabled_because: str = Field(description="Why it was switched off by itself.", examples=[""])
    failing_since: datetime | None = Field(examples=[None])
    delivered: int
    waiting: int
    failed: int
    last_delivered_at: datetime | None
    created_at: datetime


class NewWebhookOut(WebhookOut):
    secret: str = Field(description="Told once: with it you check signatures.", examples=["whsec_..."])


class SecretOut(Schema):
    secret: str = Field(description="Told once. For a day deliveries are signed with both.", examples=["whsec_..."])


class DeliveryQuery(PageQuery):
    state: Literal["", "waiting", "delivered", "failed"] = ""


class AttemptOut(Schema):
    at: datetime
    took_ms: int
    status: int | None = Field(examples=[503])
    answer: str = Field(description="How the answer began.", examples=["Try later"])
    error: str = Field(description="Why no answer came.")


class DeliveryOut(Schema):
    id: UUID
    event_id: UUID = Field(description="Sent as webhook-id.")
    kind: str = Field(examples=["session.ended"])
    at: datetime = Field(description="When it happened.")
    state: str = Field(examples=["delivered"])
    attempts: int
    next_at: datetime | None = Field(description="When it is tried again.")
    data: dict[str, Any] = Field(examples=[{"session_id": "019a3c5e-7f10-7c3e-9d2a-5b6f0a1c2d3e"}])
    tries: list[AttemptOut] = Field(description="Newest first.")


class ReplayedOut(Schema):
    count: int


def _mine(who: Viewer, webhook_id: UUID) -> Webhook:
    found: Webhook = the(queries.webhooks(who.organisation), webhook_id, "webhook")
    return found


def _fields(webhook: Any) -> dict[str, Any]:
    return {name: getattr(webhook, name) for name in WebhookOut.model_fields}


def _delivery_out(row: Delivery) -> DeliveryOut:
    tries = [AttemptOut(**{name: getattr(each, name) for name in AttemptOut.model_fields}) for each in row.tries.all()]
    plain = {name: getattr(row, name) for name in ("state", "attempts", "next_at")}
    event = row.event
    return DeliveryOut(
        id=row.pk, event_id=event.pk, kind=event.kind, at=event.at, data=event.data, tries=tries, **plain
    )


@operation(router, "GET", "/webhooks", "list_webhooks", "List webhooks", right=_INTEGRATE, answers=page_of(WebhookOut))
def list_webhooks(request: HttpRequest, query: Query[PageQuery]) -> Any:
    """Newest first."""
    found = queries.webhooks(viewer(request).organisation)
    return page(found, query, lambda webhook: WebhookOut(**_fields(webhook)), ("-created_at", "-pk"))


@operation(
    router, "GET", "/webhooks/{uuid:webhook_id}", "get_webhook", "One webhook", right=_INTEGRATE, answers=WebhookOut
)
def get_webhook(request: HttpRequest, webhook_id: UUID) -> WebhookOut:
    return WebhookOut(**_fields(_mine(viewer(request), webhook_id)))


@operation(
    router,
    "POST",
    "/webhooks",
    "create_webhook",
    "Make a webhook",
    right=_INTEGRATE,
    answers=NewWebhookOut,
    location="/webhooks/{id}",
)
def create_webhook(request: HttpRequest, body: WebhookIn) -> NewWebhookOut:
    """An https address that answers 2xx within 10 seconds."""
    who = viewer(request)
    made, secret = actions.create_webhook(
        who.organisation, body.url, body.kinds, by=who.actor, description=body.description
    )
    return NewWebhookOut(secret=secret, **_fields(_mine(who, made.pk)))


@operation(
    router,
    "PATCH",
    "/webhooks/{uuid:webhook_id}",
    "change_webhook",
    "Change a webhook",
    right=_INTEGRATE,
    answers=WebhookOut,
)
def change_webhook(request: HttpRequest, webhook_id: UUID, body: WebhookPatchIn) -> WebhookOut:
    """What is left out stays as it is."""
    who, values = viewer(request), given(body)
    webhook = _mine(who, webhook_id)
    if values.keys() & {"url", "kinds", "description"}:
        wanted = {name: values.get(name, getattr(webhook, name)) for name in ("url", "kinds", "description")}
        actions.change_webhook(webhook, by=who.actor, **wanted)
    if "active" in values:
        actions.set_active(webhook, values["active"], by=who.actor)
    return WebhookOut(**_fields(_mine(who, webhook_id)))


@operation(router, "DELETE", "/webhooks/{uuid:webhook_id}", "delete_webhook", "Delete a webhook", right=_INTEGRATE)
def delete_webhook(request: HttpRequest, webhook_id: UUID) -> None:
    """With its deliveries."""
    actions.delete_webhook(_mine(viewer(request), webhook_id), by=viewer(request).actor)


@operation(
    router,
    "POST",
    "/webhooks/{uuid:webhook_id}/rotate-secret",
    "rotate_webhook_secret",
    "Give a webhook a new secret",
    right=_INTEGRATE,
    answers=SecretOut,
    status=200,
)
def rotate_secret(request: HttpRequest, webhook_id: UUID) -> SecretOut:
    webhook = _mine(viewer(request), webhook_id)
    return SecretOut(secret=actions.rotate_secret(webhook, by=viewer(request).actor))


@operation(
    router,
    "POST",
    "/webhooks/{uuid:webhook_id}/test",
    "test_webhook",
    "Send a test",
    right=_INTEGRATE,
    answers=DeliveryOut,
    status=202,
)
def test_webhook(request: HttpRequest, webhook_id: UUID) -> DeliveryOut:
    """An event of the kind webhook.tested, to this webhook alone."""
    return _delivery_out(actions.send_test(_mine(viewer(request), webhook_id), by=viewer(request).actor))


@operation(
    router,
    "GET",
    "/webhooks/{uuid:webhook_id}/deliveries",
    "list_deliveries",
    "Deliveries of a webhook",
    right=_INTEGRATE,
    answers=page_of(DeliveryOut),
)
def list_deliveries(request: HttpRequest, webhook_id: UUID, query: Query[DeliveryQuery]) -> Any:
    """Newest first, with every attempt. They are kept for 30 days."""
    found = queries.deliveries(_mine(viewer(request), webhook_id))
    if query.state:
        found = found.filter(state=query.state)
    return page(found, query, _delivery_out, ("-created_at", "-pk"))


@operation(
    router,
    "POST",
    "/webhooks/{uuid:webhook_id}/deliveries/{uuid:delivery_id}/replay",
    "replay_delivery",
    "Send a delivery again",
    right=_INTEGRATE,
    answers=DeliveryOut,
    status=202,
)
def replay(request: HttpRequest, webhook_id: UUID, delivery_id: UUID) -> DeliveryOut:
    """Also one that arrived, with the same webhook-id."""
    found = queries.deliveries(_mine(viewer(request), webhook_id)).select_related("event", "webhook")
    actions.replay(the(found, delivery_id, "delivery"), by=viewer(request).actor)
    return _delivery_out(the(found, delivery_id, "delivery"))


@operation(
    router,
    "POST",
    "/webhooks/{uuid:webhook_id}/replay-failed",
    "replay_failed",
    "Send everything again that failed",
    right=_INTEGRATE,
    answers=ReplayedOut,
    status=202,
)
def replay_failed(request: HttpRequest, webhook_id: UUID) -> ReplayedOut:
    webhook = _mine(viewer(request), webhook_id)
    return ReplayedOut(count=actions.replay_failed(webhook, by=viewer(request).actor))
