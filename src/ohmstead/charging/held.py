"""Sessions in a worker's memory between batches, valid while it holds the lease of their shard."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import msgspec

from ohmstead.charging.rules.closing import Surroundings
from ohmstead.charging.rules.facts import SessionFacts
from ohmstead.charging.rules.meter import MeterState
from ohmstead.journal.entry import shard_of
from ohmstead.kit.ids import derived_id

type Key = tuple[UUID, str]  # station, transaction id


def session_id(station_id: UUID, transaction_id: str) -> UUID:
    return derived_id(station_id, transaction_id)


def transaction_key(transaction_id: str) -> str:
    """What a station calls its transaction, as far as a column holds it; longer ones are not legal in any version."""
    return transaction_id.replace("\x00", "")[:64]


class Window(msgspec.Struct, frozen=True):
    """Which readings belong to a session: those said under its id up to `end`, unnamed ones up to `unnamed_until`."""

    start: datetime
    end: datetime | None
    unnamed_until: datetime | None
    evse: int | None


class HeldSession:
    """`window` None: its surroundings are not known yet. `stale`: the meter must be folded from the stored series."""

    __slots__ = (
        "around",
        "facts",
        "id",
        "id_text",
        "marked_at",
        "marks",
        "organisation_id",
        "stale",
        "station_id",
        "station_text",
        "token_id",
        "token_uid",
        "transaction_id",
        "window",
    )

    def __init__(self, station_id: UUID, transaction_id: str, organisation_id: UUID, facts: SessionFacts) -> None:
        self.id = session_id(station_id, transaction_id)
        self.station_id = station_id
        self.id_text, self.station_text = str(self.id), str(station_id)
        self.transaction_id = transaction_id
        self.organisation_id = organisation_id
        self.facts = facts
        self.around = Surroundings()
        self.marks: list[tuple[datetime, str]] = []
        self.marked_at: datetime | None = None
        self.window: Window | None = None
        self.stale = False
        self.token_uid = ""
        self.token_id: UUID | None = None

    @property
    def evse(self) -> int | None:
        start = self.facts.start
        return self.facts.evse if start is None or start.evse is None else start.evse

    def follows(self, at: datetime, rank: int) -> bool:
        """Whether a reading can be folded onto the meter as it stands: only open sessions stay in memory."""
        return self.window is not None and not self.stale and self.facts.meter.takes(at, rank)

    def reset_meter(self) -> MeterState:
        self.facts.meter = MeterState()
        return self.facts.meter


class Held:
    """Everything the projection remembers; forgetting it costs time, never truth."""

    def __init__(self) -> None:
        self.sessions: dict[Key, HeldSession] = {}
        self.organisations: dict[UUID, UUID | None] = {}
        self.unwritten: dict[UUID, HeldSession] = {}  # their newest readings are stored, their rows not yet
        self.repetitions = 0  # batches to come in which readings told before are likely

    def forget(self) -> None:
        """Unwritten sessions are folded from their stored readings when they are needed again."""
        self.sessions.clear()
        self.unwritten.clear()
        self.organisations.clear()

    def forget_shards(self, shards: Iterable[int]) -> None:
        gone = set(shards)
        self.unwritten = {id_: held for id_, held in self.unwritten.items() if shard_of(held.station_id) not in gone}
        self.sessions = {key: held for key, held in self.sessions.items() if shard_of(key[0]) not in gone}
        self.organisations = {
            station_id: organisation
            for station_id, organisation in self.organisations.items()
            if shard_of(station_id) not in gone
        }
