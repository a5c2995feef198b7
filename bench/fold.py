"""The whole line with its worker, and the worker alone on a backlog."""

import time

from bench import frames, stations
from bench.cores import SERVER_CORE, CpuMeter, start_pinned
from bench.drive import closed_loop
from bench.figures import Figure, median_figure
from bench.system import System
from bench.throughput import STATIONS, Pace, Rates, drive

_FIRST = 4000


def figures(system: System, pace: Pace, durable_per_cpu_s: float) -> list[Figure]:
    """The worker must not run yet; it runs at the end. The echo is taken again, in turns with the whole line."""
    system.pass_over()
    system.start("worker")
    system.wait_folded()
    echo = Rates()
    lines = []
    for number in range(pace.repeats):
        echo_once(pace, echo, number)
        lines.append(whole_line(system, pace, number))
    shares = [rate / reference for rate, reference in zip(lines, echo.per_cpu_s, strict=True)]
    folds = [backlog(system, pace, pace.repeats + number) for number in range(pace.repeats)]
    rates = [fold[0] for fold in folds]
    return [
        median_figure("whole_rate", "whole line: journal + sessions + readings", lines, "msg/CPU-s"),
        median_figure("whole", "whole line against the echo", shares, "x echo", 0.15),
        median_figure("fold_rate", "fold of a backlog, worker + PostgreSQL", rates, "entries/CPU-s", note=folds[-1][1]),
        median_figure(
            "fold", "fold rate against the gateway's durable rate", [r / durable_per_cpu_s for r in rates], "x", 0.5
        ),
    ]


def echo_once(pace: Pace, rates: Rates, number: int) -> None:
    echo = start_pinned(["-m", "bench.servers.echo"], SERVER_CORE)
    try:
        with stations.echoing(echo.port, range(STATIONS), number) as lines:
            drive(lines, {"echo": echo.pid}, pace, rates, built=1200)
    finally:
        echo.stop()


def whole_line(system: System, pace: Pace, number: int) -> float:
    """Messages per CPU-second of everything, until the last one is folded."""
    with stations.charging_16(system.ports["ws"], range(_FIRST, _FIRST + STATIONS), number) as lines:
        for line in lines:
            line.frames = frames.built(line.frames, 300)
        system.wait_folded()
        meter = CpuMeter(system.processes().values())
        meter.start()
        run = closed_loop(lines, 0.0, pace.warm_s + pace.run_s)
        system.wait_folded()
        return (run.answers + len(lines)) / meter.total_s()


def backlog(system: System, pace: Pace, number: int) -> tuple[float, str]:
    """Entries per CPU-second of worker and PostgreSQL while nothing else happens, and where the time went."""
    with stations.charging_16(system.ports["ws"], range(_FIRST, _FIRST + STATIONS), number) as lines:
        system.wait_folded()
        system.pause("worker")
        try:
            run = closed_loop(lines, 0.0, pace.run_s)
            processes = system.processes()
            meter = CpuMeter((processes["worker"], processes["postgres"]))
            meter.start()
            begin = time.perf_counter()
        finally:
            system.resume("worker")
        system.wait_folded()
        took_s = time.perf_counter() - begin
        used = meter.each_s()
    entries = run.answers + STATIONS
    parts = ", ".join(f"{name} {used[processes[name]] / entries * 1e6:.1f}" for name in ("worker", "postgres"))
    return entries / sum(used.values()), f"{entries / took_s:,.0f} entries/s by the clock; us each: {parts}"
