"""Two times of a simulation: the real clock, which stamps every message, and behaviour, which may run faster."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from ohmstead.kit.clock import Clock


@dataclass(frozen=True, slots=True)
class Pace:
    """`speed` seconds of behaviour (cars filling, drivers coming and going, repairs) pass in one real second.

    Messages carry real time: a network that sees stamps run ahead would rightly call it clock drift.
    """

    clock: Clock
    speed: float
    zone: tzinfo
    began_at: datetime

    def now(self) -> datetime:
        return self.clock.now()

    def town_time(self) -> datetime:
        """The local time in the drivers' lives."""
        elapsed = self.clock.now() - self.began_at
        return (self.began_at + elapsed * self.speed).astimezone(self.zone)

    def real_s(self, behaviour_s: float) -> float:
        return behaviour_s / self.speed

    async def wait(self, behaviour_s: float) -> None:
        await asyncio.sleep(self.real_s(behaviour_s))

    async def wait_until(self, town_time: datetime) -> None:
        await self.wait(max(0.0, (town_time - self.town_time()) / timedelta(seconds=1)))


def starting_now(clock: Clock, speed: float, zone: tzinfo) -> Pace:
    return Pace(clock, speed, zone, clock.now())
