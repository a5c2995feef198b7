"""How much power flows when: charging profiles, composite schedules, dynamic limits.

A schedule speaks in watts or in amperes per phase, never in both. Discharge limits are zero or negative.
"""

from decimal import Decimal
from typing import Annotated, Literal

import msgspec

from ohmstead.station.commands.base import Command, Count, Moment, Part, RequestId, new_request_id

type ProfilePurpose = Literal[
    "external_constraints", "local_generation", "priority", "session", "session_default", "station_max"
]
type Phases = Annotated[int, msgspec.Meta(ge=0, le=3)]


class Flow(Part, frozen=True, kw_only=True):
    """Limits and set points; one without a phase in its name is the total or that of the first phase."""

    limit_w: Decimal | None = None
    limit_l2_w: Decimal | None = None
    limit_l3_w: Decimal | None = None
    limit_a: Decimal | None = None
    limit_l2_a: Decimal | None = None
    limit_l3_a: Decimal | None = None
    discharge_limit_w: Decimal | None = None
    discharge_limit_l2_w: Decimal | None = None
    discharge_limit_l3_w: Decimal | None = None
    setpoint_w: Decimal | None = None
    setpoint_l2_w: Decimal | None = None
    setpoint_l3_w: Decimal | None = None
    setpoint_reactive_var: Decimal | None = None
    setpoint_reactive_l2_var: Decimal | None = None
    setpoint_reactive_l3_var: Decimal | None = None


class FrequencyPoint(Part, frozen=True, kw_only=True):
    frequency_hz: Decimal
    power_w: Decimal


class SignalPoint(Part, frozen=True, kw_only=True):
    signal: int
    power_w: Decimal


class ScheduleStep(Flow, frozen=True, kw_only=True):
    starts_after_s: Count
    phases: Phases | None = None
    phase: Phases | None = None
    precondition: bool | None = None
    sleep: bool | None = None
    baseline_w: Decimal | None = None
    operation: (
        Literal[
            "central_frequency", "central_setpoint", "charging_only", "external_limits", "external_setpoint",
            "idle", "local_frequency", "local_load_balancing",
        ]
        | None
    ) = None  # fmt: skip
    frequency_curve: tuple[FrequencyPoint, ...] = ()
    signal_curve: tuple[SignalPoint, ...] = ()


class LimitFromCharge(Part, frozen=True, kw_only=True):
    """A limit that holds beyond a state of charge, in the unit of the schedule."""

    state_of_charge_percent: Annotated[int, msgspec.Meta(ge=0, le=100)]
    limit_w: Decimal | None = None
    limit_a: Decimal | None = None


class ChargingSchedule(Part, frozen=True, kw_only=True):
    steps: Annotated[tuple[ScheduleStep, ...], msgspec.Meta(min_length=1, max_length=1024)]
    schedule_id: Count = 1
    starts_at: Moment | None = None
    duration_s: Count | None = None
    least_w: Decimal | None = None
    least_a: Decimal | None = None
    tolerance_w: Decimal | None = None
    limit_from_charge: LimitFromCharge | None = None
    in_local_time: bool | None = None
    spread_start_s: Count | None = None


class ChargingProfile(Part, frozen=True, kw_only=True):
    profile_id: int
    purpose: ProfilePurpose
    schedules: Annotated[tuple[ChargingSchedule, ...], msgspec.Meta(min_length=1, max_length=3)]
    kind: Literal["absolute", "dynamic", "recurring", "relative"] = "absolute"
    stack_level: Count = 0
    repeats: Literal["daily", "weekly"] | None = None
    valid_from: Moment | None = None
    valid_to: Moment | None = None
    transaction_id: str | None = None
    longest_offline_s: Count | None = None
    ends_when_offline: bool | None = None
    update_interval_s: Count | None = None
    updated_at: Moment | None = None


class SetChargingProfile(Command, frozen=True, kw_only=True):
    """Limit or steer the power of an outlet or of the whole station. OCPP: SetChargingProfile."""

    profile: ChargingProfile
    evse: Count | None = None


class ClearChargingProfiles(Command, frozen=True, kw_only=True):
    """Remove one charging profile, or all that match. OCPP: ClearChargingProfile."""

    profile_id: int | None = None
    evse: Count | None = None
    purpose: ProfilePurpose | None = None
    stack_level: Count | None = None


class GetChargingProfiles(Command, frozen=True, kw_only=True):
    """Ask for a report of the charging profiles that are set. OCPP: GetChargingProfiles."""

    evse: Count | None = None
    profile_ids: tuple[int, ...] = ()
    purpose: ProfilePurpose | None = None
    stack_level: Count | None = None
    sources: tuple[Literal["CSO", "EMS", "Other", "SO"], ...] = ()
    request_id: RequestId = msgspec.field(default_factory=new_request_id)


class GetCompositeSchedule(Command, frozen=True, kw_only=True):
    """Ask what limit holds over the next time, all profiles taken together. OCPP: GetCompositeSchedule."""

    duration_s: Count
    evse: Count | None = None
    unit: Literal["A", "W"] | None = None


class UpdateDynamicSchedule(Command, frozen=True, kw_only=True):
    """Move the limits or set points of a dynamic charging profile at once. OCPP: UpdateDynamicSchedule."""

    profile_id: int
    flow: Flow


class SendFrequencySignal(Command, frozen=True, kw_only=True):
    """Pass on a signal of the grid's automatic frequency restoration. OCPP: AFRRSignal."""

    at: Moment
    signal: int
