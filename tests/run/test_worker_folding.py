"""From journal entries as a gateway writes them to sessions, over several workers."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from ohmstead.journal.entry import EntryKind, shard_of

NOON = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)


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
            [self.stream, seq, shard_of(station), station, NOON, EntryKind.RECEIVED, 16, action, frame, reply],
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
    folding = Folding(database, lambda topic, changed: told.append((topic, changed)))
    folding.heard = told
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
