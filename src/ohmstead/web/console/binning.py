"""Stretches of constant power as a curve of quarter hours. Pure: values in, values out."""

from datetime import datetime, timedelta
from typing import Final

SPAN: Final = timedelta(hours=24)
BIN: Final = timedelta(minutes=15)

type Active = tuple[datetime, datetime, float]  # from, until, power in W


def binned(active: list[Active], now: datetime) -> list[tuple[datetime, float]]:
    """Mean power of each quarter of an hour, oldest first; the running one is left out."""
    newest = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)
    count = SPAN // BIN
    first = newest - SPAN
    energies_wh = [0.0] * count
    for begins, until, power_w in active:
        index = max(0, (begins - first) // BIN)
        while index < count and first + index * BIN < until:
            edge = first + index * BIN
            overlap_s = (min(until, edge + BIN) - max(begins, edge)).total_seconds()
            energies_wh[index] += power_w * max(0.0, overlap_s) / 3600
            index += 1
    hours = BIN.total_seconds() / 3600
    return [(first + index * BIN, energy_wh / hours) for index, energy_wh in enumerate(energies_wh)]
