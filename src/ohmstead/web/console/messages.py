"""A line of a station's message log, as a person reads it."""

from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from ohmstead.journal.entry import Entry, EntryKind
from ohmstead.journal.secrets import without_secrets

_SHOWN_BYTES = 16_384

# kind -> (direction, icon, css class)
_LOOKS = {
    EntryKind.CONNECTED: ("line", "plug-connected", ""),
    EntryKind.DISCONNECTED: ("line", "plug-connected-x", "bad"),
    EntryKind.RECEIVED: ("in", "arrow-down-left", "in"),
    EntryKind.SENT: ("out", "arrow-up-right", "out"),
    EntryKind.ANSWERED: ("in", "arrow-down-left", "in"),
    EntryKind.UNREADABLE: ("in", "alert-triangle", "bad"),
}


@dataclass(frozen=True, slots=True)
class Line:
    key: str
    at: datetime
    direction: str  # in: from the station, out: to it, line: the connection itself
    icon: str
    css: str
    action: str
    glance: str
    frame: str
    reply: str

    @property
    def position(self) -> str:
        """Sorts as the log does; the browser hands it back after a break."""
        return self.at.astimezone(UTC).isoformat(timespec="microseconds")


def line_of(entry: Entry) -> Line:
    direction, icon, css = _LOOKS[entry.kind]
    frame = _shown(entry.frame)
    if entry.reply is not None and entry.kind is EntryKind.RECEIVED and entry.reply[:2] == b"[4":
        css = "bad"
    return Line(
        key=f"{entry.stream}-{entry.seq}",
        at=entry.at,
        direction=direction,
        icon=icon,
        css=css,
        action=entry.action or entry.kind.name.capitalize(),
        glance=_glance(entry.kind, frame or b""),
        frame=pretty(frame),
        reply=pretty(_shown(entry.reply)),
    )


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
