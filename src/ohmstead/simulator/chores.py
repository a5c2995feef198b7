"""What a station has begun and not finished: tasks and timers that end with it."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

log = logging.getLogger(__name__)


class Chores:
    def __init__(self, owner: str) -> None:
        self._owner = owner
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._tasks: set[asyncio.Task[Any]] = set()

    def spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        """Run something that takes time; the station owns it and ends it with itself."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._spawned_ended)

    def after(self, name: str, real_s: float, then: Callable[[], None]) -> None:
        """Do something later; a new timer of the same name replaces the old one."""
        if name in self._timers:
            self._timers[name].cancel()
        self._timers[name] = asyncio.get_running_loop().call_later(real_s, then)

    def cancel_timer(self, name: str) -> None:
        timer = self._timers.pop(name, None)
        if timer:
            timer.cancel()

    def soon(self, then: Callable[[], object]) -> None:
        """After the answer that is being given now has left."""
        asyncio.get_running_loop().call_soon(then)

    def end_tasks(self) -> None:
        for task in self._tasks:
            task.cancel()

    def end_chores(self) -> None:
        for timer in self._timers.values():
            timer.cancel()
        self.end_tasks()

    def _spawned_ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception():
            log.error("%s: %r", self._owner, task.exception(), exc_info=task.exception())
