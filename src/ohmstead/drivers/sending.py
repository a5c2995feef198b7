"""One attempt to send a notice by one channel: at least once, with a key by which a repetition is known."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from django.core.mail import EmailMessage
from django.db.models import Q
from django.utils import translation

from ohmstead.drivers import notice_words, push, text_messages
from ohmstead.drivers.models import Channel, Notice, Sending, SendingState
from ohmstead.drivers.rules.notices import next_delay
from ohmstead.kit.http import OutgoingFailed, OutgoingRefused

_CLAIMED_FOR: Final = timedelta(seconds=60)
_GONE: Final = (404, 410)


class Undeliverable(Exception):
    """Trying again is of no use."""


class TryLater(Exception):
    pass


def attempt(sending_id: UUID, now: datetime) -> datetime | None:
    """Try once if it is due and nobody else does. When to come again, or None."""
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    waiting = Sending.objects.filter(free, pk=sending_id, state=SendingState.WAITING, next_at__lte=now)
    if not waiting.update(claimed_until=now + _CLAIMED_FOR):
        return None
    sending = Sending.objects.select_related("notice__driver__organisation", "subscription").get(pk=sending_id)
    try:
        _send(sending)
    except Undeliverable as error:
        return _noted(sending, SendingState.FAILED, str(error), None)
    except (TryLater, OSError) as error:
        delay = next_delay(sending.attempts + 1)
        state = SendingState.FAILED if delay is None else SendingState.WAITING
        return _noted(sending, state, str(error), now + delay if delay is not None else None)
    Sending.objects.filter(pk=sending.pk).update(sent_at=now)
    return _noted(sending, SendingState.SENT, "", None)


def _noted(sending: Sending, state: str, error: str, again_at: datetime | None) -> datetime | None:
    Sending.objects.filter(pk=sending.pk).update(
        state=state, error=error[:300], attempts=sending.attempts + 1, next_at=again_at, claimed_until=None
    )
    return again_at


def _send(sending: Sending) -> None:
    notice = sending.notice
    driver = notice.driver
    with translation.override(_language(sending)):
        zone = ZoneInfo(driver.time_zone or driver.organisation.time_zone or "UTC")
        title = notice_words.title(notice.kind)
        body = notice_words.body(notice.kind, notice.details, notice.at, zone)
    match sending.channel:
        case Channel.PUSH:
            _push(sending, title, body)
        case Channel.EMAIL:
            _mail(sending, title, body)
        case _:
            _text(sending, f"{title}. {body}")


def _language(sending: Sending) -> str:
    driver = sending.notice.driver
    of_browser = sending.subscription.language if sending.subscription else ""
    return driver.language or of_browser or driver.organisation.language


def _push(sending: Sending, title: str, body: str) -> None:
    subscription = sending.subscription
    if subscription is None:
        raise Undeliverable("The browser has gone.")
    content = msgspec.json.encode(_shown(sending.notice, title, body))
    try:
        answer = push.send(subscription, content, topic=sending.pk.hex)
    except OutgoingRefused as error:
        raise Undeliverable(str(error)) from None
    except OutgoingFailed as error:
        raise TryLater(str(error)) from None
    if answer.status in _GONE:
        subscription.delete()
        raise Undeliverable("The browser no longer takes notices.")
    if answer.status >= 500 or answer.status == 429:
        raise TryLater(f"The push service answered {answer.status}.")
    if answer.status >= 300:
        raise Undeliverable(f"The push service answered {answer.status}.")


def _shown(notice: Notice, title: str, body: str) -> dict[str, Any]:
    """`tag` lets a browser show a repetition in the place of the first."""
    return {"title": title, "body": body, "tag": notice.pk.hex, "url": f"/charging/{notice.charge_id}"}


def _mail(sending: Sending, title: str, body: str) -> None:
    """The same Message-ID at every attempt: mail programs show a repetition once."""
    headers = {"Message-ID": f"<{sending.pk}@ohmstead.notices>"}
    EmailMessage(
        f"{title}: {sending.notice.driver.organisation}", body, to=[sending.notice.driver.email], headers=headers
    ).send()


def _text(sending: Sending, text: str) -> None:
    if text_messages.provider is None:
        raise Undeliverable("No provider of text messages is set.")
    try:
        text_messages.provider.send(sending.notice.driver.phone, text, key=str(sending.pk))
    except text_messages.TextMessageRefused as error:
        raise Undeliverable(str(error)) from None
    except text_messages.TextMessageFailed as error:
        raise TryLater(str(error)) from None
