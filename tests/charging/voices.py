"""Stations as the projection hears them: journal entries that carry neutral events, numbered as they come."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from uuid import UUID

from ohmstead.journal.entry import Entry, EntryKind, shard_of
from ohmstead.journal.interpret import Heard
from ohmstead.station.events import (
    AnyEvent,
    Booted,
    MeterSampled,
    PlugStateChanged,
    TransactionEnded,
    TransactionStarted,
    TransactionUpdated,
)
from ohmstead.station.readings import Reading, ReadingContext
from ohmstead.station.states import ChargingState, PlugState, StopReason
from ohmstead.station.tokens import PresentedToken, TokenVerdict
from ohmstead.wire import Mend
from ohmstead.wire.dialect import Dialect

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
_numbers = count(1)


def minute(number: float) -> datetime:
    return NOON + timedelta(minutes=number)


def wh(value: float | int | str) -> Decimal:
    return Decimal(str(value))


class Voice:
    """One station; every method gives what is heard of it. Times are minutes after noon."""

    def __init__(self, station_id: UUID) -> None:
        self.station_id = station_id

    def hears(self, at: datetime, *events: AnyEvent, mends: tuple[Mend, ...] = ()) -> Heard:
        entry = Entry(
            stream=1,
            seq=next(_numbers),
            shard=shard_of(self.station_id),
            station_id=self.station_id,
            epoch=1,
            at=at,
            kind=EntryKind.RECEIVED,
            dialect=Dialect.V16,
            quirks=0,
            action=None,
            frame=b"",
            reply=None,
        )
        return Heard(entry, events, mends)

    def start(
        self,
        at: float,
        register_wh: float | None = None,
        *,
        tx: str = "1",
        evse: int = 1,
        token: str | None = "CARD1",
        verdict: TokenVerdict | None = TokenVerdict.ACCEPTED,
        **fields: object,
    ) -> Heard:
        event = TransactionStarted(
            transaction_id=tx,
            evse=evse,
            at=minute(at),
            at_as_sent=minute(at).isoformat(),
            register_wh=None if register_wh is None else wh(register_wh),
            token=PresentedToken(token) if token else None,
            verdict=verdict if token else None,
            **fields,
        )
        return self.hears(minute(at), event)

    def meter(
        self,
        at: float,
        register_wh: float | None = None,
        *,
        tx: str | None = "1",
        evse: int | None = 1,
        context: ReadingContext = ReadingContext.PERIODIC,
        **values: object,
    ) -> Heard:
        reading = self.reading(at, register_wh, context, **values)
        return self.hears(minute(at), MeterSampled(evse=evse, transaction_id=tx, readings=(reading,)))

    def reading(
        self,
        at: float,
        register_wh: float | None = None,
        context: ReadingContext = ReadingContext.PERIODIC,
        **values: object,
    ) -> Reading:
        return Reading(minute(at), context, None if register_wh is None else wh(register_wh), **values)

    def stop(
        self,
        at: float,
        register_wh: float | None = None,
        *,
        tx: str | None = "1",
        evse: int | None = None,
        token: str | None = None,
        reason: StopReason = StopReason.DRIVER,
        **fields: object,
    ) -> Heard:
        event = TransactionEnded(
            transaction_id=tx,
            evse=evse,
            at=minute(at),
            register_wh=None if register_wh is None else wh(register_wh),
            token=PresentedToken(token) if token else None,
            reason=reason,
            **fields,
        )
        return self.hears(minute(at), event)

    def update(
        self,
        at: float,
        *,
        tx: str = "1",
        state: ChargingState | None = None,
        readings: Sequence[Reading] = (),
        **fields,
    ) -> Heard:
        event = TransactionUpdated(
            transaction_id=tx, at=minute(at), charging_state=state, readings=tuple(readings), **fields
        )
        return self.hears(minute(at), event)

    def plug(self, at: float, state: PlugState, *, evse: int = 1) -> Heard:
        return self.hears(minute(at), PlugStateChanged(evse=evse, state=state, at=minute(at)))

    def boot(self, at: float) -> Heard:
        return self.hears(minute(at), Booted(vendor="Acme", model="One"))


def with_arrival_times(heard: Heard) -> Heard:
    """The same, of a station whose clock was not set."""
    mend = Mend("clock_not_set", "The station's clock is not set; the arrival time stands for it.", "1970-01-01")
    return Heard(heard.entry, heard.events, (mend,))
