"""Rounds of load and killing, then quiet, then the verdict."""

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from chaos.checks import Verdict, judge
from chaos.stations import Station
from chaos.system import VICTIMS, Running
from chaos.truth import Truth
from ohmstead.journal.reader import lag

_CALM_S = (1.0, 3.0)  # load between everybody being served again and the next kill
_BACK_S = 90.0
_FINISH_S = 120.0
_FOLDED_S = 120.0


@dataclass(frozen=True, slots=True)
class Plan:
    rounds: int = 20
    stations: int = 200
    seed: int = 1
    pause_s: float = 0.2  # between a station's messages


@dataclass(slots=True)
class Round:
    killed: list[str]
    acknowledged: int  # messages acknowledged in this round
    back_s: float  # until every station had been answered again


@dataclass(slots=True)
class Outcome:
    rounds: list[Round] = field(default_factory=list)
    verdict: Verdict | None = None
    truth: Truth = field(default_factory=Truth)


class NotBackInService(RuntimeError):
    """The system did not come back by itself."""


async def play(plan: Plan, folder: Path, say: Callable[[str], None]) -> Outcome:
    system = Running(folder, say=lambda _: None)
    outcome = Outcome()
    rng = random.Random(plan.seed)
    stations = [
        Station(number, system.ports, outcome.truth, plan.seed, plan.pause_s) for number in range(plan.stations)
    ]
    tasks: list[asyncio.Task[None]] = []
    try:
        await system.start(plan.stations)
        tasks = [asyncio.create_task(station.run()) for station in stations]
        await _everybody_answered(stations, time.monotonic())
        for number, killed in enumerate(victims(plan.rounds, rng), 1):
            outcome.rounds.append(await _round(system, stations, killed, outcome.truth, rng))
            last = outcome.rounds[-1]
            say(
                f"round {number:2}: killed {' and '.join(killed):40} "
                f"back after {last.back_s:5.1f} s, {last.acknowledged:,} acknowledged"
            )
        await _finish(stations)
        outcome.verdict = await asyncio.to_thread(_folded_and_judged, system, outcome.truth, plan.stations)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await system.stop()
    return outcome


def victims(rounds: int, rng: random.Random) -> list[list[str]]:
    """Each victim in turn, in random order; every third round a second one falls with it."""
    bag: list[str] = []
    plan = []
    for number in range(rounds):
        if not bag:
            bag = rng.sample(list(VICTIMS), len(VICTIMS))
        killed = [bag.pop()]
        if number % 3 == 2:
            killed.append(
                rng.choice([name for name in VICTIMS if name.partition(",")[0] != killed[0].partition(",")[0]])
            )
        plan.append(killed)
    return plan


async def _round(
    system: Running, stations: Sequence[Station], killed: list[str], truth: Truth, rng: random.Random
) -> Round:
    before = len(truth.acknowledged)
    await asyncio.sleep(rng.uniform(*_CALM_S))
    for victim in killed:
        await system.kill(victim)
    fell_at = time.monotonic()
    back_at = await _everybody_answered(stations, fell_at)
    return Round(killed, len(truth.acknowledged) - before, back_at - fell_at)


async def _everybody_answered(stations: Sequence[Station], since: float) -> float:
    """When the last station had been answered again."""
    deadline = time.monotonic() + _BACK_S
    while any(station.acknowledged_at <= since for station in stations):
        if time.monotonic() > deadline:
            silent = [f"{s.name} ({s.trouble})" for s in stations if s.acknowledged_at <= since]
            raise NotBackInService(f"{len(silent)} stations were not answered within {_BACK_S:.0f} s: {silent[:5]}")
        await asyncio.sleep(0.05)
    return max(station.acknowledged_at for station in stations)


async def _finish(stations: Sequence[Station]) -> None:
    """Let every station end its charge."""
    for station in stations:
        station.ending = True
    async with asyncio.timeout(_FINISH_S):
        await asyncio.gather(*(station.finished.wait() for station in stations))


def _folded_and_judged(system: Running, truth: Truth, stations: int) -> Verdict:
    """Quiet means that the worker has read everything; what is then not right is wrong."""
    deadline = time.monotonic() + _FOLDED_S
    with psycopg.connect(system.database_url, autocommit=True) as connection:
        while lag(connection, "worker").entries and time.monotonic() < deadline:
            time.sleep(0.2)
        return judge(connection, truth, stations)
