"""OCPP 2.1: what we ask of a station."""

from typing import Final

from ohmstead.wire.saying import Sayings, bound
from ohmstead.wire.v2 import commanding
from ohmstead.wire.v21 import messages
from ohmstead.wire.v21.commanding import grid, power, sessions, tariffs

SAYINGS: Final[Sayings] = {
    **bound(commanding.SAYINGS, messages, {}, {}),
    **sessions.SAYINGS,
    **power.SAYINGS,
    **tariffs.SAYINGS,
    **grid.SAYINGS,
}
