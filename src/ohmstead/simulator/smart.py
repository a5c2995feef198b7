"""The charging profiles a station holds: taking one in, clearing, reporting."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from ohmstead.simulator import sessions
from ohmstead.simulator.evse import Evse
from ohmstead.simulator.profiles import (
    MAINS_V,
    ChargingProfile,
    Period,
    Purpose,
    Situation,
    composite,
    replaces,
)

if TYPE_CHECKING:
    from ohmstead.simulator.station import Station


def install(station: "Station", profile: ChargingProfile) -> str | None:
    """Take a profile in; a sentence when it cannot be followed, None when it is."""
    settings = station.settings
    if profile.stack_level > settings.number("stack"):
        return f"The highest stack level here is {settings.number('stack')}."
    if len(profile.periods) > settings.number("periods"):
        return f"A schedule may have {settings.number('periods')} periods here."
    if profile.evse > len(station.evses):
        return f"There is no EVSE {profile.evse}."
    if profile.purpose is Purpose.STATION_MAX and profile.evse:
        return "A maximum of the whole station belongs to EVSE 0."
    if profile.purpose is Purpose.TX and not _has_session(station, profile):
        return "There is no such transaction."
    kept = [held for held in station.profiles if not replaces(profile, held)]
    if len(kept) >= settings.number("profiles"):
        return "No room for another profile."
    station.profiles = [*kept, profile]
    station.soon(lambda: apply(station))
    return None


def clear(station: "Station", fits: Callable[[ChargingProfile], bool]) -> bool:
    kept = [profile for profile in station.profiles if not fits(profile)]
    cleared = len(kept) < len(station.profiles)
    station.profiles = kept
    station.soon(lambda: apply(station))
    return cleared


def apply(station: "Station") -> None:
    """Let running sessions feel new limits at once, not at the next step."""
    for evse in station.evses:
        if evse.session:
            sessions.flow(station, evse, 0.0)


def schedule(station: "Station", evse: Evse | None, duration_s: int, unit: str) -> list[Period]:
    """The composite schedule of an EVSE, or of the whole station, in "W" or in "A" per phase."""
    outlet = (evse or station.evses[0]).outlet
    began_at = evse.session.began_at if evse and evse.session else None
    where = Situation(evse.number if evse else 0, outlet.phases, began_at)
    hardware_w = evse.outlet.power_w if evse else sum(each.outlet.power_w for each in station.evses)
    periods = composite(station.profiles, station.pace.now(), duration_s, where, hardware_w)
    if unit == "W":
        return [Period(p.start_s, round(p.limit, 1)) for p in periods]
    return [Period(p.start_s, round(p.limit / (MAINS_V * outlet.phases), 1)) for p in periods]


def _has_session(station: "Station", profile: ChargingProfile) -> bool:
    evse = station.evse(profile.evse)
    session = evse.session if evse else None
    if not session or session.ended_by:
        return False
    return profile.transaction_id in (None, session.key, str(session.transaction_id))
