"""Child processes of the supervisor: each in a session of its own, restarted when it falls, stopped in order."""

import asyncio
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ohmstead.run.roles import PARENT_VARIABLE

_FIRST_PAUSE_S: Final = 0.5
_LONGEST_PAUSE_S: Final = 30.0
_STEADY_AFTER_S: Final = 60.0  # a child that ran this long has earned a quick restart
_STOP_S: Final = 15.0
_LOG_KEPT_BYTES: Final = 20_000_000


@dataclass
class Child:
    """One process and what starts it again. Its standard input ends when the supervisor does (roles.on_parent_gone)."""

    name: str
    arguments: tuple[str, ...]
    variables: Mapping[str, str]
    log: Path
    say: Callable[[str], None]
    process: asyncio.subprocess.Process | None = field(default=None, init=False)
    restarts: int = field(default=0, init=False)
    _keeper: asyncio.Task[None] | None = field(default=None, init=False)
    _stopping: bool = field(default=False, init=False)

    @property
    def pid(self) -> int | None:
        return self.process.pid if self.process and self.process.returncode is None else None

    async def start(self) -> None:
        await self._spawn()
        self._keeper = asyncio.create_task(self._keep(), name=f"keep {self.name}")

    async def stop(self) -> None:
        """Ask, wait, and only then force; a child that is already gone is fine."""
        self._stopping = True
        if self._keeper:
            self._keeper.cancel()
        if self.process is None or self.process.returncode is not None:
            return
        self._signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(_STOP_S):
                await self.process.wait()
        except TimeoutError:
            self.say(f"{self.name} did not stop within {_STOP_S:.0f} s and was ended.")
            self.kill()
            await self.process.wait()

    def kill(self) -> None:
        self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        if self.process and self.process.returncode is None:
            self.process.send_signal(number)

    async def _spawn(self) -> None:
        if self.log.exists() and self.log.stat().st_size > _LOG_KEPT_BYTES:
            self.log.replace(self.log.with_suffix(".1.log"))
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "ohmstead",
                *self.arguments,
                stdin=asyncio.subprocess.PIPE,
                stdout=log,
                stderr=log,
                env={**self.variables, PARENT_VARIABLE: "1"},
                start_new_session=True,
            )

    async def _keep(self) -> None:
        loop = asyncio.get_running_loop()
        pause_s = _FIRST_PAUSE_S
        while not self._stopping:
            began = loop.time()
            assert self.process is not None
            status = await self.process.wait()
            if loop.time() - began > _STEADY_AFTER_S:
                pause_s = _FIRST_PAUSE_S
            self.say(f"{self.name} ended ({ended(status)}); starting it again in {pause_s:g} s. See {self.log}.")
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)
            self.restarts += 1
            await self._spawn()


def ended(status: int) -> str:
    """An exit status in words."""
    if status >= 0:
        return f"exit code {status}"
    try:
        return f"signal {signal.Signals(-status).name}"
    except ValueError:
        return f"signal {-status}"
