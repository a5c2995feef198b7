"""What became of a session that its driver should hear of."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

NEARLY_DONE_PERCENT: Final = 80.0  # from here on most cars charge slowly
LATE: Final = timedelta(hours=1)  # what stations tell later than this is no news
_PAUSED: Final = ("suspended_car", "suspended_station")


class Seen(msgspec.Struct, frozen=True):
    """A session at one time; `faulted`: its plug said so last."""

    state: str
    charging_state: str
    soc_percent: float | None
    last_event_at: datetime
    faulted: bool = False


def news_of(before: Seen | None, after: Seen, now: datetime) -> Sequence[str]:
    """Kinds of notices, each told once for a session however often this is asked."""
    if after.last_event_at < now - LATE or after.state == "refused":
        return []
    if after.state != "running":
        was_open = before is None or before.state == "running"
        return ["done"] if was_open and after.state == "ended" else []
    found = []
    if before is None or before.state == "refused":
        found.append("started")
    elif after.charging_state in _PAUSED and before.charging_state not in _PAUSED:
        found.append("suspended")
    if _reached(after) and before is not None and not _reached(before):
        found.append("nearly_done")
    if after.faulted:
        found.append("fault")
    return found


def _reached(seen: Seen) -> bool:
    return seen.soc_percent is not None and seen.soc_percent >= NEARLY_DONE_PERCENT
