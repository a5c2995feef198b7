from itertools import permutations

import pytest

from ohmstead.station.events import TransactionStarted
from ohmstead.station.states import PlugState
from tests.network.heard import NOON, heard, minutes, plug
from tests.network.test_line import project


def evse_of(station, number=1):
    from ohmstead.network.models import Evse

    return Evse.objects.get(station=station, number=number)


def test_s8_c7_unknown_evses_are_created_on_a_cold_boot(station):
    project(
        heard(station.id, plug(PlugState.AVAILABLE, evse=1)),
        heard(station.id, plug(PlugState.FAULTED, evse=2, error_code="GroundFailure", info="x" * 500)),
        heard(station.id, plug(PlugState.AVAILABLE, evse=None)),
    )
    assert evse_of(station, 1).state == "available"
    second = evse_of(station, 2)
    assert (second.state, second.error_code, len(second.info)) == ("faulted", "GroundFailure", 200)
    assert second.connectors.get().number == 1
    station.refresh_from_db()
    assert (station.state, station.state_at) == ("available", NOON)


def test_s8_a_transaction_straight_after_boot_creates_its_evse(station):
    started = TransactionStarted(transaction_id="1", evse=3, at=NOON, at_as_sent="")
    project(heard(station.id, started))
    assert (evse_of(station, 3).state, evse_of(station, 3).state_at) == ("unknown", None)
    project(heard(station.id, plug(PlugState.CHARGING, evse=3)))
    project(heard(station.id, started))
    assert evse_of(station, 3).state == "charging"


WORDS = [
    (plug(PlugState.AVAILABLE, at=minutes(-3)), {"epoch": 1, "seq": 5}),
    (plug(PlugState.PREPARING, at=minutes(-1)), {"epoch": 1, "seq": 6}),
    (plug(PlugState.CHARGING, at=minutes(-1)), {"epoch": 2, "seq": 1, "stream": 2}),
]


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize("together", [True, False], ids=["one batch", "three batches"])
def test_the_newest_word_wins_in_any_order(station, order, together):
    batch = [heard(station.id, WORDS[i][0], **WORDS[i][1]) for i in order]
    if together:
        project(*batch)
    else:
        for each in batch:
            project(each)
    assert evse_of(station).state == "charging"
    assert evse_of(station).connectors.get().state == "charging"


def test_f1_a_clock_that_runs_ahead_does_not_freeze_the_state(station):
    project(heard(station.id, plug(PlugState.CHARGING, at=minutes(60 * 24 * 365)), at=NOON))
    project(heard(station.id, plug(PlugState.AVAILABLE, at=minutes(1)), at=minutes(1)))
    assert evse_of(station).state == "available"


@pytest.mark.parametrize("number", [0, -1, 40_000, 2**40])
def test_an_impossible_evse_number_stops_nothing(station, number):
    from ohmstead.network.models import Evse

    project(heard(station.id, plug(PlugState.AVAILABLE, evse=number)), heard(station.id, plug(PlugState.AVAILABLE)))
    assert [evse.number for evse in Evse.objects.all()] == [1]


def test_an_evse_with_an_occupied_connector_is_occupied(station):
    project(
        heard(station.id, plug(PlugState.OCCUPIED, connector=2)),
        heard(station.id, plug(PlugState.AVAILABLE, connector=1, at=minutes(1)), at=minutes(1)),
    )
    assert evse_of(station).state == "occupied"
    project(heard(station.id, plug(PlugState.AVAILABLE, connector=2, at=minutes(2)), at=minutes(2)))
    assert evse_of(station).state == "available"


def test_s1_s6_a_batch_takes_the_same_number_of_statements_whatever_its_size(organisation, statements):
    from ohmstead.network.models import Station

    def batch(count):
        stations = Station.objects.bulk_create(
            Station(organisation=organisation, identity=f"B{count}-{n}") for n in range(count)
        )
        return [
            heard(each.id, plug(PlugState.AVAILABLE, evse=number, error_code="Other"), dialect=201)
            for each in stations
            for number in (1, 2)
        ]

    counts = []
    for size in (2, 400):
        said = batch(size)
        with statements() as seen:
            project(*said)
        # Who listens is asked once a second, whatever is heard.
        counts.append(len([sql for sql in seen() if "integration_webhook" not in sql]))
    assert counts[0] == counts[1] <= 6
