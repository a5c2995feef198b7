"""One line of the journal."""

from datetime import datetime
from enum import IntEnum
from uuid import UUID

import msgspec

from ohmstead.wire.dialect import Dialect

SHARDS = 64  # stations are spread over this many shards; a worker leases whole shards


class EntryKind(IntEnum):
    CONNECTED = 1  # frame: JSON of station.events.Connected
    DISCONNECTED = 2  # frame: JSON of station.events.Disconnected
    RECEIVED = 3  # frame: the station's CALL or SEND; reply: our answer
    SENT = 4  # frame: our CALL
    ANSWERED = (
        5  # frame: the station's CALLRESULT or CALLERROR to our CALL, or None when it never came; reply: our CALL
    )
    UNREADABLE = 6  # frame: bytes we could not understand; reply: our CALLERROR if the protocol allows one


class Entry(msgspec.Struct, frozen=True, gc=False):
    """(stream, seq) is unique; seq rises without gaps, in commit order. A gateway process owns one stream."""

    stream: int
    seq: int
    shard: int
    station_id: UUID
    epoch: int  # the connection's fencing number: a higher one is a newer connection of the station
    at: datetime  # arrival, UTC
    kind: EntryKind
    dialect: Dialect
    quirks: int  # bit mask of the quirk rows in force on the connection (wire.quirks)
    action: str | None
    frame: bytes | None
    reply: bytes | None


def shard_of(station_id: UUID) -> int:
    return station_id.int % SHARDS
