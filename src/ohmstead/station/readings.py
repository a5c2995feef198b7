"""One moment of a meter."""

from datetime import datetime
from decimal import Decimal
from enum import IntEnum
from typing import Any

import msgspec


class ReadingContext(IntEnum):
    OTHER = 0
    BEGIN = 1  # Transaction.Begin
    PERIODIC = 2  # Sample.Periodic
    CLOCK = 3  # Sample.Clock
    TRIGGER = 4
    INTERRUPTION_BEGIN = 5
    INTERRUPTION_END = 6
    END = 7  # Transaction.End


class Reading(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """All values a meter gave for one time, in our units; None is 'not said'.

    Registers are the meter's own counters (OCPP Energy.Active.*.Register at the outlet, all phases).
    `more` keeps every other value as sent, keyed "Measurand[/phase][@location]".
    `signed` keeps signed meter data byte-exact, as text.
    """

    at: datetime
    context: ReadingContext = ReadingContext.PERIODIC
    register_wh: Decimal | None = None
    export_register_wh: Decimal | None = None
    power_w: float | None = None
    offered_power_w: float | None = None
    current_l1_a: float | None = None
    current_l2_a: float | None = None
    current_l3_a: float | None = None
    voltage_l1_v: float | None = None
    voltage_l2_v: float | None = None
    voltage_l3_v: float | None = None
    soc_percent: float | None = None
    temperature_c: float | None = None
    frequency_hz: float | None = None
    more: dict[str, Any] | None = None
    signed: tuple[str, ...] = ()
