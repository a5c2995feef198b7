"""Journal rows in PostgreSQL's binary COPY format, built by hand: the cheapest way in, measured per row."""

import struct
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

COPY_STATEMENT: Final = (
    b"COPY journal.entry (kind, action, shard, station_id, epoch, dialect, quirks, stream, seq, at, frame, reply)"
    b" FROM STDIN (FORMAT binary)"
)
COPY_HEADER: Final = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
COPY_TRAILER: Final = b"\xff\xff"
NULL: Final = b"\xff\xff\xff\xff"
NULL_LENGTH: Final = -1
_COLUMNS: Final = 12
_MOST_ACTION_CHARACTERS: Final = 64

pack_length: Final = struct.Struct(">i").pack
_pack_kind: Final = struct.Struct(">hih").pack
_pack_line: Final = struct.Struct(">ihi16siqihiqiii").pack
# The columns that differ from row to row, and the length of the frame behind them: (seq, 8, at_us, frame length).
pack_place: Final = struct.Struct(">qiqi").pack
_unix_to_postgres_us: Final = int(datetime(2000, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000


def head(kind: int, action: str | None) -> bytes:
    """How a row begins; PostgreSQL takes no NUL in text and we take no novel for an action."""
    begin = _pack_kind(_COLUMNS, 2, kind)
    if action is None:
        return begin + NULL
    text = action[:_MOST_ACTION_CHARACTERS].replace("\x00", "").encode("utf-8", "replace")
    return begin + pack_length(len(text)) + text


def line(shard: int, station_id: UUID, epoch: int, dialect: int, quirks: int, stream: int) -> bytes:
    """The columns that stay the same as long as a connection lasts, packed once, and the length of the next one."""
    return _pack_line(2, shard, 16, station_id.bytes, 8, epoch, 2, dialect, 8, quirks, 4, stream, 8)


def postgres_us(at: datetime) -> int:
    """Microseconds since 2000, PostgreSQL's own count."""
    return int(at.timestamp() * 1_000_000) - _unix_to_postgres_us
