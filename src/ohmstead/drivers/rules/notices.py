"""What a driver is told unless they say otherwise, and when to try again."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

KINDS: Final = ("started", "suspended", "nearly_done", "done", "fault")
CHANNELS: Final = ("push", "email", "sms")
USUAL: Final = frozenset({*(("push", kind) for kind in KINDS), ("email", "done"), ("email", "fault")})
_DELAYS: Final = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))


def is_wanted(channel: str, kind: str, chosen: Mapping[tuple[str, str], bool]) -> bool:
    return chosen.get((channel, kind), (channel, kind) in USUAL)


def next_delay(attempts: int) -> timedelta | None:
    """After so many attempts in vain; None: a notice that comes hours late helps nobody."""
    return _DELAYS[attempts - 1] if attempts <= len(_DELAYS) else None
