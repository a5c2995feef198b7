"""What has to happen before a station is in service, and how far it is. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from ohmstead.network.rules.problems import Problem
from ohmstead.station.answers import Admission

_ADDRESS: Final = frozenset({"no_organisation", "wrong_address", "identity_invalid", "not_a_websocket", "not_http"})
_PROTOCOL: Final = frozenset({"no_common_subprotocol", "version", "key_missing"})
_DECISION: Final = frozenset({"station_refused", "unknown_station", "inbox_full"})


class Progress(StrEnum):
    DONE = "done"
    FAILED = "failed"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Attempt:
    """The newest attempt that ended at the door."""

    code: str
    sentence: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Commissioned:
    """`clock_complaint` is what its messages get wrong about the time, since it last booted."""

    admission: Admission
    online: bool
    connected_at: datetime | None
    dialect: str
    security_profile: int
    booted_at: datetime | None
    what_it_is: str
    plugs: int
    plugs_told: int
    clock_complaint: str
    charging: bool
    charged: bool
    attempt: Attempt | None


@dataclass(frozen=True, slots=True)
class Step:
    key: str
    progress: Progress
    says: Problem


def steps(station: Commissioned) -> Iterator[Step]:
    """In the order in which they come true."""
    failed = station.attempt if _is_news(station) else None
    reached = station.connected_at is not None
    found_us = Problem("The station has found us.")
    not_yet = Problem("Nothing has come from this station yet: enter its address.")
    yield _door("address", reached or _past(failed, _ADDRESS), failed, _ADDRESS, found_us, not_yet)
    speaks = Problem("It speaks a protocol that we speak.")
    must_speak = Problem("It must offer OCPP 1.6, 2.0.1 or 2.1.")
    yield _door("protocol", reached or _past(failed, _ADDRESS | _PROTOCOL), failed, _PROTOCOL, speaks, must_speak)
    yield _credentials(station, failed, reached)
    yield _accepted(station)
    yield _boot(station)
    yield _status(station)
    yield _clock(station)
    yield _test_charge(station)


def _is_news(station: Commissioned) -> bool:
    """An attempt counts until a later connection shows that it is mended."""
    return (
        station.attempt is not None
        and not station.online
        and (station.connected_at is None or station.attempt.at > station.connected_at)
    )


def _past(failed: Attempt | None, codes: frozenset[str]) -> bool:
    """It failed further in than at this door."""
    return failed is not None and failed.code not in codes


def _door(key: str, done: bool, failed: Attempt | None, codes: frozenset[str], yes: Problem, not_yet: Problem) -> Step:
    if failed is not None and failed.code in codes:
        return Step(key, Progress.FAILED, Problem(failed.sentence))
    return Step(key, Progress.DONE, yes) if done else Step(key, Progress.WAITING, not_yet)


def _credentials(station: Commissioned, failed: Attempt | None, reached: bool) -> Step:
    if failed is not None and failed.code not in _ADDRESS | _PROTOCOL | _DECISION:
        return Step("credentials", Progress.FAILED, Problem(failed.sentence))
    if reached:
        return Step("credentials", Progress.DONE, Problem("Its security profile and password are right."))
    needs = Problem("It must use security profile %(number)d or better.", {"number": station.security_profile})
    return Step("credentials", Progress.WAITING, needs)


def _accepted(station: Commissioned) -> Step:
    said = {
        Admission.ACCEPTED: (Progress.DONE, Problem("It is accepted.")),
        Admission.PENDING: (Progress.WAITING, Problem("It waits for your word.")),
        Admission.REFUSED: (Progress.FAILED, Problem("It was refused.")),
    }
    return Step("accepted", *said[station.admission])


def _boot(station: Commissioned) -> Step:
    if station.booted_at is None:
        return Step("boot", Progress.WAITING, Problem("It has not said yet what it is."))
    return Step("boot", Progress.DONE, Problem("It is a %(what)s.", {"what": station.what_it_is or "station"}))


def _status(station: Commissioned) -> Step:
    if station.plugs and station.plugs_told == station.plugs:
        return Step(
            "status",
            Progress.DONE,
            Problem("It has told the state of all its %(number)d plugs.", {"number": station.plugs}),
        )
    if station.plugs_told:
        told = {"told": station.plugs_told, "number": station.plugs}
        return Step("status", Progress.WAITING, Problem("It has told the state of %(told)d of %(number)d plugs.", told))
    return Step("status", Progress.WAITING, Problem("It has not told the state of its plugs yet."))


def _clock(station: Commissioned) -> Step:
    if station.clock_complaint:
        return Step("clock", Progress.FAILED, Problem(station.clock_complaint))
    if station.booted_at is None or not station.plugs_told:
        return Step("clock", Progress.WAITING, Problem("Its time is seen with its first messages."))
    return Step("clock", Progress.DONE, Problem("Its clock is right."))


def _test_charge(station: Commissioned) -> Step:
    if station.charged:
        return Step("charge", Progress.DONE, Problem("A car has charged here."))
    if station.charging:
        return Step("charge", Progress.WAITING, Problem("A car is charging now."))
    return Step("charge", Progress.WAITING, Problem("Charge a car for a minute to be sure."))
