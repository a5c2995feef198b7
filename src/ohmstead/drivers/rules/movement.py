"""Could one card have been at both places? Kilometres and hours, nothing else."""

from datetime import datetime
from math import asin, cos, radians, sin, sqrt
from typing import Final

FASTEST_KMH: Final = 200.0
NEAR_KM: Final = 5.0  # positions of sites are entered by hand, and clocks differ by minutes
_EARTH_KM: Final = 6371.0


def distance_km(first: tuple[float, float], second: tuple[float, float]) -> float:
    """On the sphere; positions are latitude and longitude in degrees."""
    (lat1, lon1), (lat2, lon2) = (tuple(map(radians, position)) for position in (first, second))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * _EARTH_KM * asin(min(1.0, sqrt(half)))


def too_far_apart(
    first: tuple[float, float], first_at: datetime, second: tuple[float, float], second_at: datetime
) -> bool:
    """Nobody drives that fast, so there are two cards with one number."""
    hours = abs((second_at - first_at).total_seconds()) / 3600
    return distance_km(first, second) > NEAR_KM + FASTEST_KMH * hours
