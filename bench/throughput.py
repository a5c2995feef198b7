"""Messages per CPU-second: the echo, the comparison, and the durable line, taken in turns."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from bench import frames, stations
from bench.cores import SERVER_CORE, Child, CpuMeter, start_pinned
from bench.drive import closed_loop
from bench.figures import Figure, median_figure
from bench.lines import Line
from bench.system import System

STATIONS = 500
_PACKAGE_STATIONS = 100


@dataclass(frozen=True, slots=True)
class Pace:
    """How long and how often."""

    warm_s: float = 1.0
    run_s: float = 4.0
    repeats: int = 3


@dataclass(slots=True)
class Rates:
    """Messages per CPU-second of one kind of run, and per second of the clock."""

    per_cpu_s: list[float] = field(default_factory=list)
    per_s: list[float] = field(default_factory=list)
    us_by_process: dict[str, list[float]] = field(default_factory=dict)


def drive(lines: Sequence[Line], processes: dict[str, int], pace: Pace, rates: Rates, *, built: int) -> None:
    """One closed-loop run; its costs join `rates`."""
    for line in lines:
        line.frames = frames.built(line.frames, built)
    meter = CpuMeter(processes.values())
    used: dict[int, float] = {}
    run = closed_loop(lines, pace.warm_s, pace.run_s, meter.start, lambda: used.update(meter.each_s()))
    rates.per_cpu_s.append(run.answers / sum(used.values()))
    rates.per_s.append(run.per_s)
    for name, pid in processes.items():
        rates.us_by_process.setdefault(name, []).append(used[pid] / run.answers * 1e6)


class Comparison:
    """All kinds of runs, one after the other, repeated: what disturbs the machine disturbs each of them."""

    def __init__(self, system: System, pace: Pace) -> None:
        self.system = system
        self.pace = pace
        self.rates: dict[str, Rates] = {}
        self._runs = 0

    def run(self) -> None:
        echo = start_pinned(["-m", "bench.servers.echo"], SERVER_CORE)
        package = start_pinned(["-m", "bench.servers.package"], SERVER_CORE)
        try:
            for _ in range(self.pace.repeats):
                self.round(echo, package)
        finally:
            echo.stop()
            package.stop()

    def round(self, echo: Child, package: Child) -> None:
        run, port = self._runs, self.system.ports["ws"]
        self._runs += 1
        everybody = range(STATIONS)
        self._drive("echo", lambda: stations.echoing(echo.port, everybody, run), {"echo": echo.pid}, 1200)
        self._drive("durable", lambda: stations.charging_16(port, everybody, run), self._system(), 500)
        self._drive(
            "package",
            lambda: stations.booted_16(package.port, range(_PACKAGE_STATIONS), run),
            {"package": package.pid},
            200,
        )
        self._drive("heartbeat", lambda: stations.idle_16(port, everybody), self._system(), 800)
        later = range(STATIONS, 2 * STATIONS)
        self._drive("transaction_event", lambda: stations.charging_201(port, later, run), self._system(), 400)

    def figures(self) -> list[Figure]:
        echo = self.rates["echo"].per_cpu_s

        def against(name: str, title: str, need: float) -> Figure:
            rates = self.rates[name]
            samples = [mine / reference for mine, reference in zip(rates.per_cpu_s, echo, strict=True)]
            return median_figure(name, title, samples, "x echo", need, note=_costs(rates))

        durable, package = self.rates["durable"], self.rates["package"]
        times = [mine / other for mine, other in zip(durable.per_cpu_s, package.per_cpu_s, strict=True)]
        return [
            median_figure("echo", "bare picows echo, 319-byte frames", echo, "msg/CPU-s"),
            median_figure("durable_rate", "durable MeterValues", durable.per_cpu_s, "msg/CPU-s"),
            against("durable", "durable MeterValues against the echo", 0.35),
            median_figure("package_rate", "websockets + ocpp package, nothing stored", package.per_cpu_s, "msg/CPU-s"),
            median_figure("package", "durable MeterValues against websockets + ocpp", times, "x", 15),
            against("heartbeat", "Heartbeat against the echo", 0.50),
            against("transaction_event", "TransactionEvent (2.0.1, durable) against the echo", 0.25),
        ]

    def _drive(
        self,
        name: str,
        opened: Callable[[], AbstractContextManager[list[Line]]],
        processes: dict[str, int],
        built: int,
    ) -> None:
        with opened() as lines:
            drive(lines, processes, self.pace, self.rates.setdefault(name, Rates()), built=built)

    def _system(self) -> dict[str, int]:
        return self.system.processes()


def _costs(rates: Rates) -> str:
    """CPU microseconds per message, by process."""
    parts = (f"{name} {sum(each) / len(each):.1f}" for name, each in rates.us_by_process.items())
    return "us per message: " + ", ".join(parts)
