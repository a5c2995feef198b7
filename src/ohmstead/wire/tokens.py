"""Card numbers as stations spell them."""

import re
from typing import Final

from ohmstead.station.tokens import PresentedToken, TokenKind
from ohmstead.wire.hearing import Hearing
from ohmstead.wire.quirks import TAG_WITH_SERIAL

# OCPP 1.6 has no kinds of tokens; Autocharge writes the car's address as a vehicle id into the card's place.
_AUTOCHARGE: Final = re.compile(r"VID:(?P<address>[0-9A-Fa-f]{12})")


def presented(
    uid: str | None, kind: TokenKind, hearing: Hearing, group_uid: str | None = None
) -> PresentedToken | None:
    """None when nothing was presented."""
    if not uid:
        return None
    if hearing.quirks & TAG_WITH_SERIAL and "_" in uid:
        hearing.mend("tag_with_serial", "This model appends its serial number to the card's number.", uid)
        uid = uid.partition("_")[0] or uid
    if kind is TokenKind.RFID and (car := _AUTOCHARGE.fullmatch(uid)):
        return PresentedToken(car["address"], TokenKind.MAC_ADDRESS, group_uid)
    return PresentedToken(uid, kind, group_uid)
