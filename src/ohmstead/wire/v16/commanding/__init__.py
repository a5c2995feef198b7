"""OCPP 1.6: what we ask of a station."""

from typing import Final

from ohmstead.wire.saying import Sayings
from ohmstead.wire.v16.commanding import certificates, control, power, sessions, settings, tokens, upkeep

SAYINGS: Final[Sayings] = {
    **sessions.SAYINGS,
    **control.SAYINGS,
    **settings.SAYINGS,
    **tokens.SAYINGS,
    **power.SAYINGS,
    **upkeep.SAYINGS,
    **certificates.SAYINGS,
}
