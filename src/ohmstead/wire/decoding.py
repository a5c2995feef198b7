"""Payload bytes to structs: strictly in one pass, or forgivingly when that fails."""

from collections.abc import Callable
from typing import Any, Final

import msgspec

from ohmstead.wire.dialect import Dialect
from ohmstead.wire.mends import Mends
from ohmstead.wire.refusals import CallRefused, Fault, error_code
from ohmstead.wire.registry import MESSAGES, Message
from ohmstead.wire.tolerant import Reader, Unreadable, type_of

UNREADABLE: Final = (msgspec.MsgspecError, ValueError, RecursionError)
_BACKSLASH: Final = ord("\\")
_ESCAPED_NUL: Final = b"\\u0000"


def shown(action: str) -> str:
    """An action as a sentence or a column can carry it."""
    return action[:60].replace("\x00", "")


def message_of(dialect: Dialect, action: str) -> Message:
    """Raises CallRefused for an action that the dialect does not have."""
    message = MESSAGES[dialect].get(action)
    if message is None:
        raise CallRefused(error_code(dialect, Fault.NOT_IMPLEMENTED), f"{shown(action)} is no action of this version.")
    return message


def decode_request(dialect: Dialect, action: str, raw: msgspec.Raw | bytes) -> Any:
    """Exactly as the schema asks; raises CallRefused with the error code of the first violation."""
    message = message_of(dialect, action)
    return _strict(dialect, message.request, message.request_decoder, raw)


def decode_response(dialect: Dialect, action: str, raw: msgspec.Raw | bytes) -> Any:
    """Exactly as the schema asks; raises CallRefused, and KeyError for an action without answer."""
    message = message_of(dialect, action)
    decoder = message.response_decoder
    assert message.response is not None
    return _strict(dialect, message.response, decoder, raw)


def _strict(
    dialect: Dialect, struct: type[msgspec.Struct], decoder: msgspec.json.Decoder[Any], raw: msgspec.Raw | bytes
) -> Any:
    try:
        return decoder.decode(raw)
    except UNREADABLE as error:
        return _read(dialect, Reader(strict=True), struct, raw, error)


def decode_forgiving(
    dialect: Dialect,
    struct: type[msgspec.Struct],
    decode: Callable[[msgspec.Raw | bytes], Any],
    raw: msgspec.Raw | bytes,
) -> tuple[Any, Mends | None]:
    """A station's call, with everything forgiven that leaves a meaning; raises CallRefused for the rest."""
    data = raw if type(raw) is bytes else bytes(raw)
    if _BACKSLASH not in data or _ESCAPED_NUL not in data:  # the first search takes a tenth of the time of the second
        try:
            return decode(data), None
        except UNREADABLE:
            pass
    reader = Reader(strict=False)
    read = _read(dialect, reader, struct, data, None)
    return read, reader.mends


def _read(
    dialect: Dialect,
    reader: Reader,
    struct: type[msgspec.Struct],
    raw: msgspec.Raw | bytes,
    cause: Exception | None,
) -> Any:
    try:
        return reader.struct(type_of(struct), msgspec.json.decode(raw), "")
    except Unreadable as error:
        raise CallRefused(error_code(dialect, error.fault), error.text) from cause
    except UNREADABLE as error:
        raise CallRefused(error_code(dialect, Fault.FORMAT), f"The payload is not readable JSON: {error}") from cause


def open_payload(dialect: Dialect, raw: msgspec.Raw | bytes) -> dict[str, Any]:
    """The whole payload as sent, fit for storage; raises CallRefused when it is no object or is bottomless."""
    try:
        value = Reader(strict=False).open(msgspec.json.decode(raw), "The payload")
    except Unreadable as error:
        raise CallRefused(error_code(dialect, error.fault), error.text) from None
    except UNREADABLE as error:
        raise CallRefused(error_code(dialect, Fault.FORMAT), f"The payload is not readable JSON: {error}") from None
    if not isinstance(value, dict):
        raise CallRefused(error_code(dialect, Fault.FORMAT), "The payload must be an object.")
    return value
