"""Somebody who listens, known at once to everybody in this process."""

ANYWHERE = "https://crm.example/hooks"


def listen(organisation, *kinds, url=ANYWHERE):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.integration.actions import create_webhook
    from ohmstead.integration.listeners import memory

    webhook, secret = create_webhook(organisation, url, kinds, by=SYSTEM)
    webhook.told_secret = secret
    memory.forget()
    return webhook


def told(*kinds):
    """(kind, data) of the events that were written, in their order; of these kinds, if any are named."""
    from ohmstead.integration.models import Event

    events = Event.objects.order_by("transaction", "id")
    return [(each.kind, each.data) for each in events if not kinds or each.kind in kinds]
