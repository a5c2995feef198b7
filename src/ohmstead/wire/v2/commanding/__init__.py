"""OCPP 2.x: what we ask of a station, made with the structs of the version that is passed in."""

from typing import Final

from ohmstead.wire.saying import Sayings
from ohmstead.wire.v2.commanding import (
    certificates,
    control,
    display,
    monitoring,
    power,
    sessions,
    settings,
    tokens,
    upkeep,
)

SAYINGS: Final[Sayings] = {
    **sessions.SAYINGS,
    **control.SAYINGS,
    **settings.SAYINGS,
    **tokens.SAYINGS,
    **power.SAYINGS,
    **upkeep.SAYINGS,
    **certificates.SAYINGS,
    **monitoring.SAYINGS,
    **display.SAYINGS,
}
