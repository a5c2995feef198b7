"""May this plug be promised to this driver, and how long will somebody in the queue wait? Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

import msgspec

from ohmstead.network.rules.problems import Unusable

SHORTEST: Final = timedelta(minutes=5)
OFFER_FOR: Final = timedelta(minutes=5)  # an offer of the queue holds a plug for so long
SNOOZE_FOR: Final = timedelta(minutes=10)
HELD_BEFORE: Final = timedelta(minutes=10)  # nobody else begins a charge that would have to end at once
STAY_UNTOLD: Final = timedelta(minutes=45)  # where nobody has charged yet


class ReservationRefused(Unusable):
    """The message is a sentence for the driver."""


class ReservationRules(msgspec.Struct, frozen=True):
    """What the operator of a site allows. Money in `currency`."""

    who: str = "drivers"  # nobody, members, drivers
    ahead: timedelta = timedelta(days=1)
    longest: timedelta = timedelta(hours=1)
    grace: timedelta = timedelta(minutes=15)
    per_driver: int = 1
    fee: Decimal = Decimal(0)
    no_show_fee: Decimal = Decimal(0)
    currency: str = "EUR"


def check_wish(
    rules: ReservationRules, starts_at: datetime, ends_at: datetime, now: datetime, *, member: bool, open_ones: int
) -> None:
    """`open_ones` are the driver's reservations that have not ended. Raises ReservationRefused."""
    if rules.who == "nobody":
        raise ReservationRefused("Plugs cannot be reserved at this site.")
    if rules.who == "members" and not member:
        raise ReservationRefused("Only members of this site's groups reserve plugs here.")
    if starts_at < now - timedelta(minutes=1) or ends_at <= now:
        raise ReservationRefused("A reservation begins now or later.")
    if starts_at > now + rules.ahead:
        hours, odd = divmod(_minutes(rules.ahead), 60)
        if hours >= 2 and not odd:
            raise ReservationRefused("Plugs can be reserved at most %(hours)d hours ahead.", hours=hours)
        raise ReservationRefused(
            "Plugs can be reserved at most %(minutes)d minutes ahead.", minutes=_minutes(rules.ahead)
        )
    if ends_at - starts_at < SHORTEST:
        raise ReservationRefused("A reservation lasts at least %(minutes)d minutes.", minutes=_minutes(SHORTEST))
    if ends_at - starts_at > rules.longest:
        raise ReservationRefused("A reservation lasts at most %(minutes)d minutes.", minutes=_minutes(rules.longest))
    if open_ones >= rules.per_driver:
        if open_ones == 1:
            raise ReservationRefused("You have a reservation already.")
        raise ReservationRefused("You have %(count)d reservations already.", count=open_ones)


def gives_up_at(starts_at: datetime, ends_at: datetime, grace: timedelta) -> datetime:
    """From then on nobody is expected any more, and the plug is free again."""
    return min(starts_at + grace, ends_at)


def estimated_wait(position: int, plugs: int, stays: Sequence[timedelta]) -> timedelta:
    """For the `position`-th in the queue, from 1: each plug becomes free once per usual stay; in whole minutes."""
    usual = sorted(stays)[len(stays) // 2] if stays else STAY_UNTOLD
    if plugs < 1:
        return usual * position
    minutes = usual * position / (plugs + 1) // timedelta(minutes=1)
    return timedelta(minutes=max(1, minutes))


def _minutes(duration: timedelta) -> int:
    return int(duration / timedelta(minutes=1))
