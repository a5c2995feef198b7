"""`ohmstead up` as a process, the way a person starts it."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from ohmstead.run.data_folder import DataFolder
from ohmstead.run.ports import free_port

START_S = 90.0


def environment_of_a_person() -> dict[str, str]:
    """Without what the test run sets for itself."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("OHMSTEAD_", "DATABASE_URL"))}


class Instance:
    def __init__(self, folder: Path) -> None:
        self.folder = DataFolder(folder)
        self.ports = {option: free_port() for option in ("--port", "--ocpp-port", "--ocpps-port", "--nats-port")}
        self.said: list[str] = []
        self._process: subprocess.Popen[str] | None = None

    @property
    def process(self) -> subprocess.Popen[str]:
        assert self._process is not None, "start() first"
        return self._process

    def arguments(self, *more: str) -> list[str]:
        ports = [word for option, port in self.ports.items() for word in (option, str(port))]
        return [sys.executable, "-m", "ohmstead", "up", "--data", str(self.folder.path), *ports, *more]

    def start(self, *more: str, **environment: str) -> "Instance":
        self.said.clear()
        self._process = subprocess.Popen(
            self.arguments(*more),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment_of_a_person() | environment,
        )
        threading.Thread(target=self._listen, daemon=True).start()
        self.until(lambda: self.heard("Ohmstead runs") or self.process.poll() is not None, START_S)
        assert self.heard("Ohmstead runs"), "".join(self.said)
        return self

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line)

    def heard(self, words: str) -> bool:
        return any(words in line for line in self.said)

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(60)

    def pid_of(self, name: str) -> int | None:
        facts = self.folder.read_running()
        return (facts.get(name) or facts.get("children", {}).get(name) or {}).get("pid")

    def processes(self) -> list[psutil.Process]:
        """Everything alive that belongs to this data folder."""
        return [process for process in psutil.process_iter() if self._belongs(process)]

    def _belongs(self, process: psutil.Process) -> bool:
        path = str(self.folder.path)
        try:
            if process.status() == psutil.STATUS_ZOMBIE:
                return False
            words = process.cmdline()
            return any(word.startswith(path) for word in words) or process.environ().get("OHMSTEAD_DATA") == path
        except psutil.Error:
            return False

    @staticmethod
    def until(condition: Callable[[], object], within_s: float = 30.0) -> None:
        deadline = time.monotonic() + within_s
        while not condition():
            assert time.monotonic() < deadline, "waited too long"
            time.sleep(0.05)
