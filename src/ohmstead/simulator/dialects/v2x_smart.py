"""Charging profiles in the words of 2.0.1 and 2.1."""

from collections import defaultdict
from datetime import timedelta

from ohmstead.simulator import smart
from ohmstead.simulator.profiles import ChargingProfile, Kind, Period, Purpose
from ohmstead.simulator.stamps import moment_of, stamp
from ohmstead.simulator.station import Station
from ohmstead.simulator.voice import Handler, Payload

PURPOSES = {
    "ChargingStationExternalConstraints": Purpose.EXTERNAL,
    "ChargingStationMaxProfile": Purpose.STATION_MAX,
    "TxDefaultProfile": Purpose.TX_DEFAULT,
    "TxProfile": Purpose.TX,
    "PriorityCharging": Purpose.PRIORITY,
    "LocalGeneration": Purpose.LOCAL,
}
KINDS = {"Absolute": Kind.ABSOLUTE, "Recurring": Kind.RECURRING, "Relative": Kind.RELATIVE, "Dynamic": Kind.ABSOLUTE}
RECURRENCE = {"Daily": timedelta(days=1), "Weekly": timedelta(days=7)}


def profile_of(evse: int, said: Payload) -> ChargingProfile:
    """Of up to three schedules (for 15118 cars to choose from) the first is followed."""
    schedule = said["chargingSchedule"][0]
    return ChargingProfile(
        profile_id=said["id"],
        evse=evse,
        stack_level=said["stackLevel"],
        purpose=PURPOSES[said["chargingProfilePurpose"]],
        kind=KINDS[said["chargingProfileKind"]],
        unit=schedule["chargingRateUnit"],
        periods=tuple(
            Period(period["startPeriod"], float(period["limit"]), period.get("numberPhases"))
            for period in schedule["chargingSchedulePeriod"]
            if "limit" in period  # 2.1 allows a period with a setpoint only
        ),
        starts_at=moment_of(schedule.get("startSchedule")),
        duration_s=schedule.get("duration"),
        every=RECURRENCE.get(said.get("recurrencyKind", "")),
        valid_from=moment_of(said.get("validFrom")),
        valid_to=moment_of(said.get("validTo")),
        transaction_id=said.get("transactionId"),
        raw=said,
    )


def set_profile(station: Station, payload: Payload) -> Payload:
    profile = profile_of(payload["evseId"], payload["chargingProfile"])
    if profile.purpose is Purpose.EXTERNAL:  # K01.FR.22: those come from an energy manager, not from the network
        return {"status": "Rejected", "statusInfo": {"reasonCode": "InvalidProfile"}}
    refusal = smart.install(station, profile)
    if refusal:
        info = {"reasonCode": "InvalidProfile", "additionalInfo": refusal}
        return {"status": "Rejected", "statusInfo": info}
    return {"status": "Accepted"}


def clear_profile(station: Station, payload: Payload) -> Payload:
    wanted = payload.get("chargingProfileId")
    criteria = payload.get("chargingProfileCriteria", {})

    def fits(held: ChargingProfile) -> bool:
        if held.purpose is Purpose.EXTERNAL:
            return False
        return held.profile_id == wanted if wanted is not None else _fits(held, criteria)

    return {"status": "Accepted" if smart.clear(station, fits) else "Unknown"}


def _fits(held: ChargingProfile, criteria: Payload) -> bool:
    purpose = criteria.get("chargingProfilePurpose")
    return (
        criteria.get("evseId") in (None, held.evse)
        and (purpose is None or PURPOSES[purpose] is held.purpose)
        and criteria.get("stackLevel") in (None, held.stack_level)
    )


def get_profiles(station: Station, payload: Payload) -> Payload:
    asked = payload["chargingProfile"]
    ids = asked.get("chargingProfileId")
    evse = payload.get("evseId")
    by_evse: dict[int, list[Payload]] = defaultdict(list)
    for held in station.profiles:
        chosen = held.profile_id in ids if ids else _fits(held, asked)
        if chosen and evse in (None, held.evse) and held.raw:
            by_evse[held.evse].append(held.raw)
    if not by_evse:
        return {"status": "NoProfiles"}
    station.soon(lambda: _report(station, payload["requestId"], by_evse))
    return {"status": "Accepted"}


def _report(station: Station, request_id: int, by_evse: dict[int, list[Payload]]) -> None:
    left = len(by_evse)
    for evse, profiles in by_evse.items():
        left -= 1
        said = {
            "requestId": request_id,
            "chargingLimitSource": "CSO",
            "evseId": evse,
            "chargingProfile": profiles,
            "tbc": left > 0,
        }
        station.say_payload("ReportChargingProfiles", said)


def composite_schedule(station: Station, payload: Payload) -> Payload:
    number = payload["evseId"]
    evse = station.evse(number) if number else None
    if number and evse is None:
        return {"status": "Rejected"}
    unit = payload.get("chargingRateUnit", "W")
    periods = smart.schedule(station, evse, payload["duration"], unit)
    return {
        "status": "Accepted",
        "schedule": {
            "evseId": number,
            "duration": payload["duration"],
            "scheduleStart": stamp(station.pace.now()),
            "chargingRateUnit": unit,
            "chargingSchedulePeriod": [{"startPeriod": p.start_s, "limit": p.limit} for p in periods],
        },
    }


SMART: dict[str, Handler] = {
    "SetChargingProfile": set_profile,
    "ClearChargingProfile": clear_profile,
    "GetChargingProfiles": get_profiles,
    "GetCompositeSchedule": composite_schedule,
}
