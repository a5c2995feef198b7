"""Names, addresses and byte ranges of files that stations send and fetch."""

import re
from typing import Final

_NAME: Final = re.compile(r"[^A-Za-z0-9._-]+")
_RANGE: Final = re.compile(r"bytes=(\d*)-(\d*)$")


def safe_name(text: str, otherwise: str) -> str:
    """A file name that no file system, header or browser can misread."""
    name = _NAME.sub("-", text.replace("\\", "/").rpartition("/")[2]).strip(".-")[:100]
    return name or otherwise


def byte_range(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte that are wanted. None: all of it, also when several ranges are. Raises ValueError."""
    found = _RANGE.match(header.strip())
    if not found or not (found[1] or found[2]):
        return None
    if found[1]:
        first, last = int(found[1]), min(int(found[2] or size - 1), size - 1)
    else:
        first, last = max(size - int(found[2]), 0), size - 1
    if first > last or first >= size:
        raise ValueError("There are no such bytes.")
    return first, last


def same_version(one: str, other: str) -> bool:
    """Stations write versions in their own way: without case, and with or without a leading v."""
    return bool(one) and one.strip().casefold().removeprefix("v") == other.strip().casefold().removeprefix("v")
