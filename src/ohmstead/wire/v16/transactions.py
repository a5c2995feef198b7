"""Transaction ids of OCPP 1.6: ours to give, so they are derived from what the station says of the start."""

from hashlib import blake2b
from typing import Any, Final

from ohmstead.wire.hearing import Hearing
from ohmstead.wire.moments import year_is_plausible
from ohmstead.wire.refusals import CommandNotInDialect

MAX_ID: Final = 2**31 - 1


def derived_id(start: Any, hearing: Hearing) -> int:
    """The same start gets the same id from any gateway, at any time.

    A station whose clock is not set says the same time after each boot; there the connection tells starts apart.
    """
    parts = [start.connector_id, start.timestamp, start.meter_start, start.id_tag, hearing.station_id]
    if not year_is_plausible(start.timestamp):
        parts.append(hearing.epoch)
    digest = blake2b("\x1f".join(map(str, parts)).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest) % MAX_ID + 1


def known_id(transaction_id: int | None, hearing: Hearing) -> str | None:
    """None for what we can never have given: -1, 0, 2^63-1 and their kind."""
    if transaction_id is None:
        return None
    if 1 <= transaction_id <= MAX_ID:
        return str(transaction_id)
    hearing.mend("transaction_id_impossible", "Not an id that we gave; matched by content.", transaction_id)
    return None


def transaction_number(transaction_id: str) -> int:
    """The id of a command as 1.6 writes it."""
    try:
        number = int(transaction_id)
    except ValueError:
        number = 0
    if not 1 <= number <= MAX_ID:
        raise CommandNotInDialect("An OCPP 1.6 transaction id is a number that we gave.")
    return number
