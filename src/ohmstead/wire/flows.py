"""Which unit a charging schedule speaks in."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final, Literal

import msgspec

from ohmstead.station.commands import ChargingProfile, ChargingSchedule, Flow, LimitFromCharge, ScheduleStep
from ohmstead.wire.refusals import CommandNotInDialect

type Unit = Literal["W", "A"]
_OF_UNIT: Final = frozenset({*Flow.__struct_fields__, "least_w", "least_a"})


def unit_of(schedule: ChargingSchedule) -> Unit:
    return common_unit((schedule, schedule.limit_from_charge, *schedule.steps))


def common_unit(parts: Iterable[msgspec.Struct | None]) -> Unit:
    """Raises CommandNotInDialect when watts and amperes are mixed: a schedule has one unit."""
    units: set[Unit] = set()
    for part in parts:
        for name in part.__struct_fields__ if part is not None else ():
            if name in _OF_UNIT and getattr(part, name) is not None:
                units.add("A" if name.endswith("_a") else "W")
    if len(units) > 1:
        raise CommandNotInDialect("A charging schedule speaks in watts or in amperes, not in both.")
    return units.pop() if units else "W"


def limit_of(part: Flow | LimitFromCharge) -> Decimal | None:
    return part.limit_a if part.limit_a is not None else part.limit_w


def least_of(schedule: ChargingSchedule) -> Decimal | None:
    return schedule.least_a if schedule.least_a is not None else schedule.least_w


def lacking(profile: Iterable[str], schedule: Iterable[str], step: Iterable[str]) -> frozenset[str]:
    """What a version cannot say of a command's `profile`, given the fields of each part that it knows."""
    parts = (
        ("profile", ChargingProfile, profile),
        ("profile.schedules", ChargingSchedule, schedule),
        ("profile.schedules.steps", ScheduleStep, step),
    )
    return frozenset(
        f"{path}.{name}" for path, part, known in parts for name in set(part.__struct_fields__).difference(known)
    )
