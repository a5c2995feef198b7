"""The register of one session as a fold over its readings in time order.

`step` takes the readings one by one; folding a sorted series again gives the same state, so a reading that
arrives late is put right by folding the stored series anew.
"""

from datetime import datetime
from decimal import Decimal
from typing import Final

import msgspec

from ohmstead.charging.rules.flags import Flag
from ohmstead.station.readings import ReadingContext

LIMIT_W: Final = 4_000_000  # above the largest charger standard (MCS, 3.75 MW)
# From a begin of 0 a step further than this is an odometer, not a charge, unless measured power explains it.
ODOMETER_WH: Final = Decimal(250_000)
CHARGER_W: Final = 400_000
SLACK_WH: Final = Decimal(2000)  # a step this small is never suspicious, whatever the clocks say
JITTER_WH: Final = Decimal(100)  # stop registers are often cut to coarser units than samples
_MODULI: Final = (*(Decimal(10) ** power for power in range(7, 13)), Decimal(2**31), Decimal(2**32))
_RANKS: Final = tuple(
    0 if context == ReadingContext.BEGIN else 2 if context == ReadingContext.END else 1 for context in ReadingContext
)
FINAL_RANK: Final = 3  # the stop's own register closes the series


def rank_of(context: int) -> int:
    """Order of readings of the same moment: begin, samples, end."""
    return _RANKS[context]


class MeterState(msgspec.Struct, omit_defaults=True):
    """Energy so far is banked_wh + last_wh - base_wh; `doubt_*` is a step not yet believed."""

    untimed: bool = False  # the times are not the station's own: steps are judged by their size alone
    at: datetime | None = None  # key of the newest reading folded
    rank: int = 0
    first_wh: Decimal | None = None
    second_wh: Decimal | None = None
    last_wh: Decimal | None = None
    last_at: datetime | None = None
    base_wh: Decimal = Decimal(0)
    banked_wh: Decimal = Decimal(0)
    doubt_wh: Decimal | None = None
    doubt_at: datetime | None = None
    moved_at: datetime | None = None  # the newest reading that shows energy flowing
    flags: list[str] = []
    power_w: float | None = None
    max_power_w: float | None = None
    soc_first_percent: float | None = None
    soc_percent: float | None = None

    def takes(self, at: datetime, rank: int) -> bool:
        """Whether a reading with this key continues the series."""
        return self.at is None or at > self.at or (at == self.at and rank > self.rank)

    def step(
        self, at: datetime, rank: int, register_wh: Decimal | None, power_w: float | None, soc_percent: float | None
    ) -> None:
        self.at = at
        self.rank = rank
        if power_w is not None and abs(power_w) <= LIMIT_W:
            self.power_w = power_w
            if power_w > 0:
                self.moved_at = at
            if self.max_power_w is None or power_w > self.max_power_w:
                self.max_power_w = power_w
        if soc_percent is not None:
            self.soc_percent = soc_percent
            if self.soc_first_percent is None:
                self.soc_first_percent = soc_percent
        if register_wh is not None:
            self._register(at, register_wh)

    def energy_wh(self) -> Decimal | None:
        """None until two readings are believed."""
        if self.last_wh is None or self.second_wh is None:
            return None
        return max(Decimal(0), self.banked_wh + self.last_wh - self.base_wh)

    def _register(self, at: datetime, value: Decimal) -> None:
        if self.last_wh is None or self.last_at is None:
            self.first_wh = self.base_wh = self.last_wh = value
            self.last_at = at
            return
        modulus = _rolled_over(self.last_wh, value, at, self.last_at)
        if modulus is not None:
            self.base_wh -= modulus
            self._flag(Flag.REGISTER_ROLLOVER)
        if modulus is not None or self._follows(value, at):
            if self.doubt_wh is not None:
                self._flag(doubt_flag(self.doubt_wh, self.last_wh))
            self._believe(at, value)
        elif self.doubt_wh is not None and self.doubt_at and _plausible(value - self.doubt_wh, at, self.doubt_at):
            self.banked_wh += self.last_wh - self.base_wh
            self.base_wh = self.doubt_wh
            self._flag(Flag.REGISTER_RESET)
            self._believe(at, value)
        else:
            if self.doubt_wh is not None:
                self._flag(doubt_flag(self.doubt_wh, self.last_wh))
            self.doubt_wh, self.doubt_at = value, at

    def _follows(self, value: Decimal, at: datetime) -> bool:
        assert self.last_wh is not None
        assert self.last_at is not None
        if self.untimed:
            return -JITTER_WH <= value - self.last_wh <= ODOMETER_WH
        if self.last_wh == 0 and self.second_wh is None and value > 0:
            hours = (at - self.last_at).total_seconds() / 3600
            if self.max_power_w is not None and float(value) <= 1.5 * self.max_power_w * hours + 1000:
                return True
            return value <= ODOMETER_WH and float(value) <= CHARGER_W * hours + 20_000
        return _plausible(value - self.last_wh, at, self.last_at)

    def _believe(self, at: datetime, value: Decimal) -> None:
        if self.second_wh is None:
            self.second_wh = value
        if self.last_wh is not None and value > self.last_wh:
            self.moved_at = at
        self.last_wh, self.last_at = value, at
        self.doubt_wh = self.doubt_at = None

    def _flag(self, flag: Flag) -> None:
        if flag not in self.flags:
            self.flags = [*self.flags, flag.value]


def doubt_flag(doubt_wh: Decimal, last_wh: Decimal) -> Flag:
    return Flag.ENERGY_BACKWARDS if doubt_wh < last_wh else Flag.ENERGY_IMPOSSIBLE


def _plausible(gain_wh: Decimal, at: datetime, since: datetime) -> bool:
    if gain_wh <= SLACK_WH:
        return gain_wh >= -JITTER_WH
    return float(gain_wh - SLACK_WH) <= LIMIT_W * (at - since).total_seconds() / 3600


def _rolled_over(last_wh: Decimal, value: Decimal, at: datetime, since: datetime) -> Decimal | None:
    """The register's size when going from `last_wh` to a smaller value is a plausible step through its end."""
    if value >= last_wh or value > last_wh / 10:
        return None
    for modulus in _MODULI:
        gain_wh = modulus - last_wh + value
        if 0 <= gain_wh <= modulus / 20 and _plausible(gain_wh, at, since):
            return modulus
    return None
