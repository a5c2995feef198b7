"""Charts as SVG made on the server: crisp, printable, readable without a script."""

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Final
from zoneinfo import ZoneInfo

LEFT, RIGHT, TOP, BOTTOM = 52, 52, 26, 28  # room for the words around the curve
_MOST_POINTS: Final = 400
_LEAST_GAP: Final = timedelta(minutes=3)
_STEPS_MINUTES: Final = (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440)


@dataclass(frozen=True, slots=True)
class Frame:
    """The size a chart is drawn for; it scales, and its words with it."""

    width: int = 860
    height: int = 260
    right_room: int = RIGHT

    @property
    def base(self) -> int:
        return self.height - BOTTOM

    @property
    def right(self) -> int:
        return self.width - self.right_room

    def y(self, value: float, top: float) -> float:
        return round(self.base - min(max(value, 0), top) / top * (self.base - TOP), 1)


WIDE: Final = Frame()
HALF: Final = Frame(640, 230, right_room=12)


@dataclass(frozen=True, slots=True)
class Sample:
    """One moment; None is 'not measured'. `label` is shown on hover."""

    at: datetime
    left: float | None
    right: float | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Tick:
    position: float
    text: str


@dataclass(frozen=True, slots=True)
class Probe:
    x: float
    width: float
    label: str


@dataclass(frozen=True, slots=True)
class Band:
    """A time that is shaded behind the curves."""

    since: datetime
    until: datetime
    css: str
    label: str


@dataclass(frozen=True, slots=True)
class Stripe:
    x: float
    width: float
    css: str
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Coordinates and words, ready for templates/console/chart.html."""

    areas: list[str]
    left_lines: list[str]
    right_lines: list[str]
    left_ticks: list[Tick]
    right_ticks: list[Tick]
    time_ticks: list[Tick]
    probes: list[Probe]
    left_name: str
    right_name: str
    right_css: str
    frame: Frame
    stripes: list[Stripe]
    x_left: int = LEFT
    y_top: int = TOP

    @property
    def inner_height(self) -> int:
        return self.frame.base - TOP


def time_chart(
    samples: Sequence[Sample],
    *,
    zone: ZoneInfo,
    left_name: str,
    right_name: str = "",
    right_css: str = "soc",
    right_top: float | None = None,
    frame: Frame = WIDE,
    bands: Iterable[Band] = (),
) -> Chart | None:
    """None when there is nothing to draw. A pause much longer than usual between two samples stays a gap."""
    if len(samples) < 2 or samples[0].at == samples[-1].at:
        return None
    thinned = samples[:: max(1, len(samples) // _MOST_POINTS)]
    begin, end = thinned[0].at, thinned[-1].at
    span_s = (end - begin).total_seconds()

    def x(at: datetime) -> float:
        return round(LEFT + (at - begin).total_seconds() / span_s * (frame.right - LEFT), 1)

    left_top = nice_top(max((s.left or 0 for s in thinned), default=0))
    right_top = right_top or nice_top(max((s.right or 0 for s in thinned), default=0))
    left_runs = _runs(thinned, lambda s: s.left)
    right_runs = _runs(thinned, lambda s: s.right) if right_name else []
    return Chart(
        areas=[_area(run, x, left_top, frame) for run in left_runs if len(run) > 1],
        left_lines=[_line(run, x, left_top, frame) for run in left_runs],
        right_lines=[_line(run, x, right_top, frame) for run in right_runs],
        left_ticks=_value_ticks(left_top, frame),
        right_ticks=_value_ticks(right_top, frame) if right_runs else [],
        time_ticks=_time_ticks(begin, end, zone, x),
        probes=_probes(thinned, x),
        left_name=left_name,
        right_name=right_name if right_runs else "",
        right_css=right_css,
        frame=frame,
        stripes=_stripes(bands, begin, end, x),
    )


def nice_top(most: float) -> float:
    """The least round number, not below the value, whose quarters are round too."""
    if most <= 0:
        return 1.0
    size = 10.0 ** (len(str(int(most))) - 1) if most >= 1 else 0.1
    return next(size * factor for factor in (1, 1.2, 1.6, 2, 2.4, 3.2, 4, 5, 6, 8, 10, 12) if size * factor >= most)


type Run = list[tuple[datetime, float]]


def _runs(samples: Iterable[Sample], value: Callable[[Sample], float | None]) -> list[Run]:
    points = [(s.at, v) for s in samples if (v := value(s)) is not None]
    if not points:
        return []
    usual = median((b[0] - a[0]).total_seconds() for a, b in itertools.pairwise(points)) if points[1:] else 0
    longest = max(timedelta(seconds=usual * 4), _LEAST_GAP)
    runs: list[Run] = [[points[0]]]
    for before, point in itertools.pairwise(points):
        if point[0] - before[0] > longest:
            runs.append([])
        runs[-1].append(point)
    return runs


type Scale = Callable[[datetime], float]


def _line(run: Run, x: Scale, top: float, frame: Frame) -> str:
    return " ".join(f"{x(at)},{frame.y(value, top)}" for at, value in run)


def _area(run: Run, x: Scale, top: float, frame: Frame) -> str:
    return f"{x(run[0][0])},{frame.base} {_line(run, x, top, frame)} {x(run[-1][0])},{frame.base}"


def _value_ticks(top: float, frame: Frame) -> list[Tick]:
    return [Tick(frame.y(top * i / 4, top), f"{top * i / 4:g}") for i in range(5)]


def _time_ticks(begin: datetime, end: datetime, zone: ZoneInfo, x: Scale) -> list[Tick]:
    minutes = (end - begin).total_seconds() / 60
    step = next((s for s in _STEPS_MINUTES if minutes / s <= 9), _STEPS_MINUTES[-1])
    local = begin.astimezone(zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    first = midnight + timedelta(minutes=((local - midnight).total_seconds() // 60 // step + 1) * step)
    ticks = []
    while first <= end:
        ticks.append(Tick(x(first), first.strftime("%H:%M")))
        first += timedelta(minutes=step)
    return ticks


def _probes(samples: Sequence[Sample], x: Scale) -> list[Probe]:
    """A strip around each sample that tells its exact values on hover."""
    edges = [x(samples[0].at)]
    edges += [(x(a.at) + x(b.at)) / 2 for a, b in itertools.pairwise(samples)]
    edges.append(x(samples[-1].at))
    return [
        Probe(round(edges[i], 1), round(max(edges[i + 1] - edges[i], 1), 1), sample.label)
        for i, sample in enumerate(samples)
        if sample.label
    ]


def _stripes(bands: Iterable[Band], begin: datetime, end: datetime, x: Scale) -> list[Stripe]:
    """What of the bands lies within the chart; at least a pixel of it is seen."""
    stripes = []
    for band in bands:
        since, until = max(band.since, begin), min(band.until, end)
        if since < until:
            left = x(since)
            stripes.append(Stripe(left, max(round(x(until) - left, 1), 1), band.css, band.label))
    return stripes
