"""Webhooks."""

from django.urls import URLPattern, URLResolver, path

from ohmstead.web.console import webhooks

_ONE = "console/webhooks/<uuid:webhook_id>"

patterns: list[URLPattern | URLResolver] = [
    path("console/webhooks", webhooks.webhooks, name="webhooks"),
    path(_ONE, webhooks.webhook, name="webhook"),
    path(f"{_ONE}/secret", webhooks.rotate, name="rotate-webhook"),
    path(f"{_ONE}/switch", webhooks.switch, name="switch-webhook"),
    path(f"{_ONE}/test", webhooks.send_test, name="test-webhook"),
    path(f"{_ONE}/replay-failed", webhooks.replay_failed, name="replay-failed"),
    path(f"{_ONE}/delete", webhooks.delete, name="delete-webhook"),
    path(f"{_ONE}/deliveries/<uuid:delivery_id>/replay", webhooks.replay, name="replay-delivery"),
]
