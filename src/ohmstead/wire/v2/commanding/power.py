"""OCPP 2.x: charging profiles and what follows from them."""

from typing import Any, Final

from ohmstead.station import commands as c
from ohmstead.wire.flows import least_of, limit_of, unit_of
from ohmstead.wire.saying import Sayings, made, number, said, spelt

PURPOSES: Final = {
    None: None,
    "external_constraints": "ChargingStationExternalConstraints",
    "local_generation": "LocalGeneration",
    "priority": "PriorityCharging",
    "session": "TxProfile",
    "session_default": "TxDefaultProfile",
    "station_max": "ChargingStationMaxProfile",
}


def profile_of(m: Any, profile: c.ChargingProfile) -> Any:
    return made(
        m.ChargingProfile,
        id=profile.profile_id,
        stack_level=profile.stack_level,
        charging_profile_purpose=PURPOSES[profile.purpose],
        charging_profile_kind=spelt(profile.kind),
        charging_schedule=tuple(_schedule(m, each) for each in profile.schedules),
        recurrency_kind=spelt(profile.repeats),
        valid_from=profile.valid_from,
        valid_to=profile.valid_to,
        transaction_id=profile.transaction_id,
        max_offline_duration=profile.longest_offline_s,
        invalid_after_offline_duration=profile.ends_when_offline,
        dyn_update_interval=profile.update_interval_s,
        dyn_update_time=profile.updated_at,
    )


def _schedule(m: Any, schedule: c.ChargingSchedule) -> Any:
    beyond = schedule.limit_from_charge
    return made(
        m.ChargingSchedule,
        id=schedule.schedule_id,
        charging_rate_unit=unit_of(schedule),
        charging_schedule_period=tuple(_step(m, each) for each in schedule.steps),
        start_schedule=schedule.starts_at,
        duration=schedule.duration_s,
        min_charging_rate=least_of(schedule),
        power_tolerance=schedule.tolerance_w,
        limit_at_so_c=_beyond(m, beyond) if beyond else None,
        use_local_time=schedule.in_local_time,
        randomized_delay=schedule.spread_start_s,
    )


def _beyond(m: Any, beyond: c.LimitFromCharge) -> Any:
    struct = getattr(m, "LimitAtSoC", None)  # since 2.1; made() of the schedule refuses anything here before
    return made(struct, soc=beyond.state_of_charge_percent, limit=limit_of(beyond)) if struct else beyond


def _step(m: Any, step: c.ScheduleStep) -> Any:
    return made(
        m.ChargingSchedulePeriod,
        start_period=step.starts_after_s,
        number_phases=step.phases,
        phase_to_use=step.phase,
        preconditioning_request=step.precondition,
        evse_sleep=step.sleep,
        v2x_baseline=step.baseline_w,
        operation_mode=spelt(step.operation),
        v2x_freq_watt_curve=tuple(
            m.V2XFreqWattPoint(frequency=number(each.frequency_hz), power=number(each.power_w))
            for each in step.frequency_curve
        )
        if hasattr(m, "V2XFreqWattPoint")
        else step.frequency_curve,
        v2x_signal_watt_curve=tuple(
            m.V2XSignalWattPoint(signal=each.signal, power=number(each.power_w)) for each in step.signal_curve
        )
        if hasattr(m, "V2XSignalWattPoint")
        else step.signal_curve,
        **flow_of(step),
    )


def flow_of(flow: c.Flow) -> dict[str, Any]:
    """In the unit of the schedule."""
    return {
        "limit": limit_of(flow),
        "limit_l2": flow.limit_l2_a if flow.limit_l2_a is not None else flow.limit_l2_w,
        "limit_l3": flow.limit_l3_a if flow.limit_l3_a is not None else flow.limit_l3_w,
        "discharge_limit": flow.discharge_limit_w,
        "discharge_limit_l2": flow.discharge_limit_l2_w,
        "discharge_limit_l3": flow.discharge_limit_l3_w,
        "setpoint": flow.setpoint_w,
        "setpoint_l2": flow.setpoint_l2_w,
        "setpoint_l3": flow.setpoint_l3_w,
        "setpoint_reactive": flow.setpoint_reactive_var,
        "setpoint_reactive_l2": flow.setpoint_reactive_l2_var,
        "setpoint_reactive_l3": flow.setpoint_reactive_l3_var,
    }


def set_profile(m: Any, command: c.SetChargingProfile) -> Any:
    return m.SetChargingProfileRequest(evse_id=command.evse or 0, charging_profile=profile_of(m, command.profile))


def clear_profiles(m: Any, command: c.ClearChargingProfiles) -> Any:
    criteria = made(
        m.ClearChargingProfile,
        evse_id=command.evse,
        charging_profile_purpose=PURPOSES[command.purpose],
        stack_level=command.stack_level,
    )
    return m.ClearChargingProfileRequest(
        charging_profile_id=command.profile_id,
        charging_profile_criteria=criteria if criteria != m.ClearChargingProfile() else None,
    )


def profiles(m: Any, command: c.GetChargingProfiles) -> Any:
    criterion = made(
        m.ChargingProfileCriterion,
        charging_profile_purpose=PURPOSES[command.purpose],
        stack_level=command.stack_level,
        charging_profile_id=command.profile_ids,
        charging_limit_source=command.sources,
    )
    return m.GetChargingProfilesRequest(request_id=command.request_id, charging_profile=criterion, evse_id=command.evse)


def composite(m: Any, command: c.GetCompositeSchedule) -> Any:
    return m.GetCompositeScheduleRequest(
        duration=command.duration_s, evse_id=command.evse or 0, charging_rate_unit=command.unit
    )


SAYINGS: Final[Sayings] = {
    c.SetChargingProfile: said(set_profile, "SetChargingProfile"),
    c.ClearChargingProfiles: said(clear_profiles, "ClearChargingProfile"),
    c.GetChargingProfiles: said(profiles, "GetChargingProfiles"),
    c.GetCompositeSchedule: said(composite, "GetCompositeSchedule"),
}
