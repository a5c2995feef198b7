"""The whole line as its own processes on loopback: gateway, desk and worker over a real database and real NATS."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

SECRET_KEY = os.environ["OHMSTEAD_SECRET_KEY"]
PATIENCE_S = 60.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until[T](
    what: Callable[[], T],
    *,
    patience_s: float = PATIENCE_S,
    pause_s: float = 0.02,
    why: str | Callable[[], str] = "",
) -> T:
    """Ask again until the answer is true; the answer."""
    deadline = time.monotonic() + patience_s
    while not (answer := what()):
        if time.monotonic() > deadline:
            told = why() if callable(why) else why
            raise AssertionError(f"still waiting after {patience_s} s: {told or what}")
        time.sleep(pause_s)
    return answer


@dataclass
class System:
    """Start and stop roles by name; every role has its health port."""

    folder: Path
    database_url: str
    nats_url: str
    settings: dict[str, str] = field(default_factory=dict)
    ocpp_port: int = field(default_factory=free_port)
    ocpps_port: int = field(default_factory=free_port)
    roles: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.ocpp_port}/ocpp"

    @property
    def tls_url(self) -> str:
        return f"wss://localhost:{self.ocpps_port}/ocpp"

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "DATABASE_URL": self.database_url,
            "OHMSTEAD_NATS_URL": self.nats_url,
            "OHMSTEAD_SECRET_KEY": SECRET_KEY,
            "OHMSTEAD_DATA": str(self.folder),
            "OHMSTEAD_OCPP_PORT": str(self.ocpp_port),
            "OHMSTEAD_OCPPS_PORT": str(self.ocpps_port),
            **self.settings,
        }

    def start(self, *roles: str) -> None:
        health = {role: free_port() for role in roles}
        for role in roles:
            with (self.folder / f"{role}.log").open("ab") as log:
                self.roles[role] = subprocess.Popen(
                    [sys.executable, "-m", "ohmstead", role],
                    env={**self.environment, "OHMSTEAD_HEALTH_PORT": str(health[role])},
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                )
        for role in roles:
            until(lambda role=role: self._ready(role, health[role]), why=f"{role} is ready")

    def _ready(self, role: str, port: int) -> bool:
        if self.roles[role].poll() is not None:
            raise AssertionError(f"{role} ended:\n{self.log(role)[-2000:]}")
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1) as answer,
        ):
            return bool(answer.status == 200)
        return False

    def log(self, role: str) -> str:
        return (self.folder / f"{role}.log").read_text()

    def stop(self) -> None:
        for process in self.roles.values():
            process.terminate()
        for role, process in self.roles.items():
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                raise AssertionError(f"{role} did not stop:\n{self.log(role)[-2000:]}") from None
        self.roles.clear()
