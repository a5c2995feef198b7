"""The writes of notices: told once, to each channel that the driver wants, as jobs in the caller's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from ohmstead.access.actors import Actor
from ohmstead.access.audit import record
from ohmstead.drivers.errors import PushRefused
from ohmstead.drivers.models import Channel, Driver, Notice, NoticeChoice, NoticeKind, PushSubscription, Sending
from ohmstead.drivers.push import checked_keys
from ohmstead.drivers.rules.notices import is_wanted

MOST_BROWSERS: Final = 10


@dataclass(frozen=True, slots=True)
class News:
    """`key` is the same whenever the same thing is told again."""

    organisation_id: UUID
    driver_id: UUID
    kind: str
    key: str
    at: datetime
    charge_id: UUID
    details: dict[str, Any]


@transaction.atomic
def tell_all(news: Sequence[News]) -> int:
    """How many were new; what was told before is told no second time."""
    rows = [
        Notice(
            organisation_id=each.organisation_id,
            driver_id=each.driver_id,
            kind=each.kind,
            key=each.key[:120],
            charge_id=each.charge_id,
            details=each.details,
            at=each.at,
        )
        for each in sorted(news, key=lambda each: (str(each.driver_id), each.key))
    ]
    ids = [row.pk for row in rows]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    new = list(Notice.objects.filter(pk__in=ids).select_related("driver"))
    sendings = [sending for notice in new for sending in _sendings(notice)]
    Sending.objects.bulk_create(sendings, ignore_conflicts=True)
    defer([sending.pk for sending in sendings])
    return len(new)


def defer(ids: Sequence[UUID]) -> None:
    from ohmstead.drivers.jobs import send_notice

    if ids:
        send_notice.batch_defer(*[{"sending_id": str(each)} for each in ids])


def choices_of(driver: Driver) -> dict[tuple[str, str], bool]:
    rows = NoticeChoice.objects.filter(driver=driver).values_list("channel", "kind", "wanted")
    return {(channel, kind): wanted for channel, kind, wanted in rows}


@transaction.atomic
def choose(driver: Driver, wanted: set[tuple[str, str]], *, by: Actor) -> None:
    """`wanted` are the (channel, kind) that are; every other is not."""
    for channel in Channel.values:
        for kind in NoticeKind.values:
            NoticeChoice.objects.update_or_create(
                driver=driver, channel=channel, kind=kind, defaults={"wanted": (channel, kind) in wanted}
            )
    record(by, "driver.preferences_set", driver, what="notices")


@transaction.atomic
def subscribe(
    driver: Driver, endpoint: str, p256dh: str, auth: str, *, browser: str, language: str, by: Actor
) -> PushSubscription:
    """A browser says where it may be woken; the same one again is the same row. Raises PushRefused."""
    parts = urlsplit(endpoint)
    secure = parts.scheme == "https" or settings.OHMSTEAD_ALLOW_PRIVATE_ADDRESSES
    if not secure or not parts.hostname or len(endpoint) > 1000 or not endpoint.isascii() or parts.username:
        raise PushRefused("That is no address of a push service.")
    checked_keys(p256dh, auth)
    values = {"driver": driver, "p256dh": p256dh, "auth": auth, "browser": browser[:80], "language": language[:8]}
    found, made = PushSubscription.objects.update_or_create(endpoint=endpoint, defaults=values)
    if made:
        for old in PushSubscription.objects.filter(driver=driver).order_by("-created_at")[MOST_BROWSERS:]:
            old.delete()
        record(by, "driver.push_on", driver, browser=browser[:80])
    return found


@transaction.atomic
def unsubscribe(driver: Driver, endpoint: str, *, by: Actor) -> None:
    if PushSubscription.objects.filter(driver=driver, endpoint=endpoint).delete()[0]:
        record(by, "driver.push_off", driver)


def _sendings(notice: Notice) -> list[Sending]:
    chosen = choices_of(notice.driver)
    now = timezone.now()
    found = []
    if is_wanted(Channel.PUSH, notice.kind, chosen):
        browsers = PushSubscription.objects.filter(driver=notice.driver)
        found += [Sending(notice=notice, channel=Channel.PUSH, subscription=each, next_at=now) for each in browsers]
    if notice.driver.email and is_wanted(Channel.EMAIL, notice.kind, chosen):
        found.append(Sending(notice=notice, channel=Channel.EMAIL, next_at=now))
    if notice.driver.phone and is_wanted(Channel.SMS, notice.kind, chosen):
        found.append(Sending(notice=notice, channel=Channel.SMS, next_at=now))
    return found
