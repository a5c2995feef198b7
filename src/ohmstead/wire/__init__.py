"""OCPP-J: frames, the three dialects, quirks. Everything above speaks `ohmstead.station`."""

from ohmstead.wire.asked import Asked
from ohmstead.wire.calls import Interpretation, events_of_call, read_call, write_answer
from ohmstead.wire.commanding import events_of_answer, read_outcome, write_call, write_command
from ohmstead.wire.coverage import coverage
from ohmstead.wire.decoding import decode_request, decode_response
from ohmstead.wire.dialect import Dialect
from ohmstead.wire.frames import (
    Call,
    CallError,
    CallResult,
    CallResultError,
    Frame,
    Send,
    parse_frame,
    write_refusal,
    write_struct_result,
)
from ohmstead.wire.installed import read_installed
from ohmstead.wire.items import read_items
from ohmstead.wire.mends import Mend
from ohmstead.wire.offers import Offer, offers, refusal_of
from ohmstead.wire.plain import PLAIN, PlainCalls, read_plain
from ohmstead.wire.quirks import QUIRKS, Quirk, avoids_probing, has_no_ping, quirk_mask, quirks_in, register_scope
from ohmstead.wire.refusals import CallRefused, CommandNotInDialect, FrameRefused, Refused
from ohmstead.wire.reported import read_monitors, read_noticed, read_variables

__all__ = [
    "PLAIN",
    "QUIRKS",
    "Asked",
    "Call",
    "CallError",
    "CallRefused",
    "CallResult",
    "CallResultError",
    "CommandNotInDialect",
    "Dialect",
    "Frame",
    "FrameRefused",
    "Interpretation",
    "Mend",
    "Offer",
    "PlainCalls",
    "Quirk",
    "Refused",
    "Send",
    "avoids_probing",
    "coverage",
    "decode_request",
    "decode_response",
    "events_of_answer",
    "events_of_call",
    "has_no_ping",
    "offers",
    "parse_frame",
    "quirk_mask",
    "quirks_in",
    "read_call",
    "read_installed",
    "read_items",
    "read_monitors",
    "read_noticed",
    "read_outcome",
    "read_plain",
    "read_variables",
    "refusal_of",
    "register_scope",
    "write_answer",
    "write_call",
    "write_command",
    "write_refusal",
    "write_struct_result",
]
