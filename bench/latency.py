"""How long a station waits for its answer: few stations as fast as they can, many at half of what saturates."""

from bench import frames, stations
from bench.drive import Driven, closed_loop, open_loop
from bench.figures import Figure, median_figure
from bench.system import System
from bench.throughput import Pace

_FEW = 20
_MANY = 1000


def figures(system: System, pace: Pace, saturation_per_s: float) -> list[Figure]:
    """`saturation_per_s` is what the durable closed loop reached by the clock in this run."""
    port = system.ports["ws"]
    few, many = [], []
    for number in range(pace.repeats):
        with stations.charging_16(port, range(2000, 2000 + _FEW), number) as lines:
            _build(lines, 2000)
            few.append(closed_loop(lines, pace.warm_s, min(pace.run_s, 3.0)))
        with stations.charging_16(port, range(3000, 3000 + _MANY), number) as lines:
            _build(lines, 300)
            many.append(open_loop(lines, saturation_per_s / 2, pace.warm_s, pace.run_s))
    return [
        _figure("latency_few_p50", f"reply latency, {_FEW} stations closed loop, p50", few, 50, 5.0),
        _figure("latency_few_p99", f"reply latency, {_FEW} stations closed loop, p99", few, 99, None),
        _figure("latency_half_p50", f"reply latency, {_MANY} stations at half of saturation, p50", many, 50, None),
        _figure("latency_half_p99", f"reply latency, {_MANY} stations at half of saturation, p99", many, 99, 50.0),
    ]


def _build(lines: list, each: int) -> None:
    for line in lines:
        line.frames = frames.built(line.frames, each)


def _figure(key: str, title: str, runs: list[Driven], percent: float, need: float | None) -> Figure:
    samples = [run.percentile_ms(percent) for run in runs]
    rate = sum(run.answers / run.seconds for run in runs) / len(runs)
    late_ms = max(run.late_ns for run in runs) / 1e6
    note = f"{rate:,.0f} msg/s" + (f"; the load itself was at most {late_ms:.1f} ms late" if late_ms else "")
    return median_figure(key, title, samples, "ms", need, at_most=True, note=note)
