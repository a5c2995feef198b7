"""What named models get wrong beyond what we forgive every station: one row, one bit, one test each."""

from ohmstead.wire.quirks.table import (
    KWH_BESIDE_SIGNATURE,
    KWH_CALLED_WH,
    LOCAL_TIME_WITHOUT_ZONE,
    NO_PING,
    NO_PROBING,
    QUIRKS,
    REGISTER_PER_SESSION,
    TAG_WITH_SERIAL,
    Quirk,
    avoids_probing,
    has_no_ping,
    quirk_mask,
    quirks_in,
    register_scope,
)

__all__ = [
    "KWH_BESIDE_SIGNATURE",
    "KWH_CALLED_WH",
    "LOCAL_TIME_WITHOUT_ZONE",
    "NO_PING",
    "NO_PROBING",
    "QUIRKS",
    "REGISTER_PER_SESSION",
    "TAG_WITH_SERIAL",
    "Quirk",
    "avoids_probing",
    "has_no_ping",
    "quirk_mask",
    "quirks_in",
    "register_scope",
]
