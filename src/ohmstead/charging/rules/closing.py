"""How a session ends when its station does not say so."""

from datetime import datetime

import msgspec

from ohmstead.charging.rules.facts import EndFact
from ohmstead.charging.rules.flags import Flag
from ohmstead.station.states import StopReason


class Surroundings(msgspec.Struct, omit_defaults=True):
    """What others know that bears on a session; each value is the extreme of a set, so order does not matter.

    `next_start`: of the following session on the same EVSE. `booted_at`, `free_at`: the station's newest boot and
    the newest moment its plug was said to be free, both before `next_start`. `charging_at`: the newest moment the
    plug was said to charge or to be held back. `given_up_as_of`: as of which evidence someone gave it up.
    """

    next_start: datetime | None = None
    booted_at: datetime | None = None
    free_at: datetime | None = None
    charging_at: datetime | None = None
    given_up_as_of: datetime | None = None
    by_hand_as_of: datetime | None = None
    stray_stop: EndFact | None = None


class Ending(msgspec.Struct, frozen=True):
    at: datetime
    reason: StopReason
    flag: Flag | None = None
    lost: bool = False


def ending(own: EndFact | None, around: Surroundings, last_at: datetime) -> Ending | None:
    """None while it runs. `last_at` is the newest evidence that it goes on; anything newer opens it again."""
    if own is not None:
        return Ending(own.at, StopReason(own.reason))
    if around.stray_stop is not None:
        return Ending(around.stray_stop.at, StopReason(around.stray_stop.reason), Flag.STOP_MATCHED)
    if _freed_by_boot(around, last_at):
        return Ending(last_at, StopReason.REBOOT, Flag.ENDED_BY_REBOOT)
    if around.next_start is not None and around.next_start >= last_at:
        return Ending(last_at, StopReason.OTHER, Flag.ENDED_BY_NEXT_START)
    if around.by_hand_as_of is not None and around.by_hand_as_of >= last_at:
        return Ending(last_at, StopReason.OTHER, Flag.CLOSED_BY_HAND)
    if around.given_up_as_of is not None and around.given_up_as_of >= last_at:
        return Ending(last_at, StopReason.LOST, Flag.LOST, lost=True)
    return None


def _freed_by_boot(around: Surroundings, last_at: datetime) -> bool:
    """A boot alone proves nothing: many stations go on with the charge they were in.

    A boot has our time and a plug the station's, so which of them came first tells nothing.
    """
    if around.booted_at is None or around.free_at is None:
        return False
    return around.booted_at > last_at and around.free_at > last_at
