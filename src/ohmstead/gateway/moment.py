"""The time of arrival, taken once per turn of the event loop: everything read in one turn arrived together.

Reading the clock and writing the time in PostgreSQL's and OCPP's forms costs more than the rest of a heartbeat.
"""

import asyncio
from datetime import UTC, datetime

from ohmstead.journal.rows import postgres_us
from ohmstead.kit.clock import Clock


class Moment:
    """Call `now()` before reading `at` and `at_us`, unless they are `fresh`."""

    __slots__ = ("_clock", "at", "at_us", "fresh")

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.fresh = False
        self.at = datetime.min.replace(tzinfo=UTC)
        self.at_us = 0

    def now(self) -> datetime:
        if not self.fresh:
            self.at = self._clock.now()
            self.at_us = postgres_us(self.at)
            self.fresh = True
            asyncio.get_running_loop().call_soon(self._pass)
        return self.at

    def us(self, at: datetime) -> int:
        """`at` in PostgreSQL's microseconds."""
        return self.at_us if at is self.at else postgres_us(at)

    def _pass(self) -> None:
        self.fresh = False
