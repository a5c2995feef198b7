"""One thread that owns a database connection, so that the loop never waits for a query."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from django.db import Error as DatabaseError
from django.db import InterfaceError, OperationalError, connection, connections

from ohmstead.kit.clock import Clock

log = logging.getLogger(__name__)

_RETRY_S: Final = 0.2
# Nobody waits longer for the desk; whoever holds a row must not hold the desk.
_LOCK_TIMEOUT_S: Final = 3
_STATEMENT_TIMEOUT_S: Final = 10


class DatabaseAway(Exception):
    """PostgreSQL did not come back in time."""


class DatabaseThread:
    def __init__(self, clock: Clock) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="desk-database")
        self._clock = clock
        self.available = True

    async def run[R](self, work: Callable[[], R], *, within_s: float = 0.0) -> R:
        """Do `work` in the thread; while PostgreSQL is away try again until `within_s` has passed.

        Raises DatabaseAway then. `work` must be one transaction, or safe to repeat.
        """
        until = self._clock.monotonic() + within_s
        while True:
            try:
                answer = await asyncio.get_running_loop().run_in_executor(self._pool, _on_a_sound_connection, work)
            except (OperationalError, InterfaceError) as error:
                if self.available:
                    log.warning("PostgreSQL is away: %s", str(error).strip().splitlines()[0] if str(error) else error)
                self.available = False
                if self._clock.monotonic() >= until:
                    raise DatabaseAway from error
                await asyncio.sleep(_RETRY_S)
            else:
                if not self.available:
                    log.info("PostgreSQL is back.")
                self.available = True
                return answer

    async def answers(self) -> bool:
        try:
            await self.run(_ping)
        except DatabaseAway:
            return False
        return True

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._pool, connections.close_all)
        self._pool.shutdown()


def _ping() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _on_a_sound_connection[R](work: Callable[[], R]) -> R:
    """A broken connection is dropped here, in the thread that owns it; the next try opens a new one."""
    try:
        if connection.connection is None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', %s, false)", [f"{_LOCK_TIMEOUT_S}s"])
                cursor.execute("SELECT set_config('statement_timeout', %s, false)", [f"{_STATEMENT_TIMEOUT_S}s"])
                # The same few statements for every card: half of PostgreSQL's time went into planning them anew.
                cursor.execute("SELECT set_config('plan_cache_mode', 'force_generic_plan', false)")
        return work()
    except DatabaseError:
        connections.close_all()
        raise
