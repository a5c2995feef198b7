"""A station's calls: understood for the answer now, and for the record later."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, NamedTuple, NoReturn
from uuid import UUID

import msgspec

from ohmstead.station.answers import Answer
from ohmstead.station.events import AnyEvent, FrameRejected, StationNotice
from ohmstead.wire.asked import Asked, Asking
from ohmstead.wire.decoding import UNREADABLE, decode_forgiving, message_of, open_payload, shown
from ohmstead.wire.dialect import Dialect
from ohmstead.wire.frames import Call, CallError, Send, parse_frame, write_result
from ohmstead.wire.hearing import Hearing
from ohmstead.wire.mends import Mend
from ohmstead.wire.refusals import CallRefused, Fault, FrameRefused, error_code
from ohmstead.wire.registry import MAX_MESSAGE_ID, MESSAGES
from ohmstead.wire.v16 import answers as answers16
from ohmstead.wire.v16 import inbound as inbound16
from ohmstead.wire.v21 import answers as answers21
from ohmstead.wire.v21 import inbound as inbound21
from ohmstead.wire.v201 import answers as answers201
from ohmstead.wire.v201 import inbound as inbound201

ASKS: Final = {Dialect.V16: inbound16.ASKS, Dialect.V201: inbound201.ASKS, Dialect.V21: inbound21.ASKS}
TELLS: Final = {Dialect.V16: inbound16.TELLS, Dialect.V201: inbound201.TELLS, Dialect.V21: inbound21.TELLS}
ANSWERS: Final[dict[Dialect, dict[str, Any]]] = {
    Dialect.V16: answers16.ANSWERS,
    Dialect.V201: answers201.ANSWERS,
    Dialect.V21: answers21.ANSWERS,
}


class _StationCall(NamedTuple):
    """All that one look-up must yield for a station's call; read by index where each nanosecond counts."""

    struct: type[msgspec.Struct]
    decode: Callable[[msgspec.Raw | bytes], Any]
    asks: Callable[[Any, Hearing], Asking] | None
    tells: Callable[[Any, Hearing], AnyEvent] | None


_CALLS: Final = {
    dialect: {
        action: _StationCall(
            message.request,
            message.request_decoder.decode,
            ASKS[dialect].get(action),
            TELLS[dialect].get(action),
        )
        for action, message in messages.items()
        if message.from_station
    }
    for dialect, messages in MESSAGES.items()
}
_encode: Final = msgspec.json.Encoder().encode
_TELLING: Final = {
    dialect: {
        action.encode(): (message.call_decoder.decode, TELLS[dialect][action])
        for action, message in messages.items()
        if message.from_station and action in TELLS[dialect]
    }
    for dialect, messages in MESSAGES.items()
}
_UNUSUAL: Final = (LookupError, *UNREADABLE)


class Interpretation(msgspec.Struct, frozen=True, gc=False):
    """What a stored message tells, and what had to be forgiven to understand it."""

    events: tuple[AnyEvent, ...]
    mends: tuple[Mend, ...] = ()


def read_call(
    dialect: Dialect,
    call: Call | Send,
    *,
    station_id: UUID,
    epoch: int,
    quirks: int,
    received_at: datetime,
) -> Asked:
    """Understand a call as far as its answer needs; raises CallRefused.

    `mends` holds what the payload's form needed; `events_of_call` finds all of them.
    """
    row = _CALLS[dialect].get(call.action) or _none(dialect, call.action)
    asks = row[2]
    if asks is None:  # most messages, and nobody reads on in them before the journal does
        try:
            return Asked(dialect, call.action, row[1](call.payload))
        except UNREADABLE:
            payload, mends = decode_forgiving(dialect, row.struct, row.decode, call.payload)
            return Asked(dialect, call.action, payload, mends=tuple((mends or {}).values()))
    payload, mends = decode_forgiving(dialect, row.struct, row.decode, call.payload)
    hearing = Hearing(station_id, epoch, quirks, received_at, mends=mends)
    need, token, purpose, evse, transaction_id, ocsp, contract, chain = asks(payload, hearing)
    mends_made = tuple(hearing.mends.values())
    return Asked(
        dialect, call.action, payload, need, token, purpose, evse, transaction_id, mends_made, ocsp, contract, chain
    )


def write_answer(asked: Asked, answer: Answer, *, message_id: str) -> bytes:
    """The CALLRESULT frame."""
    answers = ANSWERS[asked.dialect].get(asked.action)
    if answers is None:
        return b"[3," + _encode(message_id) + b",{}]"
    return write_result(message_id, _encode(answers(asked, answer)))


def events_of_call(
    dialect: Dialect,
    frame: bytes,
    reply: bytes | None,
    *,
    station_id: UUID,
    epoch: int,
    quirks: int,
    received_at: datetime,
) -> Interpretation:
    """What a stored call tells. Never raises: what cannot be understood becomes FrameRejected."""
    if b"\\" not in frame and (reply is None or reply[:3] != b"[4,"):  # no NUL can hide, and we refused nothing
        try:
            decode, tells = _TELLING[dialect][frame.split(b'"', 4)[3]]
            payload = decode(frame).payload
        except _UNUSUAL:
            pass
        else:
            hearing = Hearing(station_id, epoch, quirks, received_at, reply=reply)
            return Interpretation((tells(payload, hearing),), tuple(hearing.mends.values()))
    return _told_by_parts(dialect, frame, reply, Hearing(station_id, epoch, quirks, received_at, reply=reply))


def _told_by_parts(dialect: Dialect, frame: bytes, reply: bytes | None, hearing: Hearing) -> Interpretation:
    """The long way: envelope first, then a payload that may need forgiveness."""
    try:
        call = parse_frame(frame, dialect)
    except FrameRefused as refused:
        return Interpretation((FrameRejected(code=refused.code, text=refused.text),))
    if not isinstance(call, (Call, Send)):
        text = f"A {type(call).__name__} stands where a call belongs."
        return Interpretation((FrameRejected(code=error_code(dialect, Fault.PROTOCOL), text=text),))
    rejected = _rejection(dialect, call.action, reply)
    if rejected is not None:
        return Interpretation((rejected,))
    try:
        return _interpret(dialect, call, hearing)
    except CallRefused as refused:
        return Interpretation((FrameRejected(code=refused.code, text=refused.text, action=shown(call.action)),))


def _interpret(dialect: Dialect, call: Call | Send, hearing: Hearing) -> Interpretation:
    struct, decode, _, tells = _CALLS[dialect].get(call.action) or _none(dialect, call.action)
    payload, mends = decode_forgiving(dialect, struct, decode, call.payload)
    hearing.mends.update(mends or {})
    if len(call.message_id) > MAX_MESSAGE_ID:
        hearing.mend("message_id_too_long", "The message id is longer than 36.", call.message_id)
    if tells is None:
        event: AnyEvent = StationNotice(action=call.action, payload=open_payload(dialect, call.payload))
    else:
        event = tells(payload, hearing)
    return Interpretation((event,), tuple(hearing.mends.values()))


def _rejection(dialect: Dialect, action: str, reply: bytes | None) -> FrameRejected | None:
    """A call that we answered with an error then tells nothing now, even if we understand more today."""
    if reply is None or not reply.startswith(b"[4,"):
        return None
    error = parse_frame(reply, dialect)
    assert isinstance(error, CallError)
    return FrameRejected(code=error.code, text=error.text, action=shown(action))


def _none(dialect: Dialect, action: str) -> NoReturn:
    message_of(dialect, action)
    raise CallRefused(error_code(dialect, Fault.NOT_SUPPORTED), f"{action} is sent by us, not by a station.")
