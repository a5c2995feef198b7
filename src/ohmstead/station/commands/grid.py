"""How a station supports the grid with cars that can feed it (distributed energy resources)."""

from decimal import Decimal
from typing import Annotated, Literal

import msgspec

from ohmstead.station.commands.base import Command, Count, Moment, Part, RequestId, new_request_id

type GridControlKind = Literal[
    "enter_service", "fixed_pf_absorb", "fixed_pf_inject", "fixed_var", "freq_droop", "freq_watt", "gradients",
    "hf_may_trip", "hf_must_trip", "hv_may_trip", "hv_mom_cess", "hv_must_trip", "lf_must_trip",
    "limit_max_discharge", "lv_may_trip", "lv_mom_cess", "lv_must_trip", "power_monitoring_must_trip",
    "volt_var", "volt_watt", "watt_pf", "watt_var",
]  # fmt: skip
type GridUnit = Literal["effective_v", "max_var", "max_w", "none", "var_available", "w_available"]  # each in per cent


class CurvePoint(Part, frozen=True, kw_only=True):
    x: Decimal
    y: Decimal


class Hysteresis(Part, frozen=True, kw_only=True):
    high: Decimal | None = None
    low: Decimal | None = None
    delay_s: Decimal | None = None
    gradient_percent_per_s: Decimal | None = None


class VoltVarReference(Part, frozen=True, kw_only=True):
    reference_voltage_percent: Decimal | None = None
    adjusts_itself: bool | None = None
    time_constant_s: Decimal | None = None


class MeanVoltageTrip(Part, frozen=True, kw_only=True):
    """The voltage, averaged over ten minutes, beyond which the car must disconnect."""

    threshold: Decimal | None = None
    delay_s: Decimal | None = None
    ceases: Literal["active", "reactive"] | None = None


class GridCurve(Part, frozen=True, kw_only=True):
    points: Annotated[tuple[CurvePoint, ...], msgspec.Meta(min_length=1, max_length=10)]
    unit: GridUnit
    priority: Count = 0
    hysteresis: Hysteresis | None = None
    volt_var: VoltVarReference | None = None
    mean_voltage: MeanVoltageTrip | None = None
    response_time_s: Decimal | None = None
    starts_at: Moment | None = None
    duration_s: Decimal | None = None


class EnterService(Part, frozen=True, kw_only=True):
    """The window of voltage and frequency in which a car may feed the grid again."""

    high_voltage: Decimal
    low_voltage: Decimal
    high_frequency_hz: Decimal
    low_frequency_hz: Decimal
    priority: Count = 0
    delay_s: Decimal | None = None
    random_delay_s: Decimal | None = None
    ramp_s: Decimal | None = None


class FixedPowerFactor(Part, frozen=True, kw_only=True):
    """cos phi between 0 and 1; absorbing reactive power when under-excited."""

    cos_phi: Decimal
    absorbs: bool
    priority: Count = 0
    starts_at: Moment | None = None
    duration_s: Decimal | None = None


class FixedVar(Part, frozen=True, kw_only=True):
    setpoint_percent: Decimal
    unit: GridUnit
    priority: Count = 0
    starts_at: Moment | None = None
    duration_s: Decimal | None = None


class FrequencyDroop(Part, frozen=True, kw_only=True):
    over_frequency_hz: Decimal
    under_frequency_hz: Decimal
    over_droop: Decimal
    under_droop: Decimal
    response_time_s: Decimal
    priority: Count = 0
    starts_at: Moment | None = None
    duration_s: Decimal | None = None


class Ramp(Part, frozen=True, kw_only=True):
    ramp_s: Decimal
    soft_start_s: Decimal
    priority: Count = 0


class DischargeLimit(Part, frozen=True, kw_only=True):
    priority: Count = 0
    limit_percent: Decimal | None = None
    monitoring: GridCurve | None = None
    starts_at: Moment | None = None
    duration_s: Decimal | None = None


class SetGridControl(Command, frozen=True, kw_only=True):
    """Set how cars behave towards the grid, as a default or for a time. OCPP: SetDERControl."""

    control_id: str
    kind: GridControlKind
    is_default: bool = False
    curve: GridCurve | None = None
    enter_service: EnterService | None = None
    power_factor_absorbed: FixedPowerFactor | None = None
    power_factor_injected: FixedPowerFactor | None = None
    fixed_var: FixedVar | None = None
    frequency_droop: FrequencyDroop | None = None
    ramp: Ramp | None = None
    discharge_limit: DischargeLimit | None = None


class GetGridControls(Command, frozen=True, kw_only=True):
    """Ask for a report of the grid controls that are set. OCPP: GetDERControl."""

    is_default: bool | None = None
    kind: GridControlKind | None = None
    control_id: str | None = None
    request_id: RequestId = msgspec.field(default_factory=new_request_id)


class ClearGridControls(Command, frozen=True, kw_only=True):
    """Remove grid controls, the defaults or the scheduled ones. OCPP: ClearDERControl."""

    is_default: bool
    kind: GridControlKind | None = None
    control_id: str | None = None
