"""All stations of a scenario in one process."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from ohmstead.kit.clock import Clock, SystemClock
from ohmstead.simulator import sessions
from ohmstead.simulator.dialects import VOICES
from ohmstead.simulator.evse import Trigger
from ohmstead.simulator.memory import remember_in
from ohmstead.simulator.pace import Pace, starting_now
from ohmstead.simulator.quirks import habit_of
from ohmstead.simulator.record import Recorder
from ohmstead.simulator.scenario import Planned, Scenario
from ohmstead.simulator.security import Keys, door_of
from ohmstead.simulator.settings import BY_NAME
from ohmstead.simulator.sheet import Security
from ohmstead.simulator.station import Station
from ohmstead.simulator.town import Wallet, life_at
from ohmstead.station.states import StopReason
from ohmstead.wire.dialect import Dialect

log = logging.getLogger(__name__)

CONNECTS_PER_S = 200.0
WIND_DOWN_S = 3.0
MOST_ADDED = 50


@dataclass(frozen=True, kw_only=True)
class Options:
    """How a scenario is run. `tick_s` is the real time between two steps of the physics."""

    url: str
    tls_url: str | None = None  # for stations of security profile 2 and 3
    ca_file: str | None = None  # instead of the scenario's
    seed: int = 1
    speed: float = 1.0
    tick_s: float = 1.0
    with_drivers: bool = True
    record: Path | None = None
    folder: Path | None = None  # keeps passwords and certificates between runs
    reconnect_first_s: float = 1.0  # the first wait after a lost connection; doubles up to the next
    reconnect_most_s: float = 60.0
    call_timeout_s: float = 30.0
    clock: Clock = field(default_factory=SystemClock)


class CannotAdd(Exception):
    """The message is a sentence for a person."""


class Fleet:
    def __init__(self, scenario: Scenario, options: Options) -> None:
        self.scenario = scenario
        self.options = options
        self.pace: Pace = starting_now(options.clock, options.speed, ZoneInfo(scenario.sheet.time_zone))
        self.recorder = Recorder(options.record) if options.record else None
        self._wallet = Wallet(scenario.cards, scenario.sheet.drivers.strangers)
        self.planned = {planned.identity: planned for planned in scenario.stations}
        self._group: asyncio.TaskGroup | None = None
        self._added = 0
        self.stations = {planned.identity: self._built(planned) for planned in scenario.stations}

    async def run(self, *beside: Callable[["Fleet"], Awaitable[None]]) -> None:
        """Live until cancelled; `beside` run in the same task group (control by hand, happenings)."""
        try:
            async with asyncio.TaskGroup() as group:
                self._group = group
                group.create_task(self._tick_for_ever())
                for work in beside:
                    group.create_task(_awaited(work, self))
                ramp = Random(f"{self.options.seed}:ramp")
                for station in self.stations.values():
                    delay_s = ramp.uniform(0, len(self.stations) / CONNECTS_PER_S)
                    group.create_task(self._live(station, delay_s))
        finally:
            if self.recorder:
                self.recorder.close()

    def add(self, identity: str, organisation: str, ocpp: str) -> Station:
        """One more station like the plan's first of that version, without drivers. Raises CannotAdd."""
        like = next((planned for planned in self.scenario.stations if planned.model.ocpp == ocpp), None)
        if like is None or self._group is None:
            raise CannotAdd(f"There is no station with OCPP {ocpp} to copy.")
        if identity in self.stations:
            raise CannotAdd(f"{identity} is simulated already.")
        if self._added >= MOST_ADDED:
            raise CannotAdd(f"{MOST_ADDED} stations were added; that is enough for a trial.")
        self._added += 1
        planned = replace(like, identity=identity, password=None, security=Security())
        station = self._built(planned, f"{self.options.url}/{organisation}")
        self.planned[identity], self.stations[identity] = planned, station
        self._group.create_task(station.run())
        return station

    async def wind_down(self, within_s: float = WIND_DOWN_S) -> None:
        """End what runs and let the last messages leave, as far as the network still listens."""
        for station in self.stations.values():
            station.end_tasks()
            if not station.online:
                station.link.go_offline()  # a start without its end would be worse than silence
            for evse in station.evses:
                sessions.end(station, evse, StopReason.REBOOT, Trigger.RESET)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                await asyncio.gather(*(station.told_everything() for station in self.stations.values()))

    def matching(self, pattern: str) -> list[Station]:
        return [station for identity, station in self.stations.items() if fnmatchcase(identity, pattern)]

    def tick(self, behaviour_s: float) -> None:
        """One step of the physics at every EVSE in use."""
        now = self.options.clock.monotonic()
        for station in self.stations.values():
            for evse in station.evses:
                if evse.session and station.powered:
                    sessions.flow(station, evse, behaviour_s)
            if station.next_clock_at is not None and now >= station.next_clock_at:
                station.align_clock()
                if station.online:
                    sessions.sample_all(station, station.evses, Trigger.CLOCK)

    async def _tick_for_ever(self) -> None:
        clock = self.options.clock
        before = clock.monotonic()
        while True:
            await asyncio.sleep(self.options.tick_s)
            now = clock.monotonic()
            self.tick((now - before) * self.options.speed)
            before = now

    async def _live(self, station: Station, delay_s: float) -> None:
        await asyncio.sleep(delay_s)
        if self.options.with_drivers:
            planned = self.planned[station.identity]
            for evse in station.evses:
                station.spawn(life_at(station, evse, planned.site, self._wallet))
        await station.run()

    def _built(self, planned: Planned, url: str | None = None) -> Station:
        station = Station(
            planned.identity,
            planned.nameplate,
            VOICES[planned.dialect],
            door_of(url or self.options.url, self.options.tls_url, planned.security, self.options.ca_file),
            self.pace,
            self.options.seed,
            Keys(self.options.folder, planned.identity),
        )
        for name, value in planned.settings.items():
            if planned.dialect is not Dialect.V16 or BY_NAME[name].key:  # 1.6 knows no start and stop points
                station.settings.put(name, value)
        station.settings.put("security_profile", str(planned.security.profile))
        if planned.password:
            station.settings.put("password", planned.password)
        if self.options.folder:
            remember_in(self.options.folder, station)
        station.align_clock()
        station.habit = habit_of(planned.model.quirks)
        station.link.acknowledged = self.recorder
        station.link.call_timeout_s = self.options.call_timeout_s
        station.link.backoff.first_s = self.options.reconnect_first_s
        station.link.backoff.most_s = self.options.reconnect_most_s
        return station


async def _awaited(work: Callable[[Fleet], Awaitable[None]], fleet: Fleet) -> None:
    await work(fleet)


async def run(
    scenario: Scenario,
    options: Options,
    *beside: Callable[[Fleet], Awaitable[None]],
    until: asyncio.Event | None = None,
) -> Fleet:
    """Run a scenario until `until` is set, then wind down; without `until` for ever. Leaves no task behind."""
    fleet = Fleet(scenario, options)
    task = asyncio.create_task(fleet.run(*beside))
    try:
        if until is None:
            await task
        else:
            waiting = asyncio.create_task(until.wait())
            await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
            if task.done():
                task.result()
            await fleet.wind_down()
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    return fleet
