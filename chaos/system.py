"""A whole system as `ohmstead up` runs it, a second gateway beside it, and ways to kill their parts."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from chaos.provision import ORGANISATION
from ohmstead.run.children import Child
from ohmstead.run.data_folder import DataFolder
from ohmstead.run.ports import free_port

_UP_S = 60.0
_NOTED_S = 30.0
SECOND = "gateway-2"

# What can be killed, and how: kill -9 everywhere, PostgreSQL is restarted in its fast and its immediate mode.
VICTIMS = {
    "gateway": signal.SIGKILL,
    SECOND: signal.SIGKILL,
    "worker": signal.SIGKILL,
    "desk": signal.SIGKILL,
    "nats": signal.SIGKILL,
    "postgres, fast": signal.SIGINT,
    "postgres, immediate": signal.SIGQUIT,
}


class SystemDidNotStart(RuntimeError):
    """The message names the log."""


class Running:
    """`ohmstead up` as a child process: it, not the test, brings back what was killed."""

    def __init__(self, folder: Path, say: Callable[[str], None]) -> None:
        self.data = DataFolder(folder / "data")
        self.log = folder / "up.log"
        self.ports = (free_port(), free_port())
        self._folder, self._say = folder, say
        self._up: asyncio.subprocess.Process | None = None
        self._second: Child | None = None

    @property
    def database_url(self) -> str:
        return str(self.data.read_running()["database_url"])

    async def start(self, stations: int) -> None:
        options = ["--data", str(self.data.path), "--port", str(free_port()), "--ocpp-port", str(self.ports[0])]
        options += ["--ocpps-port", "0", "--nats-port", str(free_port())]
        with self.log.open("wb") as log:
            self._up = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "ohmstead", "up", *options),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, "OHMSTEAD_DEFAULT_ORGANISATION": ORGANISATION},
                start_new_session=True,
            )
        deadline = time.monotonic() + _UP_S
        while b"Ctrl-C" not in self.log.read_bytes() or "gateway" not in self._children():
            if self._up.returncode is not None or time.monotonic() > deadline:
                raise SystemDidNotStart(f"`ohmstead up` did not start, see {self.log}")
            await asyncio.sleep(0.1)
        provision = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "chaos.provision", str(stations)), env=self._variables()
        )
        if await provision.wait():
            raise SystemDidNotStart("the stations could not be provisioned")
        self._second = Child(SECOND, ("gateway",), self._variables(), self._folder / f"{SECOND}.log", self._say)
        await self._second.start()

    async def stop(self) -> None:
        if self._second is not None:
            await self._second.stop()
        if self._up is not None and self._up.returncode is None:
            self._up.terminate()
            await self._up.wait()

    async def kill(self, victim: str) -> None:
        """Waits until the victim is known to run, so that every kill hits something alive."""
        deadline = time.monotonic() + _NOTED_S
        while (pid := self._pid(victim)) is None:
            if time.monotonic() > deadline:
                raise SystemDidNotStart(f"{victim} did not come back within {_NOTED_S:.0f} s")
            await asyncio.sleep(0.1)
        os.kill(pid, VICTIMS[victim])

    def _pid(self, victim: str) -> int | None:
        if victim == SECOND:
            return self._second.pid if self._second else None
        facts = self.data.read_running()
        name = victim.partition(",")[0]
        fact = facts.get(name) if name in ("postgres", "nats") else self._children().get(name)
        pid = fact.get("pid") if fact else None
        return pid if pid and psutil.pid_exists(pid) and _is(psutil.Process(pid), name) else None

    def _children(self) -> dict[str, Any]:
        found: dict[str, Any] = self.data.read_running().get("children", {})
        return found

    def _variables(self) -> dict[str, str]:
        facts = self.data.read_running()
        return {
            **os.environ,
            "DATABASE_URL": facts["database_url"],
            "OHMSTEAD_NATS_URL": facts["nats_url"],
            "OHMSTEAD_SECRET_KEY": self.data.secret_key(),
            "OHMSTEAD_DATA": str(self.data.path),
            "OHMSTEAD_OCPP_PORT": str(self.ports[1]),
            "OHMSTEAD_OCPPS_PORT": "0",
            "OHMSTEAD_HEALTH_PORT": "0",
            "OHMSTEAD_GATEWAY_NAME": SECOND,
            "OHMSTEAD_DEFAULT_ORGANISATION": ORGANISATION,
            "DJANGO_SETTINGS_MODULE": "ohmstead.run.settings",
        }


def _is(process: psutil.Process, name: str) -> bool:
    """Process numbers are used again; the command line tells."""
    try:
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        return any(name in part for part in process.cmdline())
    except psutil.NoSuchProcess:
        return False
