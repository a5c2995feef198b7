"""What happened in one session, in the order in which it happened: told by console and API in their own words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from ohmstead.charging.marks import BOOT
from ohmstead.charging.models import Closing, Mark, MeterReading, Session
from ohmstead.charging.rules.suspended import INSIDE
from ohmstead.station.readings import ReadingContext

MOST: Final = 300
BOUNDING: Final = frozenset(
    {
        ReadingContext.BEGIN,
        ReadingContext.INTERRUPTION_BEGIN,
        ReadingContext.INTERRUPTION_END,
        ReadingContext.END,
    }
)


@dataclass(frozen=True, slots=True)
class Happening:
    """`kind`: started, state, restarted, reading, closed or ended. `detail`: state, context or reason."""

    at: datetime
    kind: str
    detail: str = ""
    resumed: bool = False  # charging again after a pause
    by_hand: bool = False
    register_wh: Decimal | None = None
    soc_percent: float | None = None


def story(
    session: Session, marks: Iterable[Mark], readings: Iterable[MeterReading], closings: Iterable[Closing]
) -> list[Happening]:
    """Oldest first. Of the same moment, the start comes first and the end last."""
    between = [*_readings(readings), *_states(marks), *_closings(closings)]
    between.sort(key=lambda each: each.at)
    ended = [Happening(session.ended_at, "ended", session.stop_reason)] if session.ended_at else []
    return [Happening(session.started_at, "started"), *between[:MOST], *ended]


def _states(marks: Iterable[Mark]) -> Iterator[Happening]:
    """Of equal states in a row the first counts."""
    before = ""
    for mark in marks:
        if mark.state == BOOT:
            yield Happening(mark.at, "restarted")
            continue
        if mark.state in INSIDE and mark.state != before:
            resumed = mark.state == "charging" and before in ("suspended_car", "suspended_station")
            yield Happening(mark.at, "state", mark.state, resumed=resumed)
        before = mark.state


def _readings(readings: Iterable[MeterReading]) -> Iterator[Happening]:
    for each in readings:
        if each.context in BOUNDING:
            context = ReadingContext(each.context).name.lower()
            yield Happening(each.at, "reading", context, register_wh=each.register_wh, soc_percent=each.soc_percent)


def _closings(closings: Iterable[Closing]) -> Iterator[Happening]:
    for each in closings:
        yield Happening(each.asked_at, "closed", each.reason, by_hand=each.by_hand)
