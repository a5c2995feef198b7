"""Limits a driver sets for a session: the server looks at them and stops it, whether or not the phone is awake."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from django.db import transaction

from ohmstead.access.actors import Actor
from ohmstead.access.audit import record
from ohmstead.charging import driver_starts
from ohmstead.charging.models import Session, SessionLimit, SessionState
from ohmstead.charging.rules.limits import Limit, Reached, So, reached

_BY: Final = Actor.job("limits of drivers")
_LEAST_WH: Final = Decimal(100)
_MOST_WH: Final = Decimal(1_000_000)
_MOST_MINUTES: Final = 7 * 24 * 60
_AGAIN_AFTER: Final = timedelta(minutes=1)  # a station that did not stop is asked once more


class LimitRefused(Exception):
    """The message is a sentence for the driver."""


@transaction.atomic
def set_limit(session: Session, limit: Limit, *, by: Actor) -> None:
    """In place of the one before; without any value the session runs on until it is stopped. Raises LimitRefused."""
    if session.state != SessionState.RUNNING:
        raise LimitRefused("This charge has ended.")
    _check(limit, session)
    values = {"energy_wh": limit.energy_wh, "minutes": limit.minutes, "soc_percent": limit.soc_percent}
    if limit.is_none:
        SessionLimit.objects.filter(session=session).delete()
    else:
        SessionLimit.objects.update_or_create(session=session, defaults=values | {"reached": "", "reached_at": None})
    record(by, "session.limited", session, **values)


def limit_of(session: Session) -> SessionLimit | None:
    return SessionLimit.objects.filter(session=session).first()


def stop_at_limits(now: datetime) -> int:
    """How many sessions were asked to stop. Those the station did not stop are asked again."""
    stopped = 0
    for held in _open(now):
        why = reached(_limit(held), _so_far(held.session, now))
        if why is None:
            continue
        try:
            stopped += _stop(held, why, now)
        except driver_starts.StopRefused:
            continue  # asked again when the station is back
    return stopped


@transaction.atomic
def _stop(held: SessionLimit, why: Reached, now: datetime) -> bool:
    """False where the driver has set another limit since, or took it away. Raises StopRefused, and nothing is said."""
    same = SessionLimit.objects.filter(
        pk=held.pk, energy_wh=held.energy_wh, minutes=held.minutes, soc_percent=held.soc_percent
    )
    if not same.update(reached=why.value, reached_at=now):
        return False
    driver_starts.stop(held.session, now=now, by=_BY)
    return True


def _open(now: datetime) -> Iterable[SessionLimit]:
    running = SessionLimit.objects.filter(session__state=SessionState.RUNNING)
    due = running.filter(reached="") | running.filter(reached_at__lt=now - _AGAIN_AFTER)
    return due.select_related("session__station").order_by("pk")


def _limit(held: SessionLimit) -> Limit:
    return Limit(held.energy_wh, held.minutes, held.soc_percent)


def _so_far(session: Session, now: datetime) -> So:
    return So(
        energy_wh=session.energy_wh,
        power_w=session.power_w or 0.0,
        since_reading=now - session.last_event_at,
        lasts=now - session.started_at,
        soc_percent=session.soc_percent,
    )


def _check(limit: Limit, session: Session) -> None:
    if limit.energy_wh is not None and not _LEAST_WH <= limit.energy_wh <= _MOST_WH:
        raise LimitRefused("A limit of energy is between 0.1 and 1,000 kWh.")
    if limit.minutes is not None and not 1 <= limit.minutes <= _MOST_MINUTES:
        raise LimitRefused("A limit of time is between one minute and seven days.")
    if limit.soc_percent is not None:
        if not 1 <= limit.soc_percent <= 100:
            raise LimitRefused("A limit of the battery is between 1 and 100 %.")
        if session.soc_percent is None:
            raise LimitRefused("This car does not tell how full its battery is.")
