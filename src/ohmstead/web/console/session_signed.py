"""Signed meter values as the station sent them, for a person and for a program that checks them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from ohmstead.charging.models import MeterReading

MOST_SHOWN: Final = 10  # the first and the last ones count; a station may sign every reading of a night


@dataclass(frozen=True, slots=True)
class SignedValue:
    """`digest` is the SHA-256 of its bytes, and its name in addresses."""

    at: datetime
    text: str
    digest: str


def signed_values(readings: Iterable[MeterReading]) -> list[SignedValue]:
    """In the order of the readings; what was sent twice is one."""
    found: dict[str, SignedValue] = {}
    for reading in readings:
        for text in reading.signed or ():
            digest = sha256(text.encode()).hexdigest()
            found.setdefault(digest, SignedValue(reading.at, text, digest))
    return list(found.values())


def first_and_last(values: list[SignedValue]) -> list[SignedValue]:
    if len(values) <= MOST_SHOWN:
        return values
    half = MOST_SHOWN // 2
    return values[:half] + values[-half:]
