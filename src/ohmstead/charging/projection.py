"""What stations said -> sessions and readings.

Events are taken in any order, any number of times, in batches of any size. Ordinary meter values are folded onto
what is held in memory; whatever changes the frame of a session (starts, stops, marks, boots, strays) lets the
sessions it could bear on be folded anew from stored rows.
"""

from collections.abc import Sequence
from uuid import UUID

from ohmstead.charging import announcing, marks, meters, notifying, session_rows, surroundings
from ohmstead.charging.held import Held, HeldSession, Key, transaction_key
from ohmstead.charging.marks import MarkRows, add_mark
from ohmstead.charging.reading_rows import NOTHING_NAMED, ReadingRows
from ohmstead.charging.rules.facts import SessionFacts, exact, place
from ohmstead.charging.rules.fold import fold
from ohmstead.charging.rules.meter import rank_of
from ohmstead.charging.session_rows import Touch
from ohmstead.charging.staging import rows
from ohmstead.charging.strays import StrayRows
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
from ohmstead.station.readings import Reading

type Changed = dict[UUID, set[UUID]]  # organisation -> sessions

# Mends of the wire after which the time of a message is that of its arrival.
_ARRIVAL_STANDS = frozenset({"time_empty", "time_impossible", "clock_not_set", "clock_in_future"})
_CAUTIOUS_BATCHES = 50
_OF_TRANSACTIONS = (MeterSampled, TransactionUpdated, TransactionStarted, TransactionEnded)


def project(batch: Sequence[Heard], held: Held | None = None, *, write_all: bool = True) -> Changed:
    """Fold a batch inside the caller's transaction; `held` must be forgotten when that rolls back.

    Without `write_all`, rows of sessions to which only meter values came may wait for a later call: under load most
    sessions are then written once a second, not once a batch. Their readings are stored at once, so nothing is lost.
    """
    return _Batch(held if held is not None else Held(), write_all).project(batch)


def write_waiting(held: Held) -> Changed:
    """Write the rows that had to wait."""
    return _Batch(held, True).settle()


def refold(held: Held, session_ids: Sequence[UUID]) -> Changed:
    """Fold these sessions anew: closings have come, or a worker ended before it wrote their rows."""
    if not session_ids:
        return {}
    found = rows("SELECT station_id, transaction_id FROM charging_session WHERE id = ANY(%s)", [list(session_ids)])
    batch = _Batch(held, True)
    session_rows.load(held, found)
    for key in found:
        batch.dirty[held.sessions[key].id] = held.sessions[key]
    return batch.settle()


class _Batch:
    def __init__(self, held: Held, write_all: bool) -> None:
        self.held = held
        self.write_all = write_all
        self.readings = ReadingRows()
        self.marks = MarkRows()
        self.strays = StrayRows()
        self.touches: list[Touch] = []
        self.measured: list[Touch] = []  # by readings that named no transaction
        self.dirty: dict[UUID, HeldSession] = {}  # to be folded with their surroundings
        self.light: dict[UUID, HeldSession] = {}  # facts went on, and nothing around them changed
        self.metered: set[HeldSession] = set()  # the meter went on

    def project(self, batch: Sequence[Heard]) -> Changed:
        self._load(batch)
        organisations = self.held.organisations
        for heard in batch:
            if organisations.get(heard.entry.station_id) is not None:
                for event in heard.events:
                    if heard.mends:
                        self._untimed(heard, event)
                    self._take(heard, event)
        return self.settle()

    def _load(self, batch: Sequence[Heard]) -> None:
        held = self.held
        stations: set[UUID] = set()
        keys: dict[Key, None] = {}
        for heard in batch:
            station_id = heard.entry.station_id
            if station_id not in held.organisations:
                stations.add(station_id)
            for event in heard.events:
                if isinstance(event, _OF_TRANSACTIONS) and event.transaction_id is not None:
                    key = (station_id, transaction_key(event.transaction_id))
                    if key not in held.sessions:
                        keys[key] = None
        if stations:
            held.organisations.update(dict.fromkeys(stations))
            held.organisations.update(
                rows("SELECT id, organisation_id FROM network_station WHERE id = ANY(%s)", [list(stations)])
            )
        session_rows.load(held, keys)

    def _take(self, heard: Heard, event: AnyEvent) -> None:
        station_id = heard.entry.station_id
        match event:
            case MeterSampled():
                self._sampled(station_id, event)
            case TransactionUpdated():
                session = self._session(station_id, event.transaction_id)
                self._at_evse(session, event.evse)
                session.facts.heard_update(event)
                if event.token is not None:
                    self._admitted(session)
                self._frame(session, event)
            case TransactionStarted():
                self._started(self._session(station_id, event.transaction_id), event)
            case TransactionEnded(transaction_id=None):
                self._stray(station_id, event)
            case TransactionEnded():
                session = self._session(station_id, event.transaction_id or "")
                session.facts.heard_end(event)
                session.stale = True
                self._frame(session, event)
            case PlugStateChanged():
                self._plug(station_id, event)
            case Booted():
                at = heard.entry.at
                self.marks.add(station_id, at, marks.BOOT, evse=None, connector=None, session=None)
                self.touches.append(Touch(station_id, 0, at, at))

    def _sampled(self, station_id: UUID, event: MeterSampled) -> None:
        if event.transaction_id is None:
            self._unnamed_readings(station_id, event.evse, event.readings)
        elif event.readings:  # else nothing was measured, so not even the time of it is known
            session = self._session(station_id, event.transaction_id)
            self._at_evse(session, event.evse)
            self._readings(session, event.evse, event.readings)
            self.metered.add(session)

    def _untimed(self, heard: Heard, event: AnyEvent) -> None:
        if isinstance(event, _OF_TRANSACTIONS) and event.transaction_id is not None:
            session = self._session(heard.entry.station_id, event.transaction_id)
            if not session.facts.untimed and any(mend.code in _ARRIVAL_STANDS for mend in heard.mends):
                session.facts.untimed = session.stale = True

    def _session(self, station_id: UUID, transaction_id: str) -> HeldSession:
        key = (station_id, transaction_key(transaction_id))
        session = self.held.sessions.get(key)
        if session is None:
            organisation_id = self.held.organisations[station_id]
            assert organisation_id is not None
            session = HeldSession(*key, organisation_id, SessionFacts())
            self.held.sessions[key] = session
        return session

    def _at_evse(self, session: HeldSession, evse: int | None) -> None:
        """Where a session takes place decides which unnamed readings and marks are its own."""
        if (evse := place(evse)) is not None and session.facts.evse != evse:
            session.facts.at_evse(evse)
            self.dirty[session.id] = session

    def _started(self, session: HeldSession, event: TransactionStarted) -> None:
        before = session.facts.start
        session.facts.heard_start(event)
        since = min(event.at, before.at) if before is not None else event.at
        until = max(event.at, before.at) if before is not None else event.at
        if (evse := place(event.evse)) is not None:
            self.touches.append(Touch(session.station_id, evse, since, until))
        session.stale = True
        self._frame(session, event)

    def _admitted(self, session: HeldSession) -> None:
        """A start that was let in ends what ran on its plug before; one that was refused does not."""
        self.dirty[session.id] = session
        start = session.facts.start
        if start is not None and start.evse is not None:
            self.touches.append(Touch(session.station_id, start.evse, start.at, start.at))

    def _frame(self, session: HeldSession, event: TransactionStarted | TransactionUpdated | TransactionEnded) -> None:
        """What the three kinds of transaction events have in common."""
        if event.charging_state is not None:
            self._state(session, event)
        self._readings(session, event.evse, event.readings)
        self.light[session.id] = session

    def _state(self, session: HeldSession, event: TransactionStarted | TransactionUpdated | TransactionEnded) -> None:
        assert event.charging_state is not None
        state = event.charging_state.value
        number = event.seq_no
        self.marks.add(
            session.station_id, event.at, state, evse=None, connector=None, session=session.id, number=number
        )
        if session.window is not None and (session.marked_at is None or event.at > session.marked_at):
            add_mark(session, event.at, state)
        else:
            self.dirty[session.id] = session

    def _readings(self, session: HeldSession, evse: int | None, readings: Sequence[Reading]) -> None:
        facts = session.facts
        evse = place(evse)
        for reading in readings:
            self.readings.add(session.station_text, evse, session.id_text, reading)
            facts.spoken_of(reading.at)
            rank = rank_of(reading.context)
            if session.follows(reading.at, rank):
                facts.meter.step(reading.at, rank, exact(reading.register_wh), reading.power_w, reading.soc_percent)
            else:
                session.stale = True
        if session.window is None or session.stale:
            self.dirty[session.id] = session

    def _unnamed_readings(self, station_id: UUID, evse: int | None, readings: Sequence[Reading]) -> None:
        if not readings:
            return
        evse = place(evse)
        station = str(station_id)
        for reading in readings:
            self.readings.add(station, evse, NOTHING_NAMED, reading)
        times = [reading.at for reading in readings]
        if evse:
            self.measured.append(Touch(station_id, evse, min(times), max(times)))

    def _plug(self, station_id: UUID, event: PlugStateChanged) -> None:
        evse = place(event.evse)
        if evse is not None:
            self.marks.add(
                station_id, event.at, event.state.value, evse=evse, connector=place(event.connector), session=None
            )
            self.touches.append(Touch(station_id, evse, event.at, event.at))

    def _stray(self, station_id: UUID, event: TransactionEnded) -> None:
        self.strays.add(station_id, event)
        self.touches.append(Touch(station_id, 0, event.at, event.at))
        self._unnamed_readings(station_id, event.evse, event.readings)

    def settle(self) -> Changed:
        """Write what was said, then fold what it bears on."""
        self._write_readings()
        self.marks.write()
        self.strays.write()
        self._widen()
        if self.dirty:
            surroundings.read_next_starts(list(self.dirty.values()))
            surroundings.match_strays(self.held, self.dirty)
            sessions = list(self.dirty.values())
            surroundings.read_closings(sessions)
            meters.open_windows(sessions)
            marks.read_marks(sessions)
            meters.read_meters(sessions)
        return self._write()

    def _write_readings(self) -> None:
        """Most readings are told once; after one that was not, the way that reckons with more is taken for a while."""
        held = self.held
        if held.repetitions:
            held.repetitions -= 1
            self.readings.write()
        elif not self.readings.write(new=True):
            held.repetitions = _CAUTIOUS_BATCHES

    def _widen(self) -> None:
        """Sessions that a touch bears on: stored ones, and those of this batch that may have no row yet."""
        for session in session_rows.load_touched(self.held, self.touches):
            self.dirty[session.id] = session
        for session in session_rows.load_touched(self.held, self.measured):
            session.stale = True
            self.dirty[session.id] = session

    def _write(self) -> Changed:
        waiting = self.held.unwritten
        waiting.update((session.id, session) for session in self.metered)
        wanted = self.light | self.dirty
        if self.write_all:
            wanted |= waiting
        for session_id in wanted:
            waiting.pop(session_id, None)
        sessions = list(wanted.values())
        for session in sessions:
            token = session.facts.token
            uid = token.uid if token is not None else ""
            if uid != session.token_uid:
                session.token_uid, session.token_id = uid, None
        session_rows.find_tokens(sessions)
        views = [(session, fold(session.facts, session.around, session.marks)) for session in sessions]
        announcing.of_sessions(views)
        notifying.of_sessions(views)
        session_rows.write(views)
        changed: Changed = {}
        for session, view in views:
            changed.setdefault(session.organisation_id, set()).add(session.id)
            if view.open_until is not None or view.state != "running":
                self.held.sessions.pop((session.station_id, session.transaction_id), None)
        return changed
