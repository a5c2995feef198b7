"""The machine a table was taken on: figures without it say nothing."""

import os
import platform
import statistics
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import psutil

_SYNCS = 200


def describe(folder: Path, postgres_version: str) -> dict[str, object]:
    return {
        "cpu": _cpu_model(),
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 2**30, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "postgresql": postgres_version,
        "packages": {name: version(name) for name in ("picows", "uvloop", "msgspec", "psycopg", "websockets", "ocpp")},
        "fdatasync_8kb_ms": round(fdatasync_ms(folder), 3),
        "load_before": os.getloadavg()[0],
    }


def fdatasync_ms(folder: Path) -> float:
    """Median of appending 8 kB and forcing it to the disk of the database."""
    took = []
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        for _ in range(_SYNCS):
            file.write(bytes(8192))
            file.flush()
            begin = time.perf_counter()
            os.fdatasync(file.fileno())
            took.append(time.perf_counter() - begin)
    return statistics.median(took) * 1000


def _cpu_model() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()
