"""OCPP 1.6: charging profiles."""

from decimal import ROUND_DOWN, ROUND_UP, Decimal, InvalidOperation
from typing import Final

from ohmstead.station import commands as c
from ohmstead.wire.flows import lacking, least_of, limit_of, unit_of
from ohmstead.wire.refusals import CommandNotInDialect
from ohmstead.wire.saying import Sayings, made, number, said, spelt
from ohmstead.wire.v16 import messages as m
from ohmstead.wire.v16.transactions import transaction_number

_PURPOSES: Final = {
    "session": "TxProfile",
    "session_default": "TxDefaultProfile",
    "station_max": "ChargePointMaxProfile",
}
_TENTH: Final = Decimal("0.1")  # ChargingSchedulePeriod.limit: at most one digit after the point
_OF_PROFILE: Final = frozenset(
    {
        "profile_id", "purpose", "schedules", "kind", "stack_level", "repeats", "valid_from", "valid_to",
        "transaction_id",
    }
)  # fmt: skip
_OF_SCHEDULE: Final = frozenset({"steps", "starts_at", "duration_s", "least_w", "least_a"})
_OF_STEP: Final = frozenset({"starts_after_s", "limit_w", "limit_a", "phases"})
_NUMBER: Final = "schedule_id"  # says nothing where a profile has one schedule
LACKS: Final = lacking(_OF_PROFILE, _OF_SCHEDULE, _OF_STEP)


def profile_of(profile: c.ChargingProfile) -> m.ChargingProfile:
    if len(profile.schedules) != 1:
        raise CommandNotInDialect("An OCPP 1.6 charging profile has one schedule.")
    _refuse_unknown(profile, _OF_PROFILE)
    number = transaction_number(profile.transaction_id) if profile.transaction_id is not None else None
    return made(
        m.ChargingProfile,
        charging_profile_id=profile.profile_id,
        transaction_id=number,
        stack_level=profile.stack_level,
        charging_profile_purpose=_purpose(profile.purpose),
        charging_profile_kind=spelt(profile.kind),
        recurrency_kind=spelt(profile.repeats),
        valid_from=profile.valid_from,
        valid_to=profile.valid_to,
        charging_schedule=_schedule(profile.schedules[0]),
    )


def _purpose(purpose: str) -> str:
    if purpose not in _PURPOSES:
        raise CommandNotInDialect(f"OCPP 1.6 has no charging profiles for {purpose.replace('_', ' ')}.")
    return _PURPOSES[purpose]


def _schedule(schedule: c.ChargingSchedule) -> m.ChargingSchedule:
    """A limit is rounded down, the least rate of a car up."""
    _refuse_unknown(schedule, _OF_SCHEDULE | {_NUMBER})
    return made(
        m.ChargingSchedule,
        charging_rate_unit=unit_of(schedule),
        charging_schedule_period=tuple(_step(each) for each in schedule.steps),
        duration=schedule.duration_s,
        start_schedule=schedule.starts_at,
        min_charging_rate=_rounded(least_of(schedule), ROUND_UP),
    )


def _step(step: c.ScheduleStep) -> m.ChargingSchedulePeriod:
    _refuse_unknown(step, _OF_STEP)
    return made(
        m.ChargingSchedulePeriod,
        start_period=step.starts_after_s,
        limit=_rounded(limit_of(step), ROUND_DOWN),
        number_phases=step.phases,
    )


def _rounded(value: Decimal | None, rounding: str) -> Decimal | None:
    if value is None:
        return None
    number(value)
    try:
        return value.quantize(_TENTH, rounding)
    except InvalidOperation:  # more digits than decimals have here
        raise CommandNotInDialect(f"{value} is no limit of a station.") from None


def _refuse_unknown(part: c.Part, known: frozenset[str]) -> None:
    names = [name for name in part.__struct_fields__ if name not in known and getattr(part, name) not in (None, ())]
    if names:
        raise CommandNotInDialect(f"OCPP 1.6 has no room for {', '.join(names)} in a charging profile.")


def set_profile(command: c.SetChargingProfile) -> m.Message:
    return m.SetChargingProfileRequest(connector_id=command.evse or 0, cs_charging_profiles=profile_of(command.profile))


def clear_profiles(command: c.ClearChargingProfiles) -> m.Message:
    return made(
        m.ClearChargingProfileRequest,
        id=command.profile_id,
        connector_id=command.evse,
        charging_profile_purpose=_purpose(command.purpose) if command.purpose else None,
        stack_level=command.stack_level,
    )


def composite(command: c.GetCompositeSchedule) -> m.Message:
    return m.GetCompositeScheduleRequest(
        connector_id=command.evse or 0, duration=command.duration_s, charging_rate_unit=command.unit
    )


SAYINGS: Final[Sayings] = {
    c.SetChargingProfile: said(set_profile, "SetChargingProfile", without=LACKS),
    c.ClearChargingProfiles: said(clear_profiles, "ClearChargingProfile"),
    c.GetCompositeSchedule: said(composite, "GetCompositeSchedule"),
}
