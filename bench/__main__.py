"""`make bench`: measure, print a table, write JSON to bench/out."""

import argparse
import json
import os
import shutil
import sys
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from bench import authorise, codec, console, crowd, fold, latency, live
from bench.cores import LOAD_CORE, pin_self
from bench.figures import Figure, table
from bench.machine import describe
from bench.provision import STATIONS
from bench.system import System
from bench.throughput import Comparison, Pace

OUT = Path(__file__).parent / "out"
LINE_ROWS = ("codec", "rates", "latency", "fold", "authorise", "crowd")
PAGE_ROWS = ("console", "live")  # in the database of a large operator
ROWS = (*LINE_ROWS, *PAGE_ROWS)


def main() -> int:
    options = _options()
    pin_self(LOAD_CORE)
    crowd.raise_file_limit()
    pace = Pace(0.5, 1.5, 1) if options.quick else Pace(1.0, 4.0, options.repeats)
    OUT.mkdir(exist_ok=True)
    folder = options.folder or Path(tempfile.mkdtemp(prefix="ohmstead-bench-"))
    raised = _raise_priority() if options.priority else False
    machine: dict[str, object] = {}
    figures: list[Figure] = []
    try:
        if set(LINE_ROWS) & set(options.rows):
            with System(folder / "line", "bench.provision", str(STATIONS)) as system:
                machine = _machine(system, raised)
                figures += measure(system, pace, options.rows)
        if set(PAGE_ROWS) & set(options.rows):
            with System(folder / "console", "bench.large_network", *(["small"] if options.quick else [])) as system:
                machine = _machine(system, raised)
                if "console" in options.rows:
                    figures += _told(console.figures(system, options.quick))
                if "live" in options.rows:
                    figures += _told(live.figures(system, options.quick))
    except BaseException:
        print(f"The logs of the roles are in {folder}", file=sys.stderr)
        raise
    if not options.folder:
        shutil.rmtree(folder)
    _report(machine, figures)
    return 0 if all(figure.reached is not False for figure in figures) else 1


def _machine(system: System, raised: bool) -> dict[str, object]:
    machine = describe(system.folder, system.query("SHOW server_version")[0][0])
    machine["raised_priority"] = raised
    machine["durability"] = dict(system.query(_DURABILITY))
    print(json.dumps(machine, indent=1))
    return machine


_DURABILITY = """SELECT name, setting FROM pg_settings
                 WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes', 'wal_sync_method')"""


def measure(system: System, pace: Pace, rows: list[str]) -> list[Figure]:
    figures = codec.figures(pace.repeats) if "codec" in rows else []
    system.start("desk")
    system.start("gateway")
    if {"rates", "latency", "fold"} & set(rows):
        comparison = Comparison(system, pace)
        comparison.run()
        figures += _told(comparison.figures())
        durable = comparison.rates["durable"]
        if "latency" in rows:
            figures += _told(latency.figures(system, pace, sorted(durable.per_s)[len(durable.per_s) // 2]))
        if "fold" in rows:
            by_key = {figure.key: figure.value for figure in figures}
            figures += _told(fold.figures(system, pace, by_key["durable_rate"]))
            system.stop("worker")
    if "authorise" in rows:
        figures += _told(authorise.figures(system, pace))
    if "crowd" in rows:
        figures += _told(crowd.figures(system))
    return figures


def _told(figures: list[Figure]) -> list[Figure]:
    """Say each group as soon as it is known."""
    print(table(figures))
    for figure in figures:
        if figure.note:
            print(f"  {figure.title}: {figure.note}")
    sys.stdout.flush()
    return figures


def _report(machine: dict[str, object], figures: list[Figure]) -> None:
    print(f"\n{table(figures)}")
    at = datetime.now(UTC)
    result = {
        "at": at.isoformat(),
        "machine": machine,
        "figures": [asdict(f) | {"reached": f.reached} for f in figures],
    }
    path = OUT / f"{at:%Y%m%dT%H%M%S}.json"
    path.write_text(json.dumps(result, indent=1) + "\n")
    print(f"\n{path}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="short runs, once: shows that it works, measures little")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--rows", nargs="+", choices=ROWS, default=list(ROWS))
    parser.add_argument("--priority", action="store_true", help="run everything measured at a raised priority (root)")
    parser.add_argument("--folder", type=Path, help="keep the filled databases there and use them again")
    return parser.parse_args()


def _raise_priority() -> bool:
    """On a machine that others use too: load, server and database all alike, or latency measures the neighbours."""
    try:
        os.setpriority(os.PRIO_PROCESS, 0, -20)
    except PermissionError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
