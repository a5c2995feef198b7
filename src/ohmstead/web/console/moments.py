"""Moments in addresses and forms: what is no moment is none."""

from datetime import datetime
from typing import Final

from ohmstead.web.console.zones import zone_of

_YEARS: Final = range(1971, 2200)  # the edges of the calendar have no moment in every zone


def moment_of(text: str) -> datetime | None:
    """A moment with its zone, as links of ours carry it."""
    found = _read(text)
    return found if found is not None and found.tzinfo else None


def local_moment(text: str, zone: str) -> datetime | None:
    """What a person wrote into a field for date and time, meant at the site."""
    found = _read(text)
    if found is None:
        return None
    return found if found.tzinfo else found.replace(tzinfo=zone_of(zone))


def _read(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.year in _YEARS else None
