"""Charging profiles in the words of 1.6."""

from datetime import timedelta
from itertools import starmap

from ohmstead.simulator import smart
from ohmstead.simulator.profiles import ChargingProfile, Kind, Period, Purpose
from ohmstead.simulator.stamps import moment_of, stamp
from ohmstead.simulator.station import Station
from ohmstead.simulator.voice import Handler, Payload

PURPOSES = {
    "ChargePointMaxProfile": Purpose.STATION_MAX,
    "TxDefaultProfile": Purpose.TX_DEFAULT,
    "TxProfile": Purpose.TX,
}
RECURRENCE = {"Daily": timedelta(days=1), "Weekly": timedelta(days=7)}


def profile_of(evse: int, said: Payload) -> ChargingProfile:
    schedule = said["chargingSchedule"]
    transaction = said.get("transactionId")
    return ChargingProfile(
        profile_id=said["chargingProfileId"],
        evse=evse,
        stack_level=said["stackLevel"],
        purpose=PURPOSES[said["chargingProfilePurpose"]],
        kind=Kind(said["chargingProfileKind"].lower()),
        unit=schedule["chargingRateUnit"],
        periods=tuple(starmap(Period, _periods(schedule))),
        starts_at=moment_of(schedule.get("startSchedule")),
        duration_s=schedule.get("duration"),
        every=RECURRENCE.get(said.get("recurrencyKind", "")),
        valid_from=moment_of(said.get("validFrom")),
        valid_to=moment_of(said.get("validTo")),
        transaction_id=None if transaction is None else str(transaction),
        raw=said,
    )


def _periods(schedule: Payload) -> list[tuple[int, float, int | None]]:
    return [
        (period["startPeriod"], float(period["limit"]), period.get("numberPhases"))
        for period in schedule["chargingSchedulePeriod"]
    ]


def set_profile(station: Station, payload: Payload) -> Payload:
    refusal = smart.install(station, profile_of(payload["connectorId"], payload["csChargingProfiles"]))
    if refusal:
        station.note(f"profile refused: {refusal}")
    return {"status": "Rejected" if refusal else "Accepted"}


def clear_profile(station: Station, payload: Payload) -> Payload:
    profile_id, connector = payload.get("id"), payload.get("connectorId")
    purpose, level = payload.get("chargingProfilePurpose"), payload.get("stackLevel")

    def fits(held: ChargingProfile) -> bool:
        if profile_id is not None:
            return held.profile_id == profile_id
        return (
            connector in (None, held.evse)
            and (purpose is None or PURPOSES[purpose] is held.purpose)
            and level in (None, held.stack_level)
        )

    return {"status": "Accepted" if smart.clear(station, fits) else "Unknown"}


def composite_schedule(station: Station, payload: Payload) -> Payload:
    number = payload["connectorId"]
    evse = station.evse(number) if number else None
    if number and evse is None:
        return {"status": "Rejected"}
    unit = payload.get("chargingRateUnit", "W")
    periods = smart.schedule(station, evse, payload["duration"], unit)
    now = stamp(station.pace.now())
    return {
        "status": "Accepted",
        "connectorId": number,
        "scheduleStart": now,
        "chargingSchedule": {
            "duration": payload["duration"],
            "startSchedule": now,
            "chargingRateUnit": unit,
            "chargingSchedulePeriod": [{"startPeriod": p.start_s, "limit": p.limit} for p in periods],
        },
    }


SMART: dict[str, Handler] = {
    "SetChargingProfile": set_profile,
    "ClearChargingProfile": clear_profile,
    "GetCompositeSchedule": composite_schedule,
}
