"""What a journal entry of a station says, written by hand."""

from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID

from ohmstead.journal.entry import Entry, EntryKind, shard_of
from ohmstead.journal.interpret import Heard
from ohmstead.station.events import AnyEvent, Connected, Disconnected, PlugStateChanged
from ohmstead.station.states import PlugState
from ohmstead.wire import Mend
from ohmstead.wire.dialect import Dialect

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
_seqs = count(1)


def heard(
    station_id: UUID,
    *events: AnyEvent,
    at: datetime = NOON,
    epoch: int = 1,
    stream: int = 1,
    seq: int | None = None,
    kind: EntryKind = EntryKind.RECEIVED,
    action: str | None = None,
    frame: bytes | None = b"[]",
    dialect: Dialect = Dialect.V16,
    mends: tuple[Mend, ...] = (),
) -> Heard:
    entry = Entry(
        stream=stream,
        seq=next(_seqs) if seq is None else seq,
        shard=shard_of(station_id),
        station_id=station_id,
        epoch=epoch,
        at=at,
        kind=kind,
        dialect=dialect,
        quirks=0,
        action=action,
        frame=frame,
        reply=None,
    )
    return Heard(entry, events, mends)


def minutes(number: float) -> datetime:
    return NOON + timedelta(minutes=number)


def connected(station_id: UUID, *, gateway: str = "gw-1", **entry) -> Heard:
    event = Connected(dialect="ocpp1.6", gateway=gateway, remote_address="192.0.2.7", security_profile=0)
    return heard(station_id, event, kind=EntryKind.CONNECTED, **entry)


def disconnected(station_id: UUID, *, reason: str = "The station closed.", **entry) -> Heard:
    return heard(station_id, Disconnected(reason=reason), kind=EntryKind.DISCONNECTED, **entry)


def plug(state: PlugState, *, evse: int | None = 1, at: datetime = NOON, **more) -> PlugStateChanged:
    return PlugStateChanged(evse=evse, state=state, at=at, **more)
