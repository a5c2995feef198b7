"""Charging profiles as a station holds them: which limit applies at a moment, for which EVSE."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

MAINS_V = 230.0
DAY = timedelta(days=1)


class Purpose(StrEnum):
    STATION_MAX = "station_max"
    EXTERNAL = "external"  # ChargingStationExternalConstraints
    TX_DEFAULT = "tx_default"
    TX = "tx"
    PRIORITY = "priority"
    LOCAL = "local"  # LocalGeneration of 2.1: adds to the limit; kept, not applied


class Kind(StrEnum):
    ABSOLUTE = "absolute"
    RECURRING = "recurring"
    RELATIVE = "relative"


@dataclass(frozen=True, slots=True)
class Period:
    start_s: int
    limit: float
    phases: int | None = None


@dataclass(frozen=True, slots=True)
class ChargingProfile:
    """`evse` 0 is the whole station (or every EVSE, for a default); `unit` is "A" per phase or "W" in all."""

    profile_id: int
    evse: int
    stack_level: int
    purpose: Purpose
    kind: Kind
    unit: str
    periods: tuple[Period, ...]
    starts_at: datetime | None = None
    duration_s: int | None = None
    every: timedelta | None = None  # a day or a week when recurring
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    transaction_id: str | None = None
    raw: dict[str, Any] | None = None

    def period_at(self, now: datetime, session_began_at: datetime | None) -> Period | None:
        """The period in force; None outside the validity, before the start and after the duration."""
        if (self.valid_from and now < self.valid_from) or (self.valid_to and now >= self.valid_to):
            return None
        begun_at = self._begun_at(now, session_began_at)
        if begun_at is None or now < begun_at:
            return None
        elapsed_s = (now - begun_at).total_seconds()
        if self.duration_s is not None and elapsed_s >= self.duration_s:
            return None
        current = None
        for period in self.periods:
            if period.start_s <= elapsed_s:
                current = period
        return current

    def _begun_at(self, now: datetime, session_began_at: datetime | None) -> datetime | None:
        if self.kind is Kind.RELATIVE:
            return session_began_at
        if self.starts_at is None:  # a station's profile without startSchedule is in force at once
            return self.valid_from or session_began_at or now
        if self.kind is Kind.RECURRING and self.every and now > self.starts_at:
            return self.starts_at + (now - self.starts_at) // self.every * self.every
        return self.starts_at


@dataclass(frozen=True, slots=True)
class Limit:
    power_w: float
    phases: int | None = None


@dataclass(frozen=True, slots=True)
class Situation:
    """Where a limit is asked for: `phases` and volts turn amperes into watts."""

    evse: int
    phases: int
    session_began_at: datetime | None = None


def watts(limit: float, unit: str, phases: int) -> float:
    return limit if unit == "W" else limit * MAINS_V * phases


def leading(profiles: Iterable[ChargingProfile], now: datetime, where: Situation) -> Limit | None:
    """The period of the highest stack level that is in force; a tie goes to the profile of the EVSE itself."""
    best: tuple[int, int] | None = None
    limit = None
    for profile in profiles:
        period = profile.period_at(now, where.session_began_at)
        rank = (profile.stack_level, int(profile.evse == where.evse))
        if period and (best is None or rank > best):
            best = rank
            limit = Limit(watts(period.limit, profile.unit, period.phases or where.phases), period.phases)
    return limit


def limit_at(profiles: Iterable[ChargingProfile], now: datetime, where: Situation) -> Limit | None:
    """The limit in force: the transaction's profile before the default, under the station's and outer maxima."""
    here = [p for p in profiles if p.evse in (0, where.evse)]
    of = {purpose: [p for p in here if p.purpose is purpose] for purpose in Purpose}
    session = None
    if where.session_began_at is not None:
        session = leading(of[Purpose.PRIORITY], now, where) or leading(of[Purpose.TX], now, where)
    session = session or leading(of[Purpose.TX_DEFAULT], now, where)
    limits = [session, leading(of[Purpose.STATION_MAX], now, where), leading(of[Purpose.EXTERNAL], now, where)]
    stated = [limit for limit in limits if limit is not None]
    if not stated:
        return None
    phases = [limit.phases for limit in stated if limit.phases]
    return Limit(min(limit.power_w for limit in stated), min(phases) if phases else None)


def composite(
    profiles: Iterable[ChargingProfile], now: datetime, duration_s: int, where: Situation, otherwise_w: float
) -> list[Period]:
    """The limits of the coming `duration_s` in watts, one period per change."""
    known = tuple(profiles)
    ends_at = now + timedelta(seconds=duration_s)
    moments = {now} | {at for p in known for at in _changes(p, now, ends_at, where.session_began_at)}
    periods: list[Period] = []
    for at in sorted(moments):
        limit = limit_at(known, at, where)
        power_w = min(otherwise_w, limit.power_w) if limit else otherwise_w
        if not periods or periods[-1].limit != power_w:
            periods.append(Period(int((at - now).total_seconds()), power_w))
    return periods


def _changes(
    profile: ChargingProfile, now: datetime, ends_at: datetime, session_began_at: datetime | None
) -> Iterator[datetime]:
    begun_at = profile._begun_at(now, session_began_at)
    edges = [profile.valid_from, profile.valid_to]
    while begun_at is not None and begun_at < ends_at:
        edges += [begun_at + timedelta(seconds=period.start_s) for period in profile.periods]
        if profile.duration_s is not None:
            edges.append(begun_at + timedelta(seconds=profile.duration_s))
        begun_at = begun_at + profile.every if profile.every and profile.kind is Kind.RECURRING else None
    yield from (at for at in edges if at is not None and now < at < ends_at)


def replaces(new: ChargingProfile, old: ChargingProfile) -> bool:
    """A new profile takes the place of one with its id, or of one with its level, purpose and EVSE."""
    if new.profile_id == old.profile_id:
        return True
    return (new.stack_level, new.purpose, new.evse) == (old.stack_level, old.purpose, old.evse)
