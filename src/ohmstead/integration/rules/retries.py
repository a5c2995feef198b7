"""When a delivery is tried again, and when a webhook is given up."""

from datetime import datetime, timedelta
from typing import Final

# After the first attempt; the last one comes about three and a half days after the event.
DELAYS: Final = (
    timedelta(seconds=5),
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=8),
    timedelta(hours=24),
    timedelta(hours=48),
)
JITTER: Final = 0.2  # of the delay, so that what failed together does not come back together
DISABLED_AFTER: Final = timedelta(days=5)
PROBED_EVERY: Final = timedelta(seconds=30)
FAILING_FROM: Final = 5  # failures in a row; then only one delivery at a time is tried


def next_delay(attempts: int, chance: float) -> timedelta | None:
    """After so many attempts; `chance` is 0 to 1. None: that was the last one."""
    if attempts > len(DELAYS):
        return None
    return DELAYS[attempts - 1] * (1 - JITTER + 2 * JITTER * chance)


def is_given_up(failing_since: datetime | None, now: datetime) -> bool:
    """Nothing arrived for so long that nobody seems to be there."""
    return failing_since is not None and now - failing_since >= DISABLED_AFTER


def is_delivered(status: int) -> bool:
    return 200 <= status < 300


def is_gone(status: int) -> bool:
    """The receiver says that it never wants to hear of us again."""
    return status == 410
