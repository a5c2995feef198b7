"""A station's row as the journal tells it: whatever order entries are folded in, the newest word stays."""

from dataclasses import dataclass
from datetime import datetime

from ohmstead.journal.entry import Entry
from ohmstead.station.events import Booted, Connected, Disconnected, PlugStateChanged

NUMBER_MAX = 32_767  # of an EVSE or connector: what the column holds


@dataclass(slots=True)
class StationLine:
    """The columns of a station that its own line writes."""

    epoch: int  # newest connection that was admitted; it may not have spoken yet
    gateway: str
    online: bool
    link_epoch: int
    link_stream: int
    link_seq: int
    connected_at: datetime | None
    disconnected_at: datetime | None
    dialect: str
    vendor: str
    model: str
    serial: str
    firmware: str
    booted_at: datetime | None
    state: str
    state_at: datetime | None
    state_epoch: int
    state_seq: int
    error_code: str
    last_seen_at: datetime | None


def connected(line: StationLine, entry: Entry, event: Connected) -> None:
    if (entry.epoch, entry.seq) <= (line.link_epoch, line.link_seq):
        return
    line.link_epoch, line.link_stream, line.link_seq = entry.epoch, entry.stream, entry.seq
    line.online, line.connected_at, line.dialect = True, entry.at, event.dialect
    if entry.epoch >= line.epoch:
        line.gateway = event.gateway


def disconnected(line: StationLine, entry: Entry, event: Disconnected) -> None:
    """Only the connection that counts can end it: the end of one that was taken over changes nothing."""
    if (entry.epoch, entry.seq) <= (line.link_epoch, line.link_seq):
        return
    line.link_epoch, line.link_stream, line.link_seq = entry.epoch, entry.stream, entry.seq
    line.online, line.disconnected_at = False, entry.at
    if entry.epoch >= line.epoch:
        line.gateway = ""


def booted(line: StationLine, entry: Entry, event: Booted) -> None:
    if line.booted_at is not None and entry.at < line.booted_at:
        return
    line.booted_at = entry.at
    line.vendor, line.model = event.vendor, event.model
    line.serial, line.firmware = event.serial or "", event.firmware or ""


def whole_station(line: StationLine, entry: Entry, event: PlugStateChanged) -> None:
    at = said_at(entry, event)
    if line.state_at is not None and (at, entry.epoch, entry.seq) <= (line.state_at, line.state_epoch, line.state_seq):
        return
    line.state, line.state_at, line.error_code = event.state.value, at, event.error_code or ""
    line.state_epoch, line.state_seq = entry.epoch, entry.seq


def said_at(entry: Entry, event: PlugStateChanged) -> datetime:
    """The station's time, but never later than arrival: a clock that runs ahead must not freeze the state."""
    return min(event.at, entry.at)
