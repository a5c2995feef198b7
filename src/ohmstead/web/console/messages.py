"""A line of a station's message log, as a person reads it: a request and its answer are one line."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from ohmstead.journal.entry import Entry, EntryKind
from ohmstead.journal.secrets import without_secrets

_SHOWN_BYTES = 16_384
_ANSWERED_WITHIN: Final = timedelta(minutes=2)  # longer than the line waits before it writes down that none came
_MESSAGE_ID: Final = re.compile(rb'\s*\[\s*\d\s*,\s*"([0-9A-Za-z-]{1,36})"')

# kind -> (direction, icon, css class)
_LOOKS = {
    EntryKind.CONNECTED: ("line", "plug-connected", ""),
    EntryKind.DISCONNECTED: ("line", "plug-connected-x", "bad"),
    EntryKind.RECEIVED: ("in", "arrow-down-left", "in"),
    EntryKind.SENT: ("out", "arrow-up-right", "out"),
    EntryKind.ANSWERED: ("out", "arrow-up-right", "out"),
    EntryKind.UNREADABLE: ("in", "alert-triangle", "bad"),
}
KINDS: Final = {
    direction: tuple(kind for kind, look in _LOOKS.items() if look[0] == direction)
    for direction in ("in", "out", "line")
}


@dataclass(frozen=True, slots=True)
class Line:
    """`key` of a request of ours is that of its answer too, so that the answer takes the request's place."""

    key: str
    at: datetime
    direction: str  # in: from the station, out: to it, line: the connection itself
    icon: str
    css: str
    action: str
    glance: str
    frame: str
    reply: str
    failed: bool
    waits: bool = False  # for the station's answer
    took_s: float | None = None

    @property
    def position(self) -> str:
        """Sorts as the log does; the browser hands it back after a break."""
        return self.at.astimezone(UTC).isoformat(timespec="microseconds")


def line_of(entry: Entry) -> Line:
    direction, icon, css = _LOOKS[entry.kind]
    said, answered = said_and_answered(entry)
    failed = has_failed(entry)
    return Line(
        key=call_key(entry) or f"{entry.stream}-{entry.seq}",
        at=entry.at,
        direction=direction,
        icon=icon,
        css="bad" if failed else css,
        action=entry.action or entry.kind.name.capitalize(),
        glance=_glance(entry.kind, said or b""),
        frame=pretty(said),
        reply=pretty(answered),
        failed=failed,
        waits=entry.kind is EntryKind.SENT and entry.at > datetime.now(UTC) - _ANSWERED_WITHIN,
    )


def said_and_answered(entry: Entry) -> tuple[bytes | None, bytes | None]:
    """The request first, whoever made it; secrets are hidden."""
    frame, reply = _shown(entry.frame), _shown(entry.reply)
    return (reply, frame) if entry.kind is EntryKind.ANSWERED else (frame, reply)


def has_failed(entry: Entry) -> bool:
    """An error on either side, no answer in time, bytes nobody understands, a lost connection."""
    if entry.kind is EntryKind.ANSWERED:
        return entry.frame is None or entry.frame.lstrip()[:2] == b"[4"
    if entry.kind is EntryKind.RECEIVED:
        return entry.reply is not None and entry.reply[:2] == b"[4"
    return entry.kind in (EntryKind.UNREADABLE, EntryKind.DISCONNECTED)


def call_key(entry: Entry) -> str:
    """Of our own call and of its answer; empty for everything else."""
    call = {EntryKind.SENT: entry.frame, EntryKind.ANSWERED: entry.reply}.get(entry.kind)
    found = _MESSAGE_ID.match(call) if call else None
    return f"call-{found.group(1).decode()}" if found else ""


def pretty(frame: bytes | None) -> str:
    """Indented when it is JSON, as it came when it is not; never longer than a screenful allows."""
    if frame is None:
        return ""
    if len(frame) > _SHOWN_BYTES:
        return f"{frame[:_SHOWN_BYTES].decode('utf-8', 'replace')} … ({len(frame)} bytes)"
    try:
        return msgspec.json.format(frame, indent=2).decode()
    except (msgspec.DecodeError, UnicodeDecodeError):
        return frame.decode("utf-8", "replace")


def _shown(frame: bytes | None) -> bytes | None:
    return None if frame is None else without_secrets(frame)


def _glance(kind: EntryKind, frame: bytes) -> str:
    """The payload on one line."""
    text = frame[:400].decode("utf-8", "replace")
    if kind in (EntryKind.CONNECTED, EntryKind.DISCONNECTED):
        return _line_words(frame)
    start = text.find("{")
    return text[start:160] if start >= 0 else text[:160]


def _line_words(frame: bytes) -> str:
    try:
        said = msgspec.json.decode(frame)
    except msgspec.DecodeError:
        return ""
    if not isinstance(said, dict):
        return ""
    parts = [said.get("reason"), said.get("dialect"), said.get("gateway"), said.get("remote_address")]
    return ", ".join(str(part) for part in parts if part)
