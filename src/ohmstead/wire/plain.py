"""Calls that are answered at once and ask nobody: nearly all that stations send, read in one pass over the bytes.

Whatever is unusual in any way is left to `read_call`, which takes two passes, forgives, and names what is wrong.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from ohmstead.station.answers import Answer
from ohmstead.wire.asked import Asked
from ohmstead.wire.calls import ANSWERS, ASKS
from ohmstead.wire.decoding import UNREADABLE
from ohmstead.wire.dialect import Dialect
from ohmstead.wire.registry import MESSAGES, Message

_NEVER: Final = datetime.min.replace(tzinfo=UTC)
_NOT_PLAIN: Final = (LookupError, *UNREADABLE)
_encode: Final = msgspec.json.Encoder().encode


class PlainCall:
    """One action of one dialect: its call as one type from the first bracket to the last, and how answers to it end.

    `asks`: whether a message asks for a decision after all.
    """

    __slots__ = ("_answer", "_answered_at", "_asked", "_end", "action", "asks", "decode", "receipt")

    def __init__(self, message: Message) -> None:
        self.action = message.action
        self.asks = _MAY_ASK.get(message.action)
        self.decode: Callable[[bytes], Any] = message.call_decoder.decode
        self._asked = Asked(message.dialect, message.action, None)
        self._answer = ANSWERS[message.dialect][message.action] if message.action in _TELLS_TIME else None
        self.receipt = b'",{}]' if self._answer is None else b""
        self._answered_at, self._end = _NEVER, b""

    def end(self, now: datetime) -> bytes:
        """All of the answer behind its message id; answers of one turn of the loop share it."""
        if now is not self._answered_at:
            assert self._answer is not None
            self._end = b'",' + _encode(self._answer(self._asked, Answer(now=now))) + b"]"
            self._answered_at = now
        return self._end


def _presents_token(message: Any) -> bool:
    return message.id_token is not None


_TELLS_TIME: Final = frozenset({"Heartbeat"})  # and nothing that depends on what was asked
_MAY_ASK: Final[Mapping[str, Callable[[Any], bool]]] = {"TransactionEvent": _presents_token}

type PlainCalls = Mapping[bytes, PlainCall]

PLAIN: Final[Mapping[Dialect, PlainCalls]] = {
    dialect: {
        action.encode(): PlainCall(message)
        for action, message in messages.items()
        if message.from_station
        and message.response is not None
        and (action in _MAY_ASK or action not in ASKS[dialect])
        and (action in _MAY_ASK or action in _TELLS_TIME or action not in ANSWERS[dialect])
    }
    for dialect, messages in MESSAGES.items()
}


def read_plain(calls: PlainCalls, data: bytes, now: datetime) -> tuple[str, str, bytes] | None:
    """(message id, action, our answer) of a call of `calls` that is exactly as its schema asks; None for all else.

    1.1 us for MeterValues of 319 bytes, where `parse_frame`, `read_call` and `write_answer` need 2 us.
    """
    words = data.split(b'"', 4)  # [2, id , action ,...: only a guess, which the decoder checks
    try:
        call = calls[words[3]]
        read = call.decode(data)
    except _NOT_PLAIN:
        return None
    if call.asks is not None and call.asks(read.payload):
        return None
    # The id goes back as it was written. With a quotation mark in it the action would not have been where it was found.
    return read.message_id, call.action, b'[3,"' + words[1] + (call.receipt or call.end(now))
