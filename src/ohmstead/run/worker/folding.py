"""Journal -> tables: read, interpret, project, move the cursor in the same transaction, tell who listens."""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import psycopg
from django.db import InterfaceError, OperationalError, connection, transaction

from ohmstead.charging import closings, session_rows
from ohmstead.charging import projection as sessions
from ohmstead.charging.held import Held
from ohmstead.charging.quarantine import set_aside
from ohmstead.charging.queries import READER
from ohmstead.drivers import projection as drivers
from ohmstead.journal import reader
from ohmstead.journal.entry import Entry
from ohmstead.journal.interpret import interpret
from ohmstead.kit.clock import Clock
from ohmstead.network import projection as network
from ohmstead.run.worker.leases import Leases
from ohmstead.run.worker.positions import Positions, Stretch

log = logging.getLogger(__name__)

REFOLDED_AT_ONCE: Final = 500
WRITE_EVERY_S: Final = 1.0  # rows of sessions to which only meter values came
MOST_ENTRIES: Final = 4000  # of one stretch; bounds memory and the length of a transaction

type Told = Callable[[str, Mapping[UUID, set[UUID]]], None]  # topic, organisation -> ids


class Folding:
    """One worker's share of the journal. After an error of the database itself: close it and make a new one."""

    def __init__(self, database_url: str, told: Told, clock: Clock) -> None:
        self._told = told
        self._clock = clock
        connection.close()
        connection.ensure_connection()
        assert connection.connection is not None
        self._connection = connection.connection
        self._leases = Leases(self._connection)
        self.reading = psycopg.connect(database_url, autocommit=True)
        self._positions = Positions()
        self._held = Held()
        self._written_at = clock.monotonic() - WRITE_EVERY_S
        self._catch_up = False  # rows may be older than stored readings
        self.folded = 0
        self.quarantined = 0

    def close(self) -> None:
        """Ends the leases: another worker takes over at once."""
        self.reading.close()
        connection.close()

    @property
    def shards(self) -> frozenset[int]:
        return frozenset(self._leases.shards)

    def balance(self) -> None:
        """Take or give back shards; call between batches only."""
        self.write_waiting()
        gained, lost = self._leases.balance()
        if lost:
            self._held.forget_shards(lost)
            self._positions.drop(lost)
        if gained:
            self._catch_up = True
            self._positions.take(gained, reader.load_cursors(self.reading, READER))
        if gained or lost:
            log.info("Folding %d shards.", len(self._leases.shards))
        if self._catch_up:
            self._refold_behind()

    def _refold_behind(self) -> None:
        behind = session_rows.behind(self._leases.shards)
        for first in range(0, len(behind), REFOLDED_AT_ONCE):
            with transaction.atomic():
                changed = sessions.refold(self._held, behind[first : first + REFOLDED_AT_ONCE])
            self._told("sessions", changed)
        self._catch_up = False

    def fold_some(self) -> int:
        """One round over what is waiting; the number of entries folded."""
        count = 0
        for stretch in self._positions.stretches(reader.open_streams(self.reading)):
            limit = max(100, MOST_ENTRIES // len(stretch.after))
            page = reader.read_page(self.reading, stretch.after, stretch.shards, limit)
            entries, upto = page.entries, page.upto
            if stretch.cap is not None:
                cap = stretch.cap
                entries = [entry for entry in entries if entry.seq <= cap[entry.stream]]
                upto = {stream: min(seq, cap[stream]) for stream, seq in upto.items()}
            self._fold(stretch, entries, upto)
            count += len(entries)
        if not count and self._clock.monotonic() - self._written_at >= WRITE_EVERY_S:
            self.write_waiting()
        self.folded += count
        return count

    def write_waiting(self) -> None:
        if self._held.unwritten:
            with transaction.atomic():
                changed = sessions.write_waiting(self._held)
            self._told("sessions", changed)
        self._written_at = self._clock.monotonic()

    def close_given_up(self) -> int:
        """Fold in what people and jobs have closed since."""
        with transaction.atomic():
            waiting = closings.unapplied(self._leases.shards)
            if not waiting:
                return 0
            changed = sessions.refold(self._held, list(waiting.values()))
            closings.mark_applied(list(waiting))
        self._told("sessions", changed)
        return len(waiting)

    def _fold(self, stretch: Stretch, entries: Sequence[Entry], upto: Mapping[int, int]) -> None:
        """Entries that cannot be projected are found by halving, set aside, and the rest goes on."""
        try:
            self._fold_once(stretch, entries, upto)
        except Exception as error:
            self._held.forget()
            self._catch_up = True
            if is_the_databases_fault(error) or not entries:
                raise
            if len(entries) == 1:
                self._set_aside(stretch, entries[0], upto, error)
                return
            middle = len(entries) // 2
            first = entries[:middle]
            self._fold(stretch, first, {entry.stream: entry.seq for entry in first})
            self._fold(stretch, entries[middle:], upto)

    def _set_aside(self, stretch: Stretch, entry: Entry, upto: Mapping[int, int], error: Exception) -> None:
        log.error("Entry %d/%d cannot be folded and was set aside.", entry.stream, entry.seq, exc_info=error)
        with transaction.atomic():
            set_aside(entry, error)
            reader.save_cursors(self._writing(), READER, stretch.shards, upto)
        self.quarantined += 1
        self._positions.moved(stretch.shards, upto)

    def _fold_once(self, stretch: Stretch, entries: Sequence[Entry], upto: Mapping[int, int]) -> None:
        heard = [interpret(entry) for entry in entries]
        write_all = self._clock.monotonic() - self._written_at >= WRITE_EVERY_S
        with transaction.atomic():
            told = network.project(heard) if heard else network.Told({}, {})
            drivers.project(heard)
            charged = sessions.project(heard, self._held, write_all=write_all) if heard else {}
            reader.save_cursors(self._writing(), READER, stretch.shards, upto)
        if write_all:
            self._written_at = self._clock.monotonic()
        self._positions.moved(stretch.shards, upto)
        self._told("stations", told.stations)
        self._told("commands", told.commands)
        self._told("sessions", charged)

    def _writing(self) -> psycopg.Connection[Any]:
        """The connection that holds the leases."""
        held = connection.connection
        assert held is self._connection, "Django made a new connection: the leases are gone"
        return held


def is_the_databases_fault(error: Exception) -> bool:
    """The same batch may succeed later; setting entries aside would lose them."""
    if not isinstance(error, OperationalError | InterfaceError | psycopg.OperationalError | psycopg.InterfaceError):
        return False
    state = getattr(error.__cause__ or error, "sqlstate", None)
    return not (state and state.startswith("54"))  # 54: a value is too large or too complex, which stays so
