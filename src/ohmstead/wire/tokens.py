"""Card numbers as stations spell them."""

from ohmstead.station.tokens import PresentedToken, TokenKind
from ohmstead.wire.hearing import Hearing
from ohmstead.wire.quirks import TAG_WITH_SERIAL


def presented(
    uid: str | None, kind: TokenKind, hearing: Hearing, group_uid: str | None = None
) -> PresentedToken | None:
    """None when nothing was presented."""
    if not uid:
        return None
    if hearing.quirks & TAG_WITH_SERIAL and "_" in uid:
        hearing.mend("tag_with_serial", "This model appends its serial number to the card's number.", uid)
        uid = uid.partition("_")[0] or uid
    return PresentedToken(uid, kind, group_uid)
