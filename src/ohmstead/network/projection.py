"""What stations said -> the network's tables, in a constant number of statements per batch.

Rows are locked and written in the order of their keys, stations first, so that workers and desks never deadlock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from ohmstead.journal.entry import Entry, EntryKind
from ohmstead.journal.interpret import Heard
from ohmstead.network import (
    certificates,
    commands,
    deviations,
    device_model,
    dispatch,
    firmware,
    followups,
    installed,
    knowledge,
    plugs,
    station_lines,
    timeline,
)
from ohmstead.network.announcing import StationNews
from ohmstead.network.rules import line as rules
from ohmstead.station.events import (
    AnyEvent,
    Booted,
    CertificateRequested,
    CommandAnswered,
    Connected,
    Disconnected,
    FirmwareStatusChanged,
    FrameRejected,
    LogStatusChanged,
    PlugStateChanged,
    SecurityEventRaised,
    StationNotice,
    TransactionStarted,
)

# Everything else (readings, heartbeats, transactions' progress) only says that the station is alive.
_OURS: Final = frozenset(
    {
        Booted,
        CertificateRequested,
        CommandAnswered,
        Connected,
        Disconnected,
        FirmwareStatusChanged,
        FrameRejected,
        LogStatusChanged,
        PlugStateChanged,
        SecurityEventRaised,
        StationNotice,
        TransactionStarted,
    }
)
_FROM_STATION: Final = frozenset({EntryKind.CONNECTED, EntryKind.RECEIVED, EntryKind.ANSWERED, EntryKind.UNREADABLE})

type _Said = tuple[Entry, AnyEvent]


@dataclass(frozen=True, slots=True)
class Told:
    """organisation -> what visibly changed, for the live topics."""

    stations: dict[UUID, set[UUID]]
    commands: dict[UUID, set[UUID]]


def project(batch: Sequence[Heard]) -> Told:
    """Fold a batch inside the caller's transaction."""
    seen, said, mended = _sift(batch)
    changed = {entry.station_id for entry, _ in said} | {heard.entry.station_id for heard in mended}
    stations = station_lines.lock(seen, changed)
    said = [each for each in said if each[0].station_id in stations]  # a deleted station's last words
    news = StationNews(stations)
    for entry, event in said:
        _apply(stations[entry.station_id].line, entry, event)
    station_lines.write(stations, seen)
    plugs.write(said)
    news.announce()
    deviations.count([heard for heard in mended if heard.entry.station_id in stations])
    timeline.write(said)
    certificates.answer_requests(
        [(entry, event) for entry, event in said if isinstance(event, CertificateRequested)], stations
    )
    asked = commands.settle_answers([(entry, event) for entry, event in said if isinstance(event, CommandAnswered)])
    asked += followups.follow(said)
    device_model.learn(said)
    knowledge.learn(said, stations)
    installed.learn(said)
    asked += firmware.note_starts(said, stations)
    told: dict[UUID, set[UUID]] = {}
    for station_id in changed & stations.keys():
        told.setdefault(stations[station_id].organisation_id, set()).add(station_id)
    return Told(stations=told, commands=dispatch.told_of(asked) if asked else {})


def _sift(batch: Sequence[Heard]) -> tuple[dict[UUID, datetime], list[_Said], list[Heard]]:
    """(when each station last spoke, the events that concern us, what had to be mended)."""
    seen: dict[UUID, datetime] = {}
    said: list[_Said] = []
    mended: list[Heard] = []
    for heard in batch:
        entry = heard.entry
        if entry.frame is not None and entry.kind in _FROM_STATION:
            before = seen.get(entry.station_id)
            if before is None or before < entry.at:
                seen[entry.station_id] = entry.at
        for event in heard.events:
            if type(event) in _OURS:
                said.append((entry, event))
        if heard.mends:
            mended.append(heard)
    return seen, said, mended


def _apply(line: rules.StationLine, entry: Entry, event: AnyEvent) -> None:
    match event:
        case Connected():
            rules.connected(line, entry, event)
        case Disconnected():
            rules.disconnected(line, entry, event)
        case Booted():
            rules.booted(line, entry, event)
        case PlugStateChanged(evse=None):
            rules.whole_station(line, entry, event)
