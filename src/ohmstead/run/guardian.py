"""Outlives a supervisor that was killed, and stops what it left behind; knows only its own folder's processes."""

import contextlib
import os
import signal
import sys
import time
from pathlib import Path
from typing import Final

import psutil

from ohmstead.run.data_folder import DataFolder

_GRACE_S: Final = 15.0


def main(folder: str) -> None:
    """Wait until standard input ends; the word "done" before that means that nothing is left to do."""
    said = b""
    while data := os.read(sys.stdin.fileno(), 64):
        said = (said + data)[-64:]
    if not said.endswith(b"done\n"):
        stop_leftovers(DataFolder(Path(folder)))


def stop_leftovers(folder: DataFolder) -> None:
    """Stop what `running.json` names and what is still the same process: roles first, then NATS, then PostgreSQL."""
    facts = folder.read_running()
    roles = [process for fact in facts.get("children", {}).values() if (process := alive(fact))]
    for process in roles:
        _send(process, signal.SIGTERM)
    _wait(roles)
    for name, number in (("nats", signal.SIGTERM), ("postgres", signal.SIGINT)):  # SIGINT: PostgreSQL's fast shutdown
        process = alive(facts.get(name, {}))
        if process:
            _send(process, number)
            _wait([process])
    folder.running.unlink(missing_ok=True)


def fact(pid: int | None) -> dict[str, float]:
    """A process as it can be recognised later: its number, and when it began."""
    if pid is None:
        return {}
    try:
        return {"pid": pid, "began": psutil.Process(pid).create_time()}
    except psutil.NoSuchProcess:
        return {}


def alive(fact: dict[str, float]) -> psutil.Process | None:
    try:
        process = psutil.Process(int(fact["pid"]))
        return process if abs(process.create_time() - fact["began"]) < 1.0 else None
    except (psutil.Error, KeyError, ValueError, TypeError):
        return None


def _send(process: psutil.Process, number: signal.Signals) -> None:
    with contextlib.suppress(psutil.Error):
        process.send_signal(number)


def _wait(processes: list[psutil.Process]) -> None:
    deadline = time.monotonic() + _GRACE_S
    _, left = psutil.wait_procs(processes, timeout=max(0.0, deadline - time.monotonic()))
    for process in left:
        _send(process, signal.SIGKILL)


if __name__ == "__main__":
    main(sys.argv[1])
