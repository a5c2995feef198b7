"""Who a station says it is."""

import re
from typing import Final

# OCPP 2.0.1 part 4, 3.1.1: identifierString characters, at most 48; 1.6 sets no bound, so ours is the same.
_IDENTITY: Final = re.compile(r"[A-Za-z0-9*\-_=:+|@.]{1,48}")


class InvalidIdentity(ValueError):
    """The last part of the address is not a station identity."""


def station_identity(text: str) -> str:
    """Check the identity a station put at the end of its address.

    Raises InvalidIdentity with a sentence for the installer.
    """
    if not _IDENTITY.fullmatch(text):
        raise InvalidIdentity(
            f"{text[:60]!r} is not a station identity: "
            "use 1 to 48 letters, digits or * - _ = : + | @ . at the end of the address."
        )
    return text
