"""Server time of console and API pages with 10,000 stations, 1,000,000 sessions and 50,000 cards."""

import json

from bench.figures import Figure
from bench.system import System

_MOST_MS = 60.0
_REPEATS = 40


def figures(system: System, quick: bool) -> list[Figure]:
    """p95 in the process of the web role, on the core that PostgreSQL uses too."""
    costs = json.loads(system.said_by("-m", "bench.pages", str(5 if quick else _REPEATS)))
    return [
        Figure(
            f"console_{cost['key']}",
            f"{cost['title']}, server time p95",
            cost["p95_ms"],
            "ms",
            None if quick else _MOST_MS,
            at_most=True,
            note=f"p50 {cost['p50_ms']:.1f} ms, {cost['queries']} queries",
        )
        for cost in costs
    ]
