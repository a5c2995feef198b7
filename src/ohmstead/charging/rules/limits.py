"""Has a session reached what its driver wanted? Pure."""

from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

import msgspec

LOOKED_EVERY: Final = timedelta(seconds=10)
_BELIEVED_FOR: Final = timedelta(minutes=2)  # so long the last measured power is taken to go on


class Reached(StrEnum):
    ENERGY = "energy"
    TIME = "time"
    SOC = "soc"


class Limit(msgspec.Struct, frozen=True):
    energy_wh: Decimal | None = None
    minutes: int | None = None
    soc_percent: int | None = None

    @property
    def is_none(self) -> bool:
        return self.energy_wh is None and self.minutes is None and self.soc_percent is None


class So(msgspec.Struct, frozen=True):
    """Where a session is: what was measured last, how long ago, and how long it lasts."""

    energy_wh: Decimal
    power_w: float
    since_reading: timedelta
    lasts: timedelta
    soc_percent: float | None = None


def reached(limit: Limit, so: So) -> Reached | None:
    """Energy is carried on with the last power, half an interval ahead: stations measure once a minute or less."""
    if limit.energy_wh is not None and so.energy_wh + _since(so) >= limit.energy_wh:
        return Reached.ENERGY
    if limit.minutes is not None and so.lasts >= timedelta(minutes=limit.minutes):
        return Reached.TIME
    if limit.soc_percent is not None and so.soc_percent is not None and so.soc_percent >= limit.soc_percent:
        return Reached.SOC
    return None


def _since(so: So) -> Decimal:
    span = min(max(so.since_reading, timedelta()), _BELIEVED_FOR) + LOOKED_EVERY / 2
    return Decimal(str(round(max(so.power_w, 0) * span.total_seconds() / 3600, 3)))
