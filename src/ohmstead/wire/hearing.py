"""The circumstances in which a message was heard."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec

from ohmstead.wire.mends import Mends, record

DRIFT_LIMIT: Final = timedelta(minutes=5)


_reply_decoders: dict[type[Any], msgspec.json.Decoder[Any]] = {}


def _reply_decoder(payload: type[Any]) -> msgspec.json.Decoder[Any]:
    if payload not in _reply_decoders:
        _reply_decoders[payload] = msgspec.json.Decoder(tuple[int, str, payload])  # type: ignore[valid-type]
    return _reply_decoders[payload]


class Hearing:
    """What the translation of one message needs beside the message, and the mends it made on the way."""

    __slots__ = ("ahead_limit", "epoch", "mends", "quirks", "received_at", "reply", "station_id")

    def __init__(
        self,
        station_id: UUID,
        epoch: int,
        quirks: int,
        received_at: datetime,
        *,
        mends: Mends | None = None,
        reply: bytes | None = None,
    ) -> None:
        self.station_id = station_id
        self.epoch = epoch
        self.quirks = quirks
        self.received_at = received_at
        self.ahead_limit = received_at + DRIFT_LIMIT
        self.mends: Mends = mends or {}
        self.reply = reply  # the frame we answered with

    def answered[T](self, payload: type[T]) -> T | None:
        """The payload of our CALLRESULT; None when there was none."""
        if self.reply is None or not self.reply.startswith(b"[3,"):
            return None
        try:
            answer: tuple[int, str, T] = _reply_decoder(payload).decode(self.reply)
        except msgspec.MsgspecError:
            return None
        return answer[2]

    def mend(self, code: str, sentence: str, raw: object) -> None:
        """Record once per message."""
        record(self.mends, code, sentence, raw)
