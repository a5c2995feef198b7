"""Facts and surroundings -> the session as people see it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

import msgspec

from ohmstead.charging.rules.closing import Ending, Surroundings, ending
from ohmstead.charging.rules.energy import Energy, energy_of
from ohmstead.charging.rules.facts import SessionFacts
from ohmstead.charging.rules.flags import Flag
from ohmstead.charging.rules.sequence import has_gap
from ohmstead.charging.rules.suspended import suspension

SHORT: Final = timedelta(minutes=1)
AFTER_END: Final = timedelta(minutes=1)  # stations send their last readings a moment after the stop
BEFORE_END: Final = timedelta(minutes=1)  # or take them a moment before


class SessionView(msgspec.Struct, frozen=True):
    state: str  # charging.models.SessionState
    evse: int | None
    connector: int | None
    token_uid: str
    verdict: str
    started_at: datetime
    start_heard: bool
    ended_at: datetime | None
    stop_heard: bool
    open_until: datetime | None
    last_event_at: datetime
    start_register_wh: Decimal | None
    end_register_wh: Decimal | None
    energy_wh: Decimal
    power_w: float | None
    max_power_w: float | None
    soc_start_percent: float | None
    soc_percent: float | None
    suspended_car_s: int
    suspended_station_s: int
    charging_state: str
    stop_reason: str
    remote_start_id: int | None
    flags: list[str]


def fold(facts: SessionFacts, around: Surroundings, marks: Sequence[tuple[datetime, str]]) -> SessionView:
    """`facts.meter` must be folded over the readings inside the session; `marks` are in time order."""
    start, own_end, token, meter = facts.start, facts.end, facts.token, facts.meter
    started_at = facts.started_at()
    last_at = max(at for at in (facts.last_at, around.charging_at, meter.moved_at) if at is not None)
    end = ending(own_end, around, last_at)
    ended_at = max(end.at, started_at) if end is not None else None
    energy = energy_of(meter)
    energy_wh = energy.energy_wh or Decimal(0)
    held = suspension(marks, started_at, ended_at or last_at)
    return SessionView(
        state=_state(facts, end, energy_wh),
        evse=facts.evse if start is None or start.evse is None else start.evse,
        connector=facts.connector if start is None or start.connector is None else start.connector,
        token_uid=token.uid if token is not None else "",
        verdict=(token.verdict or "") if token is not None else "",
        started_at=started_at,
        start_heard=start is not None,
        ended_at=ended_at,
        stop_heard=own_end is not None,
        open_until=ended_at if own_end is not None else around.next_start,
        last_event_at=last_at,
        start_register_wh=energy.start_register_wh,
        end_register_wh=energy.end_register_wh,
        energy_wh=energy_wh,
        power_w=meter.power_w if end is None else None,
        max_power_w=meter.max_power_w,
        soc_start_percent=meter.soc_first_percent,
        soc_percent=meter.soc_percent,
        suspended_car_s=held.car_s,
        suspended_station_s=held.station_s,
        charging_state=held.state if end is None else "",
        stop_reason=end.reason.value if end is not None else "",
        remote_start_id=facts.remote_start_id,
        flags=sorted({flag.value for flag in _flags(facts, end, energy, started_at)}),
    )


def _state(facts: SessionFacts, end: Ending | None, energy_wh: Decimal) -> str:
    if facts.refused and energy_wh == 0:
        return "refused"
    if end is None:
        return "running"
    return "lost" if end.lost else "ended"


def _flags(facts: SessionFacts, end: Ending | None, energy: Energy, started_at: datetime) -> list[Flag]:
    flags = list(energy.flags)
    if not facts.starts:
        flags.append(Flag.START_MISSING)
    if facts.offline:
        flags.append(Flag.OFFLINE)
    if facts.refused and energy.energy_wh:
        flags.append(Flag.CHARGED_THOUGH_REFUSED)
    if end is not None:
        flags += _flags_of_ended(facts, end, energy, started_at)
    return flags


def _flags_of_ended(facts: SessionFacts, end: Ending, energy: Energy, started_at: datetime) -> list[Flag]:
    flags = [end.flag] if end.flag is not None else []
    if has_gap(facts.numbers):
        flags.append(Flag.SEQ_GAP)
    if facts.last_at is not None and facts.last_at > end.at + AFTER_END:
        flags.append(Flag.SPOKEN_OF_AFTER_END)
    if end.at < started_at:
        flags.append(Flag.CLOCK_BACKWARDS)
    elif end.at - started_at < SHORT:
        flags.append(Flag.SHORT)
    if _end_unmetered(facts, end):
        flags.append(Flag.END_UNMETERED)
    if energy.energy_wh is None:
        flags.append(Flag.ENERGY_UNKNOWN)
    elif energy.energy_wh == 0:
        flags.append(Flag.ZERO_ENERGY)
    return flags


def _end_unmetered(facts: SessionFacts, end: Ending) -> bool:
    """The station told the end but not what the meter showed then; a reading that is not believed was told."""
    meter = facts.meter
    if end.flag not in (None, Flag.STOP_MATCHED) or meter.second_wh is None or meter.last_at is None:
        return False
    return meter.doubt_wh is None and end.at - meter.last_at > BEFORE_END
