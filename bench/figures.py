"""A measured figure, what it must reach, and the table they are printed in."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """`need` with `at_most` False is a lower bound; None: the figure is only told."""

    key: str
    title: str
    value: float
    unit: str
    need: float | None = None
    at_most: bool = False
    samples: tuple[float, ...] = ()
    note: str = ""

    @property
    def reached(self) -> bool | None:
        if self.need is None:
            return None
        return self.value <= self.need if self.at_most else self.value >= self.need


def median_figure(
    key: str,
    title: str,
    samples: Sequence[float],
    unit: str,
    need: float | None = None,
    *,
    at_most: bool = False,
    note: str = "",
) -> Figure:
    return Figure(key, title, statistics.median(samples), unit, need, at_most, tuple(samples), note)


def table(figures: Sequence[Figure]) -> str:
    """Markdown, aligned, so that it reads the same in a terminal and in the docs."""
    rows = [("figure", "measured", "must reach", "")]
    rows += [(f.title, f"{number(f.value)} {f.unit}".strip(), _need(f), _word(f)) for f in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    lines.insert(1, "| " + " | ".join("-" * max(width, 3) for width in widths) + " |")
    return "\n".join(lines)


def number(value: float) -> str:
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) < 10 else f"{value:.1f}"


def _need(figure: Figure) -> str:
    if figure.need is None:
        return ""
    return f"{'<=' if figure.at_most else '>='} {number(figure.need)} {figure.unit}".strip()


def _word(figure: Figure) -> str:
    return {None: "", True: "reached", False: "MISSED"}[figure.reached]
