"""The same work for many stations: so many at a time, with an end, a stop and a second try."""

from collections import Counter
from datetime import timedelta

import pytest

from ohmstead.station.commands import ChangeAvailability, ChangePassword, CommandOutcome, UpdateFirmware
from tests.network.heard import NOON

OUT = ChangeAvailability(operative=False)


@pytest.fixture
def by(database):
    from ohmstead.access.actors import Actor

    return Actor.job("tests")


@pytest.fixture
def actions(database):
    from ohmstead.network import bulk_actions

    return bulk_actions


@pytest.fixture
def town(organisation):
    """Ten stations, the last one not accepted."""
    from ohmstead.network.models import Station

    Station.objects.bulk_create(
        Station(
            organisation=organisation,
            identity=f"ST-{n}",
            admission="accepted" if n < 9 else "pending",
            online=True,
            gateway="gw-1",
        )
        for n in range(10)
    )
    return Station.objects.all()


def turn(outcome="accepted", *, only=None):
    """A desk's round: what was claimed ends as said."""
    from ohmstead.network import bulks, dispatch

    bulks.advance(NOON)
    claimed = dispatch.claim(NOON)
    dispatch.end({each.id: CommandOutcome(state=outcome) for each in claimed[:only]}, NOON)
    return len(claimed)


def counts(bulk):
    from ohmstead.network import command_queries

    found = command_queries.bulk(bulk.organisation, bulk.pk)
    return found.bulk.state, {name: number for name, number in found.counts.items() if number}


def test_so_many_at_a_time_until_all_are_through(organisation, town, actions, by):
    bulk = actions.ask_stations(organisation, town, OUT, by=by, manner=actions.Manner(pace=4))
    assert counts(bulk) == ("running", {"planned": 9, "total": 9, "open": 9})
    assert [turn(), turn(), turn()] == [4, 4, 1]
    turn()
    assert counts(bulk) == ("done", {"accepted": 9, "total": 9, "done": 9})


def test_one_that_does_not_answer_keeps_its_place(organisation, town, actions, by):
    actions.ask_stations(organisation, town, OUT, by=by, manner=actions.Manner(pace=4))
    assert [turn(only=3), turn(only=0)] == [4, 3]
    assert turn() == 0


def test_it_stops_after_so_many_failures(organisation, town, actions, by):
    bulk = actions.ask_stations(organisation, town, OUT, by=by, manner=actions.Manner(pace=2, stop_after=2))
    turn("rejected")
    turn()
    assert counts(bulk) == ("stopped", {"rejected": 2, "cancelled": 7, "total": 9, "not_done": 9})
    bulk.refresh_from_db()
    assert bulk.reason == "2 have failed."


def test_the_rest_is_taken_back(organisation, town, actions, by):
    bulk = actions.ask_stations(organisation, town, OUT, by=by, manner=actions.Manner(pace=2))
    turn()
    actions.cancel_bulk(bulk, by=by)
    actions.cancel_bulk(bulk, by=by)
    assert counts(bulk) == ("cancelled", {"accepted": 2, "cancelled": 7, "total": 9, "done": 2, "not_done": 7})
    assert turn() == 0


def test_what_failed_is_tried_again(organisation, town, actions, by):
    from ohmstead.network.errors import TooLate

    bulk = actions.ask_stations(organisation, town, OUT, by=by, manner=actions.Manner(pace=5))
    turn("rejected")
    with pytest.raises(TooLate, match="still under way"):
        actions.retry_bulk(bulk, by=by)
    turn()
    turn()
    again = actions.retry_bulk(bulk, by=by)
    assert counts(again) == ("running", {"planned": 5, "total": 5, "open": 5})
    assert again.retries_id == bulk.pk
    assert all(row.repeats.state == "rejected" for row in again.commands.select_related("repeats"))


def test_a_station_that_is_away_is_waited_for_without_a_place(organisation, town, actions, by):
    from ohmstead.network import bulks, dispatch

    town.update(online=False, gateway="")
    manner = actions.Manner(pace=5, wait_until_online=timedelta(hours=1))
    bulk = actions.ask_stations(organisation, town, OUT, by=by, manner=manner)
    for _ in range(2):
        bulks.advance(NOON)
        for each in dispatch.claim(NOON):
            dispatch.not_connected(each.id, NOON)
    assert counts(bulk) == ("running", {"waiting": 9, "total": 9, "open": 9})


def test_work_that_goes_on_keeps_its_place_and_may_fail_later(organisation, town, actions, by):
    from ohmstead.network.models import Command

    wish = UpdateFirmware(url="https://charge.example/1", retrieve_at=NOON)
    bulk = actions.ask_stations(organisation, town, wish, by=by, manner=actions.Manner(pace=3, stop_after=1))
    turn()
    Command.objects.filter(bulk=bulk, state="accepted").update(work="running")
    assert turn() == 0
    assert counts(bulk)[1] == {"accepted": 3, "planned": 6, "total": 9, "open": 9, "busy": 3}
    Command.objects.filter(bulk=bulk, state="accepted").update(work="failed")
    turn()
    assert counts(bulk)[0] == "stopped"


@pytest.mark.parametrize(
    ("manner", "sentence"),
    [
        pytest.param({"pace": 0}, "1 to 500 stations", id="nobody at a time"),
        pytest.param({"stop_after": 0}, "one failure or more", id="stops before it begins"),
        pytest.param({"wait_until_online": timedelta(days=60)}, "30 days at most", id="waits for ever"),
    ],
)
def test_a_manner_that_makes_no_sense(organisation, town, actions, by, manner, sentence):
    from ohmstead.network.errors import CommandRefused
    from ohmstead.network.models import Bulk

    with pytest.raises(CommandRefused, match=sentence):
        actions.ask_stations(organisation, town, OUT, by=by, manner=actions.Manner(**manner))
    assert not Bulk.objects.exists()


def test_nothing_to_do_and_passwords_are_refused(organisation, town, actions, by):
    from ohmstead.network.errors import CommandRefused, NoStations
    from ohmstead.network.models import Bulk

    with pytest.raises(NoStations):
        actions.ask_stations(organisation, town.filter(identity="ST-9"), OUT, by=by)
    with pytest.raises(CommandRefused, match="one by one"):
        actions.ask_stations(organisation, town, ChangePassword(password="x" * 20), by=by)
    assert not Bulk.objects.exists()


def test_another_organisations_stations_are_never_asked(organisation, town, actions, by):
    from ohmstead.access.models import Organisation
    from ohmstead.network.errors import NoStations

    other = Organisation.objects.create(slug="dale", name="Dale")
    with pytest.raises(NoStations):
        actions.ask_stations(other, town, OUT, by=by)


def test_the_list_of_bulks_is_read_in_two_queries(organisation, town, actions, by, statements):
    from ohmstead.network import command_queries

    bulks = [actions.ask_stations(organisation, town, OUT, by=by) for _ in range(3)]
    with statements() as seen:
        found = command_queries.bulks(organisation)
    assert [each.bulk for each in found] == bulks[::-1]
    assert found[0].counts == Counter(planned=9, total=9, open=9)
    assert len(seen()) == 2
