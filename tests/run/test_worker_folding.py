"""From journal entries as a gateway writes them to sessions, over several workers."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from ohmstead.journal.entry import EntryKind, shard_of
from ohmstead.kit.clock import FakeClock

CLOCK = FakeClock(datetime(2026, 5, 4, tzinfo=UTC))
NOON = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
ARRIVED = NOON + timedelta(minutes=45)


class Town:
    """Stations whose frames lie in the journal."""

    def __init__(self, database: str) -> None:
        from ohmstead.access.models import Organisation

        self.connection = psycopg.connect(database, autocommit=True)
        self.organisation = Organisation.objects.create(slug="town", name="Town")
        self.stream = self.open_stream()
        self.seqs: dict[int, int] = {}

    def open_stream(self) -> int:
        row = self.connection.execute("INSERT INTO journal.stream (gateway) VALUES ('g') RETURNING number").fetchone()
        assert row is not None
        return int(row[0])

    def station(self, identity: str) -> UUID:
        from ohmstead.network.models import Station

        return Station.objects.create(organisation=self.organisation, identity=identity, admission="accepted").pk

    def said(self, station: UUID, action: str, message: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
        seq = self.seqs[self.stream] = self.seqs.get(self.stream, 0) + 1
        frame = json.dumps([2, f"m{seq}", action, message]).encode()
        reply = json.dumps([3, f"m{seq}", answer]).encode()
        self.connection.execute(
            """INSERT INTO journal.entry (stream, seq, shard, station_id, epoch, at, kind, dialect, quirks, action,
               frame, reply) VALUES (%s, %s, %s, %s, 1, %s, %s, %s, 0, %s, %s, %s)""",
            [self.stream, seq, shard_of(station), station, ARRIVED, EntryKind.RECEIVED, 16, action, frame, reply],
        )

    def charges(self, station: UUID, transaction: int, begin_wh: int, end_wh: int) -> None:
        start = {"connectorId": 1, "idTag": "CARD1", "meterStart": begin_wh, "timestamp": NOON.isoformat()}
        self.said(
            station, "StartTransaction", start, {"transactionId": transaction, "idTagInfo": {"status": "Accepted"}}
        )
        sample = {"value": str((begin_wh + end_wh) / 2), "measurand": "Energy.Active.Import.Register", "unit": "Wh"}
        at = (NOON + timedelta(minutes=10)).isoformat()
        values = [{"timestamp": at, "sampledValue": [sample]}]
        self.said(station, "MeterValues", {"connectorId": 1, "transactionId": transaction, "meterValue": values}, {})
        stop = {
            "transactionId": transaction,
            "meterStop": end_wh,
            "timestamp": (NOON + timedelta(minutes=30)).isoformat(),
        }
        self.said(station, "StopTransaction", stop, {})


@pytest.fixture
def town(database: str) -> Any:
    town = Town(database)
    yield town
    town.connection.close()


@pytest.fixture
def folding(database: str, town: Town) -> Any:
    from ohmstead.run.worker.folding import Folding

    told: list[tuple[str, Mapping[UUID, set[UUID]]]] = []
    folding = Folding(database, lambda topic, changed: told.append((topic, changed)), CLOCK)
    folding.heard = told
    CLOCK.advance(timedelta(seconds=10))
    folding.balance()
    yield folding
    folding.close()


def fold_all(folding: Any) -> int:
    count = 0
    while folded := folding.fold_some():
        count += folded
    return count


def sessions() -> Sequence[Any]:
    from ohmstead.charging.models import Session

    return list(Session.objects.order_by("started_at", "id"))


def test_a_charge_in_ocpp_16_becomes_a_session(town, folding):
    station = town.station("CS-1")
    town.charges(station, 7, 1000, 4000)
    assert fold_all(folding) == 3
    [session] = sessions()
    assert (session.state, session.energy_wh, session.transaction_id) == ("ended", 3000, "7")
    assert ("sessions", {town.organisation.pk: {session.pk}}) in folding.heard


def test_a_second_round_reads_only_what_is_new(town, folding):
    station = town.station("CS-1")
    town.charges(station, 7, 1000, 4000)
    fold_all(folding)
    assert folding.fold_some() == 0
    town.charges(station, 8, 4000, 5000)
    assert fold_all(folding) == 3
    assert sorted(session.energy_wh for session in sessions()) == [1000, 3000]


def test_reading_the_same_range_again_changes_nothing(town, folding, database):
    station = town.station("CS-1")
    town.charges(station, 7, 1000, 4000)
    fold_all(folding)
    before = [session.__dict__ | {"_state": None} for session in sessions()]
    town.connection.execute("DELETE FROM journal.cursor")
    again = new_worker(database, folding)
    assert fold_all(again) == 3
    assert [session.__dict__ | {"_state": None} for session in sessions()] == before
    again.close()


def test_t4_a_worker_that_dies_before_its_commit_loses_nothing(town, folding, database):
    station = town.station("CS-1")
    town.charges(station, 7, 1000, 4000)
    refuse_cursors(town, True)
    with pytest.raises(psycopg.Error):
        folding.fold_some()
    assert sessions() == []
    refuse_cursors(town, False)
    again = new_worker(database, folding)
    assert fold_all(again) == 3
    assert [session.energy_wh for session in sessions()] == [3000]
    again.close()


def test_every_gateways_stream_is_read(town, folding):
    one, other = town.station("CS-1"), town.station("CS-2")
    town.charges(one, 7, 1000, 4000)
    town.stream = town.open_stream()
    town.charges(other, 7, 1000, 2000)
    assert fold_all(folding) == 6
    assert sorted(session.energy_wh for session in sessions()) == [1000, 3000]


def test_an_entry_that_cannot_be_folded_is_set_aside_and_the_rest_goes_on(town, folding):
    from ohmstead.charging.models import QuarantinedEntry

    stations = [town.station(f"CS-{number}") for number in range(5)]
    town.connection.execute(
        """CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
           $$ BEGIN IF NEW.transaction_id = '13' THEN RAISE 'not this one'; END IF; RETURN NEW; END $$;
           CREATE TRIGGER refuse BEFORE INSERT ON charging_session FOR EACH ROW EXECUTE FUNCTION refuse()"""
    )
    try:
        for number, station in enumerate(stations):
            town.charges(station, 10 + number, 1000, 4000)
        fold_all(folding)
    finally:
        town.connection.execute("DROP FUNCTION refuse CASCADE")
    assert sorted(session.transaction_id for session in sessions()) == ["10", "11", "12", "14"]
    kept = list(QuarantinedEntry.objects.order_by("seq"))
    assert [entry.seq for entry in kept] == [10, 11, 12]
    assert "not this one" in kept[0].error
    assert folding.fold_some() == 0


def test_a_deleted_stations_entries_are_passed_over(town, folding):
    from uuid import uuid4

    town.charges(uuid4(), 7, 1000, 4000)
    assert fold_all(folding) == 3
    assert sessions() == []


def test_the_lag_is_known(town, folding):
    from ohmstead.charging.queries import fold_lag

    town.charges(town.station("CS-1"), 7, 1000, 4000)
    assert fold_lag().entries == 3
    fold_all(folding)
    assert fold_lag().entries == 0


def test_what_a_person_closed_is_folded_in(town, folding):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.charging.actions import close_session

    station = town.station("CS-1")
    start = {"connectorId": 1, "idTag": "CARD1", "meterStart": 5, "timestamp": NOON.isoformat()}
    town.said(station, "StartTransaction", start, {"transactionId": 7, "idTagInfo": {"status": "Accepted"}})
    fold_all(folding)
    close_session(sessions()[0], by=SYSTEM, reason="trial")
    assert (folding.close_given_up(), folding.close_given_up()) == (1, 0)
    assert sessions()[0].state == "ended"


def new_worker(database: str, old: Any) -> Any:
    from ohmstead.run.worker.folding import Folding

    old.close()
    folding = Folding(database, lambda topic, changed: None, CLOCK)
    while len(folding.shards) < 64:
        folding.balance()
    return folding


def refuse_cursors(town: Town, refuse: bool) -> None:
    """The commit of a batch fails as it does when the disk is full."""
    if refuse:
        town.connection.execute(
            """CREATE FUNCTION journal.full() RETURNS trigger LANGUAGE plpgsql AS
               $$ BEGIN RAISE SQLSTATE '53100'; END $$;
               CREATE TRIGGER full_disk BEFORE INSERT ON journal.cursor
               FOR EACH ROW EXECUTE FUNCTION journal.full()"""
        )
    else:
        town.connection.execute("DROP FUNCTION journal.full CASCADE")


@pytest.fixture
def metered(town, folding):
    """A session to which one more meter value came within the second in which its row was written."""
    station = town.station("CS-1")
    start = {"connectorId": 1, "idTag": "CARD1", "meterStart": 0, "timestamp": NOON.isoformat()}
    town.said(station, "StartTransaction", start, {"transactionId": 7, "idTagInfo": {"status": "Accepted"}})
    fold_all(folding)
    sample = {"value": "900", "measurand": "Energy.Active.Import.Register", "unit": "Wh"}
    values = [{"timestamp": (NOON + timedelta(minutes=10)).isoformat(), "sampledValue": [sample]}]
    town.said(station, "MeterValues", {"connectorId": 1, "transactionId": 7, "meterValue": values}, {})
    assert folding.fold_some() == 1
    assert sessions()[0].energy_wh == 0


def test_rows_that_waited_are_made_whole_by_the_next_worker(metered, folding, database):
    again = new_worker(database, folding)
    assert sessions()[0].energy_wh == 900
    again.close()


def test_rows_that_waited_are_written_before_shards_are_given_back(metered, folding, database):
    from ohmstead.run.worker.leases import Leases

    with psycopg.connect(database, autocommit=True) as connection:
        Leases(connection)
        folding.balance()
    assert len(folding.shards) == 32
    assert sessions()[0].energy_wh == 900


def test_old_days_of_the_journal_go_once_they_are_folded(town, folding):
    from ohmstead.journal import schema
    from ohmstead.run.worker.upkeep import forget_before

    def days() -> set[str]:
        rows = town.connection.execute("SELECT relname FROM pg_class WHERE relname LIKE 'entry_20200%'").fetchall()
        return {name for (name,) in rows if "idx" not in name and name.count("_") == 1}

    schema.ensure_partitions(town.connection, datetime(2020, 5, 4, tzinfo=UTC))
    assert "entry_20200504" in days()
    station = town.station("CS-1")
    town.charges(station, 7, 1000, 4000)
    town.connection.execute("UPDATE journal.entry SET at = '2020-05-04 12:00Z'")
    assert forget_before(town.connection, datetime(2020, 6, 1, tzinfo=UTC)) == []
    fold_all(folding)
    assert "entry_20200504" in forget_before(town.connection, datetime(2020, 6, 1, tzinfo=UTC))
    assert days() == set()
