"""What an entry of the journal means: neutral events and the mends made to read them."""

import msgspec

from ohmstead import wire
from ohmstead.journal.entry import Entry, EntryKind
from ohmstead.station.events import AnyEvent, Connected, Disconnected, FrameRejected


class Heard(msgspec.Struct, frozen=True, gc=False):
    """`mends` are the tolerances applied to the message (wire.Mend)."""

    entry: Entry
    events: tuple[AnyEvent, ...]
    mends: tuple[wire.Mend, ...] = ()


_connected = msgspec.json.Decoder(Connected)
_disconnected = msgspec.json.Decoder(Disconnected)


def interpret(entry: Entry) -> Heard:
    """Never raises: what cannot be read becomes FrameRejected, so that no entry stops a reader."""
    try:
        return _interpret(entry)
    except Exception as error:  # bytes of any kind reach this place, from any version of us
        return Heard(entry, (FrameRejected(code="Unreadable", text=str(error)[:200], action=entry.action),))


def _interpret(entry: Entry) -> Heard:
    frame = entry.frame or b""
    match entry.kind:
        case EntryKind.RECEIVED:
            read = wire.events_of_call(
                entry.dialect,
                frame,
                entry.reply,
                station_id=entry.station_id,
                epoch=entry.epoch,
                quirks=entry.quirks,
                received_at=entry.at,
            )
            return Heard(entry, read.events, read.mends)
        case EntryKind.ANSWERED:
            read = wire.events_of_answer(entry.dialect, entry.reply or b"", entry.frame)
            return Heard(entry, read.events, read.mends)
        case EntryKind.CONNECTED:
            return Heard(entry, (_connected.decode(frame),))
        case EntryKind.DISCONNECTED:
            return Heard(entry, (_disconnected.decode(frame),))
        case EntryKind.UNREADABLE:
            return Heard(entry, (_rejection(entry),))
        case EntryKind.SENT:
            return Heard(entry, ())


def _rejection(entry: Entry) -> FrameRejected:
    """The code and text of our CALLERROR, when there was one."""
    code, text = "Unreadable", "The protocol allows no answer to this frame."
    if entry.reply:
        reply = msgspec.json.decode(entry.reply)
        if isinstance(reply, list) and len(reply) >= 4:
            code, text = str(reply[2]), str(reply[3])
    return FrameRejected(code=code, text=text, action=entry.action)
