"""What a session is charged for: end register - begin register of the same meter, never a sum of powers."""

from decimal import Decimal

import msgspec

from ohmstead.charging.rules.flags import Flag
from ohmstead.charging.rules.meter import MeterState, doubt_flag


class Energy(msgspec.Struct, frozen=True):
    """`energy_wh` None: no usable pair of readings."""

    energy_wh: Decimal | None
    start_register_wh: Decimal | None
    end_register_wh: Decimal | None
    flags: tuple[Flag, ...]


def energy_of(meter: MeterState) -> Energy:
    """Wh exactly as the meter counts; never more than the register moved."""
    flags = [Flag(flag) for flag in meter.flags]
    start_wh, end_wh = meter.first_wh, meter.last_wh
    if meter.first_wh == 0 and meter.banked_wh == 0 and meter.base_wh > 0:
        flags[flags.index(Flag.REGISTER_RESET)] = Flag.BEGIN_ZERO
        start_wh = meter.base_wh
    if meter.doubt_wh is not None and meter.last_wh is not None:
        if meter.first_wh == 0 and meter.second_wh is None:
            flags.append(Flag.BEGIN_ZERO)
            start_wh = end_wh = meter.doubt_wh
        else:
            flags.append(doubt_flag(meter.doubt_wh, meter.last_wh))
    return Energy(meter.energy_wh(), start_wh, end_wh, tuple(dict.fromkeys(flags)))
