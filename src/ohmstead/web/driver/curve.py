"""The power of one session as a picture of a few hundred bytes, drawn at the server."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _

WIDTH: Final = 320
HEIGHT: Final = 88
_MOST_POINTS: Final = 96
_GAP: Final = timedelta(minutes=10)

type Point = tuple[datetime, float]


@dataclass(frozen=True, slots=True)
class Curve:
    """Paths of an SVG of WIDTH x HEIGHT; a gap in the readings stays a gap."""

    line: str
    area: str
    top_kw: float
    points: tuple[Point, ...]
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def label(self) -> str:
        return _("Power over time, %(top).1f kW at most") % {"top": self.top_kw}


def curve(readings: Iterable[tuple[datetime, float | None]]) -> Curve | None:
    """Of (time, power in W); None with fewer than two that measured power."""
    points = [(at, power_w) for at, power_w in readings if power_w is not None]
    if len(points) < 2 or points[-1][0] <= points[0][0]:
        return None
    points = points[:: max(1, len(points) // _MOST_POINTS)] + points[-1:]
    top_w = max(max(power_w for _at, power_w in points), 1000.0)
    since, lasts_s = points[0][0], (points[-1][0] - points[0][0]).total_seconds()

    def place(point: Point) -> str:
        x = (point[0] - since).total_seconds() / lasts_s * WIDTH
        return f"{x:.1f} {HEIGHT - 2 - max(point[1], 0) / top_w * (HEIGHT - 8):.1f}"

    line, area = [], []
    for run in _runs(points):
        places = [place(point) for point in run]
        line.append("M" + "L".join(places))
        area.append(f"M{places[0].split()[0]} {HEIGHT}L{'L'.join(places)}L{places[-1].split()[0]} {HEIGHT}Z")
    return Curve(" ".join(line), " ".join(area), top_w / 1000, tuple(points))


def _runs(points: list[Point]) -> Iterable[list[Point]]:
    run = points[:1]
    for point in points[1:]:
        if point[0] - run[-1][0] > _GAP:
            yield run
            run = []
        run.append(point)
    yield run
