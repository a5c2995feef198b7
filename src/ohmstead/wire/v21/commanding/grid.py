"""OCPP 2.1: how cars behave towards the grid."""

from typing import Any, Final

from ohmstead.station import commands as c
from ohmstead.wire.saying import Sayings, made, said, spelt
from ohmstead.wire.v21 import messages as m

_UNITS: Final = {
    "effective_v": "PctEffectiveV",
    "max_var": "PctMaxVar",
    "max_w": "PctMaxW",
    "none": "Not_Applicable",
    "var_available": "PctVarAvail",
    "w_available": "PctWAvail",
}


def _kind(kind: str | None) -> str | None:
    """Two-letter parts are abbreviations: PF, HF, HV, LF, LV."""
    if kind is None:
        return None
    return "".join(part.upper() if len(part) == 2 else part.capitalize() for part in kind.split("_"))


def set_control(command: c.SetGridControl) -> m.Message:
    return made(
        m.SetDERControlRequest,
        is_default=command.is_default,
        control_id=command.control_id,
        control_type=_kind(command.kind),
        curve=_curve(command.curve),
        enter_service=_enter_service(command.enter_service),
        fixed_pfabsorb=_power_factor(command.power_factor_absorbed),
        fixed_pfinject=_power_factor(command.power_factor_injected),
        fixed_var=_fixed_var(command.fixed_var),
        freq_droop=_droop(command.frequency_droop),
        gradient=_gradient(command.ramp),
        limit_max_discharge=_discharge(command.discharge_limit),
    )


def _scheduled(part: Any) -> dict[str, Any]:
    return {"priority": part.priority, "start_time": part.starts_at, "duration": part.duration_s}


def _curve(curve: c.GridCurve | None) -> m.DERCurve | None:
    if curve is None:
        return None
    return made(
        m.DERCurve,
        curve_data=tuple(made(m.DERCurvePoints, x=point.x, y=point.y) for point in curve.points),
        y_unit=_UNITS[curve.unit],
        hysteresis=_hysteresis(curve.hysteresis),
        reactive_power_params=_reference(curve.volt_var),
        voltage_params=_mean_voltage(curve.mean_voltage),
        response_time=curve.response_time_s,
        **_scheduled(curve),
    )


def _hysteresis(hysteresis: c.Hysteresis | None) -> m.Hysteresis | None:
    if hysteresis is None:
        return None
    return made(
        m.Hysteresis,
        hysteresis_high=hysteresis.high,
        hysteresis_low=hysteresis.low,
        hysteresis_delay=hysteresis.delay_s,
        hysteresis_gradient=hysteresis.gradient_percent_per_s,
    )


def _reference(reference: c.VoltVarReference | None) -> m.ReactivePowerParams | None:
    if reference is None:
        return None
    return made(
        m.ReactivePowerParams,
        v_ref=reference.reference_voltage_percent,
        autonomous_vref_enable=reference.adjusts_itself,
        autonomous_vref_time_constant=reference.time_constant_s,
    )


def _mean_voltage(trip: c.MeanVoltageTrip | None) -> m.VoltageParams | None:
    if trip is None:
        return None
    return made(
        m.VoltageParams,
        hv10_min_mean_value=trip.threshold,
        hv10_min_mean_trip_delay=trip.delay_s,
        power_during_cessation=spelt(trip.ceases),
    )


def _enter_service(service: c.EnterService | None) -> m.EnterService | None:
    if service is None:
        return None
    return made(
        m.EnterService,
        priority=service.priority,
        high_voltage=service.high_voltage,
        low_voltage=service.low_voltage,
        high_freq=service.high_frequency_hz,
        low_freq=service.low_frequency_hz,
        delay=service.delay_s,
        random_delay=service.random_delay_s,
        ramp_rate=service.ramp_s,
    )


def _power_factor(factor: c.FixedPowerFactor | None) -> m.FixedPF | None:
    if factor is None:
        return None
    return made(m.FixedPF, displacement=factor.cos_phi, excitation=factor.absorbs, **_scheduled(factor))


def _fixed_var(fixed: c.FixedVar | None) -> m.FixedVar | None:
    if fixed is None:
        return None
    return made(m.FixedVar, setpoint=fixed.setpoint_percent, unit=_UNITS[fixed.unit], **_scheduled(fixed))


def _droop(droop: c.FrequencyDroop | None) -> m.FreqDroop | None:
    if droop is None:
        return None
    return made(
        m.FreqDroop,
        over_freq=droop.over_frequency_hz,
        under_freq=droop.under_frequency_hz,
        over_droop=droop.over_droop,
        under_droop=droop.under_droop,
        response_time=droop.response_time_s,
        **_scheduled(droop),
    )


def _gradient(ramp: c.Ramp | None) -> m.Gradient | None:
    if ramp is None:
        return None
    return made(m.Gradient, priority=ramp.priority, gradient=ramp.ramp_s, soft_gradient=ramp.soft_start_s)


def _discharge(limit: c.DischargeLimit | None) -> m.LimitMaxDischarge | None:
    if limit is None:
        return None
    return made(
        m.LimitMaxDischarge,
        pct_max_discharge_power=limit.limit_percent,
        power_monitoring_must_trip=_curve(limit.monitoring),
        **_scheduled(limit),
    )


def controls(command: c.GetGridControls) -> m.Message:
    return made(
        m.GetDERControlRequest,
        request_id=command.request_id,
        is_default=command.is_default,
        control_type=_kind(command.kind),
        control_id=command.control_id,
    )


def clear(command: c.ClearGridControls) -> m.Message:
    return made(
        m.ClearDERControlRequest,
        is_default=command.is_default,
        control_type=_kind(command.kind),
        control_id=command.control_id,
    )


SAYINGS: Final[Sayings] = {
    c.SetGridControl: said(set_control, "SetDERControl"),
    c.GetGridControls: said(controls, "GetDERControl"),
    c.ClearGridControls: said(clear, "ClearDERControl"),
}
