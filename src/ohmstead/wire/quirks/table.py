"""The table of model quirks. A bit is written into the journal with each message: never renumber, only add."""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest
from typing import Final, Literal

KWH_BESIDE_SIGNATURE: Final = 1 << 0
KWH_CALLED_WH: Final = 1 << 1
LOCAL_TIME_WITHOUT_ZONE: Final = 1 << 2
NO_PING: Final = 1 << 3
NO_PROBING: Final = 1 << 4
REGISTER_PER_SESSION: Final = 1 << 5
TAG_WITH_SERIAL: Final = 1 << 6


@dataclass(frozen=True, slots=True)
class Quirk:
    """`vendor` and `model` are regular expressions for the whole text without case; firmware is [from, before)."""

    bit: int
    code: str
    vendor: str
    sentence: str
    model: str = ".*"
    firmware_from: str | None = None
    firmware_before: str | None = None

    def fits(self, vendor: str, model: str, firmware: str | None) -> bool:
        return bool(
            re.fullmatch(self.vendor, vendor, re.IGNORECASE)
            and re.fullmatch(self.model, model, re.IGNORECASE)
            and _within(firmware, self.firmware_from, self.firmware_before)
        )


QUIRKS: Final[tuple[Quirk, ...]] = (
    Quirk(
        KWH_BESIDE_SIGNATURE,
        "kwh_beside_signature",
        vendor="keba.*",
        sentence="A signed value without unit is in kWh, though the standard says Wh.",
    ),
    Quirk(
        KWH_CALLED_WH,
        "kwh_called_wh",
        vendor="openevse",
        firmware_before="5",
        sentence="The energy register in MeterValues is in kWh, though its unit says Wh.",
    ),
    Quirk(
        LOCAL_TIME_WITHOUT_ZONE,
        "local_time_without_zone",
        vendor="growatt.*",
        sentence="Times are local times without a zone; the zone is told by how the time differs from the arrival.",
    ),
    Quirk(
        NO_PING,
        "no_ping",
        vendor=r"en\+.*|en[- ]?plus.*",
        sentence="Never answers a WebSocket ping; it counts as alive by any frame it sends.",
    ),
    Quirk(
        NO_PING,
        "no_ping",
        vendor="evduty|elmec.*",
        sentence="Never answers a WebSocket ping; it counts as alive by any frame it sends.",
    ),
    Quirk(
        NO_PROBING,
        "no_probing",
        vendor="abb",
        model=".*tac.*|terra.*ac.*",
        sentence="Reboots when its configuration is probed; ask only for keys it is known to have.",
    ),
    Quirk(
        REGISTER_PER_SESSION,
        "register_per_session",
        vendor="growatt.*",
        model=".*thor.?11as.*",
        sentence="The energy register begins at 0 with each session.",
    ),
    Quirk(
        TAG_WITH_SERIAL,
        "tag_with_serial",
        vendor="keba.*",
        sentence="Appends its serial number to the card's number after an underscore.",
    ),
)


@lru_cache(maxsize=4096)
def quirk_mask(vendor: str | None, model: str | None, firmware: str | None) -> int:
    """The bits of all rows that fit what a station said of itself."""
    mask = 0
    for quirk in QUIRKS:
        if quirk.fits((vendor or "").strip()[:100], (model or "").strip()[:100], firmware):
            mask |= quirk.bit
    return mask


def quirks_in(mask: int) -> tuple[Quirk, ...]:
    """The rows behind a mask, one per bit, for a person to read."""
    rows = {quirk.bit: quirk for quirk in reversed(QUIRKS) if quirk.bit & mask}
    return tuple(rows[bit] for bit in sorted(rows))


def has_no_ping(mask: int) -> bool:
    return bool(mask & NO_PING)


def avoids_probing(mask: int) -> bool:
    return bool(mask & NO_PROBING)


def register_scope(mask: int) -> Literal["lifetime", "session"]:
    """How long an energy register counts before it begins at 0 again."""
    return "session" if mask & REGISTER_PER_SESSION else "lifetime"


def _within(firmware: str | None, from_: str | None, before: str | None) -> bool:
    """An unknown firmware fits only rows without a range."""
    if from_ is None and before is None:
        return True
    if not firmware:
        return False
    return (from_ is None or _compare(firmware, from_) >= 0) and (before is None or _compare(firmware, before) < 0)


def _compare(left: str, right: str) -> int:
    """By the numbers in the texts, from left to right: 1.10 is after 1.9."""
    pairs = zip_longest(_numbers(left), _numbers(right), fillvalue=0)
    return next((1 if a > b else -1 for a, b in pairs if a != b), 0)


def _numbers(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d{1,9}", text[:100])]
