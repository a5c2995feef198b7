"""The seal on secrets of webhooks."""

from datetime import datetime

from django.conf import settings

from ohmstead.integration.models import Webhook
from ohmstead.kit.seal import Seal


def seal() -> Seal:
    return Seal(settings.SECRET_KEY, "ohmstead.integration.webhook")


def secrets_of(webhook: Webhook, now: datetime) -> list[str]:
    """The valid ones, the newest first. Raises BrokenSeal."""
    found = [seal().open(webhook.secret).decode()]
    if webhook.previous_until is not None and webhook.previous_until > now:
        found.append(seal().open(webhook.previous_secret).decode())
    return found
