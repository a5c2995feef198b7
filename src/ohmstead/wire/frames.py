"""OCPP-J frames: the envelope around every message."""

from typing import Any, Final

import msgspec
from msgspec import Raw

from ohmstead.wire.dialect import Dialect
from ohmstead.wire.refusals import CallRefused, Fault, FrameRefused, error_code
from ohmstead.wire.registry import MAX_MESSAGE_ID

MAX_MESSAGE_ID_TAKEN: Final = 255
_MAX_ERROR_TEXT: Final = 255  # OCPP-J 4.2.3


class Call(msgspec.Struct, array_like=True, tag=2, frozen=True, gc=False):
    message_id: str
    action: str
    payload: Raw


class CallResult(msgspec.Struct, array_like=True, tag=3, frozen=True, gc=False):
    message_id: str
    payload: Raw


class CallError(msgspec.Struct, array_like=True, tag=4, frozen=True, gc=False):
    """Text and details are missing on some stations."""

    message_id: str
    code: str
    text: str = ""
    details: Raw = Raw(b"{}")


class CallResultError(msgspec.Struct, array_like=True, tag=5, frozen=True, gc=False):
    """2.1: the other side could not take our result."""

    message_id: str
    code: str
    text: str = ""
    details: Raw = Raw(b"{}")


class Send(msgspec.Struct, array_like=True, tag=6, frozen=True, gc=False):
    """2.1: a call that wants no answer."""

    message_id: str
    action: str
    payload: Raw


type Frame = Call | CallResult | CallError | CallResultError | Send

_decode: Final = msgspec.json.Decoder(Call | CallResult | CallError | CallResultError | Send).decode
_encode: Final = msgspec.json.Encoder().encode
_NAMED: Final = (msgspec.MsgspecError, ValueError, RecursionError)  # all that JSON can make msgspec raise


def parse_frame(data: bytes | memoryview, dialect: Dialect) -> Frame:
    """Read the envelope and leave the payload as raw bytes.

    Raises FrameRefused for everything that is not a frame of the dialect.
    """
    try:
        frame = _decode(data if type(data) is bytes else bytes(data))
    except _NAMED as error:
        raise _refused(bytes(data), dialect, error) from None
    if type(frame) is Call and len(frame.message_id) <= MAX_MESSAGE_ID:
        return frame
    if len(frame.message_id) > MAX_MESSAGE_ID_TAKEN:
        raise FrameRefused(error_code(dialect, Fault.FRAMEWORK), "The message id is too long.")
    if dialect is not Dialect.V21 and isinstance(frame, (CallResultError, Send)):
        raise FrameRefused(error_code(dialect, Fault.MESSAGE_TYPE), "This message type exists since OCPP 2.1.")
    return frame


def _refused(data: bytes, dialect: Dialect, error: Exception) -> FrameRefused:
    """Find out whether a call was meant and under which id; OCPP 2.x answers with id -1 when there is none."""
    try:
        head = msgspec.json.decode(data, type=list[Raw])
        kind, message_id = _scalar(head, 0), _scalar(head, 1)
    except _NAMED:
        return FrameRefused(
            error_code(dialect, Fault.FRAMEWORK), f"Not a JSON array: {error}", answerable=dialect is not Dialect.V16
        )
    known_id = message_id if isinstance(message_id, str) and len(message_id) <= MAX_MESSAGE_ID_TAKEN else None
    if kind not in (2, 3, 4, 5, 6) or isinstance(kind, (bool, float)):
        return FrameRefused(
            error_code(dialect, Fault.MESSAGE_TYPE),
            "The first element must be a message type: 2, 3 or 4.",
            known_id,
            answerable=dialect is not Dialect.V16 and known_id is not None,
        )
    return FrameRefused(
        error_code(dialect, Fault.FRAMEWORK),
        f"Not the shape of a message of type {kind}: {error}",
        known_id,
        answerable=kind == 2 and (known_id is not None or dialect is not Dialect.V16),
    )


def _scalar(elements: list[Raw], index: int) -> Any:
    if index >= len(elements):
        return None
    text = bytes(elements[index])
    return None if text[:1] in (b"[", b"{") else msgspec.json.decode(text)


def write_result(message_id: str, payload: bytes) -> bytes:
    return b"[3," + _encode(message_id) + b"," + payload + b"]"


def write_struct_result(message_id: str, response: msgspec.Struct) -> bytes:
    """A CALLRESULT around a struct, as it is: the station's side of our calls."""
    return write_result(message_id, _encode(response))


def write_frame_call(message_id: str, action: str, payload: bytes) -> bytes:
    return b"[2," + _encode(message_id) + b"," + _encode(action) + b"," + payload + b"]"


def write_frame_send(message_id: str, action: str, payload: bytes) -> bytes:
    return b"[6," + _encode(message_id) + b"," + _encode(action) + b"," + payload + b"]"


def write_refusal(dialect: Dialect, message_id: str | None, refused: CallRefused | FrameRefused) -> bytes:
    """The CALLERROR; `message_id` None becomes -1, the id of what has none (OCPP-J 2.x, 4.2.3)."""
    details = refused.details if isinstance(refused, CallRefused) else {}
    return _encode(
        [4, "-1" if message_id is None else message_id, refused.code, refused.text[:_MAX_ERROR_TEXT], details]
    )
