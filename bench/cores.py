"""Two cores: the server and its database on one, the load on the other; and what processes cost in CPU time."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import psutil

SERVER_CORE = 0
LOAD_CORE = 1
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Child:
    """A server started by us, and the port it said it listens on."""

    process: subprocess.Popen[str]
    port: int

    @property
    def pid(self) -> int:
        return self.process.pid

    def stop(self, timeout_s: float = 15.0) -> None:
        if self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def pin_self(core: int) -> None:
    os.sched_setaffinity(0, {core})


def pin_tree(pid: int, core: int) -> None:
    """Pin a running process, its threads and its children; what they start later inherits it."""
    for process in tree(pid):
        for thread in process.threads():
            os.sched_setaffinity(thread.id, {core})


def start_pinned(command: Sequence[str], core: int, environment: Mapping[str, str] | None = None) -> Child:
    """Start a Python module that prints its port on its first line."""
    process = subprocess.Popen(
        [sys.executable, *command],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **(environment or {})},
        preexec_fn=lambda: as_child(core),
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line.strip().isdigit():
        process.kill()
        raise RuntimeError(f"{' '.join(command)} did not say its port but {line!r}")
    return Child(process, int(line))


def as_child(core: int) -> None:
    """Run on the core, and end when the bench ends, however it ends."""
    os.sched_setaffinity(0, {core})
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def tree(pid: int) -> list[psutil.Process]:
    root = psutil.Process(pid)
    return [root, *root.children(recursive=True)]


class CpuMeter:
    """CPU-seconds, user and system, that whole process trees have used since `start`."""

    def __init__(self, pids: Iterable[int]) -> None:
        self._pids = tuple(pids)
        self._at_start: dict[int, float] = {}

    def start(self) -> None:
        self._at_start = {pid: _cpu_s(pid) for pid in self._pids}

    def each_s(self) -> dict[int, float]:
        return {pid: _cpu_s(pid) - self._at_start[pid] for pid in self._pids}

    def total_s(self) -> float:
        return sum(self.each_s().values())


def _cpu_s(pid: int) -> float:
    """A tree's CPU time; children that ended and were waited for are in their parent's `children_*`."""
    total = 0.0
    for process in tree(pid):
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total


def resident_kb(pid: int) -> float:
    return psutil.Process(pid).memory_info().rss / 1024
