"""Our calls: written from neutral commands, and their answers read back."""

from typing import Any, Final

import msgspec

from ohmstead.station.commands import AnyCommand, Command, CommandOutcome, RawCommand
from ohmstead.station.commands.operations import BY_KIND
from ohmstead.station.events import CommandAnswered
from ohmstead.wire.calls import Interpretation
from ohmstead.wire.decoding import decode_request, message_of, open_payload
from ohmstead.wire.dialect import Dialect
from ohmstead.wire.frames import Call, CallError, CallResult, parse_frame, write_frame_call, write_frame_send
from ohmstead.wire.items import AGREED, noted, read_items
from ohmstead.wire.refusals import CallRefused, CommandNotInDialect, FrameRefused
from ohmstead.wire.registry import MESSAGES
from ohmstead.wire.saying import Sayings, check_room
from ohmstead.wire.v16 import commanding as commanding16
from ohmstead.wire.v21 import commanding as commanding21
from ohmstead.wire.v201 import commanding as commanding201

SAYINGS: Final[dict[Dialect, Sayings]] = {
    Dialect.V16: commanding16.SAYINGS,
    Dialect.V201: commanding201.SAYINGS,
    Dialect.V21: commanding21.SAYINGS,
}
SENT: Final = {
    dialect: frozenset(action for saying in sayings.values() for action in saying.actions)
    for dialect, sayings in SAYINGS.items()
}
_NAMES: Final = {Dialect.V16: "OCPP 1.6", Dialect.V201: "OCPP 2.0.1", Dialect.V21: "OCPP 2.1"}
NO_ANSWER: Final = "NoAnswer"
_ACTIONS: Final = {
    dialect: {message.request: action for action, message in messages.items()} for dialect, messages in MESSAGES.items()
}
_encode: Final = msgspec.json.Encoder().encode

# Questions that were answered, with nothing.
_NOTHING_THERE: Final = {
    "GetBaseReport": "EmptyResultSet",
    "GetChargingProfiles": "NoProfiles",
    "GetDERControl": "NotFound",
    "GetDisplayMessages": "Unknown",
    "GetInstalledCertificateIds": "NotFound",
    "GetMonitoringReport": "EmptyResultSet",
    "GetReport": "EmptyResultSet",
    "GetTariffs": "NoTariff",
}


def write_command(dialect: Dialect, command: AnyCommand, *, message_id: str) -> tuple[str, bytes]:
    """The action and the CALL frame; raises CommandNotInDialect when the station could not be asked this."""
    if isinstance(command, RawCommand):
        return command.action, write_frame_call(message_id, command.action, _raw_payload(dialect, command))
    request = _said(dialect, command)
    action = _ACTIONS[dialect][type(request)]
    payload = _encode(request)
    _check(dialect, action, payload)
    return action, write_frame_call(message_id, action, payload)


def _said(dialect: Dialect, command: Command) -> msgspec.Struct:
    saying = SAYINGS[dialect].get(type(command))
    if saying is None:
        asked = BY_KIND[type(command)].sentence
        raise CommandNotInDialect(f"{_NAMES[dialect]} has no words for this: {asked}")
    request: msgspec.Struct = saying.make(command)
    check_room(saying, command)
    return request


def _raw_payload(dialect: Dialect, command: RawCommand) -> bytes:
    message = MESSAGES[dialect].get(command.action)
    if message is not None and not message.from_us:
        raise CommandNotInDialect(f"{command.action} is sent by stations, not by us.")
    payload = _encode(command.payload)
    _check(dialect, command.action, payload)
    return payload


def _check(dialect: Dialect, action: str, payload: bytes) -> None:
    try:
        decode_request(dialect, action, payload)
    except CallRefused as refused:
        raise CommandNotInDialect(f"{action} cannot be sent like this: {refused.text}") from refused


def write_call(dialect: Dialect, action: str, request: msgspec.Struct, message_id: str) -> bytes:
    """A frame around a struct of the dialect, as it is; SEND for the action that wants no answer."""
    write = write_frame_call if message_of(dialect, action).response is not None else write_frame_send
    return write(message_id, action, _encode(request))


def read_outcome(dialect: Dialect, action: str, payload: msgspec.Raw | bytes) -> CommandOutcome:
    """How a station took our call, by the words in its answer; an answer without such a word is agreement."""
    try:
        answer = open_payload(dialect, payload)
    except CallRefused as refused:
        return CommandOutcome(state="failed", reason=f"The answer is not readable: {refused.text}")
    words = _words(answer)
    for word, sentence in words:
        if word not in AGREED and word != _NOTHING_THERE.get(action):
            return CommandOutcome(state="rejected", reason=sentence, payload=answer)
    return CommandOutcome(state="accepted", reason=words[0][0] if words else None, payload=answer)


def _words(answer: dict[str, Any]) -> list[tuple[str, str]]:
    """`status` of the answer, or those of its parts (2.x variables and monitors have one each), and why."""
    if isinstance(answer.get("status"), str):
        word = answer["status"]
        return [(word, ": ".join([word, *noted(answer)])[:300])]
    return [
        (item.word, ": ".join(each for each in (item.name, item.word, item.note) if each)[:300])
        for item in read_items(answer)
        if item.says_status
    ]


def events_of_answer(dialect: Dialect, our_call: bytes, their_frame: bytes | None) -> Interpretation:
    """What a station's answer to our stored CALL tells; None when it never came. Never raises."""
    try:
        call = parse_frame(our_call, dialect)
    except FrameRefused:
        return Interpretation(())
    if not isinstance(call, Call):
        return Interpretation(())
    return Interpretation((_answered(dialect, call, their_frame),))


def _answered(dialect: Dialect, call: Call, their_frame: bytes | None) -> CommandAnswered:
    if their_frame is None:
        return _failed(call, NO_ANSWER, "The station did not answer in time.")
    try:
        frame = parse_frame(their_frame, dialect)
        if isinstance(frame, CallResult):
            payload = open_payload(dialect, frame.payload)
            return CommandAnswered(message_id=call.message_id, action=call.action, payload=payload)
    except (FrameRefused, CallRefused) as refused:
        return _failed(call, refused.code, refused.text)
    if isinstance(frame, CallError):
        return _failed(call, _tidy(frame.code), _tidy(frame.text))
    return _failed(call, "ProtocolError", "That is no answer.")


def _failed(call: Call, code: str, text: str) -> CommandAnswered:
    return CommandAnswered(message_id=call.message_id, action=call.action, error_code=code, error_text=text)


def _tidy(text: str) -> str:
    return text.replace("\x00", "")[:300]
