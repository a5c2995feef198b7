"""What changes in the network is told to whoever listens."""

import pytest

from ohmstead.station.commands import CommandOutcome, UnlockConnector
from ohmstead.station.events import PlugStateChanged
from ohmstead.station.states import PlugState
from tests.integration.listener import listen, told
from tests.network.heard import NOON, connected, disconnected, heard, minutes


@pytest.fixture
def listened(organisation):
    return listen(organisation)


def project(*batch):
    from django.db import transaction

    from ohmstead.network.projection import project

    with transaction.atomic():
        project(batch)


def plug(station, state, at, **more):
    return heard(station.pk, PlugStateChanged(evse=1, state=state, at=at, **more), at=at)


def test_a_station_that_comes_and_goes(station, listened):
    project(connected(station.pk))
    project(disconnected(station.pk, at=minutes(5)))
    assert [(kind, data["station"]) for kind, data in told()] == [
        ("station.online", "ST-1"),
        ("station.offline", "ST-1"),
    ]


def test_one_that_blinks_within_a_batch_is_not_worth_a_word(station, listened):
    project(connected(station.pk), disconnected(station.pk, at=minutes(1)))
    assert told() == []


def test_a_fault_is_raised_once_and_cleared(station, listened):
    project(plug(station, PlugState.FAULTED, NOON, error_code="GroundFailure"))
    project(plug(station, PlugState.FAULTED, minutes(1), error_code="GroundFailure"))
    project(plug(station, PlugState.AVAILABLE, minutes(2)))
    (raised, fault), (cleared, works) = told()
    assert (raised, fault["evse"], fault["error_code"]) == ("fault.raised", 1, "GroundFailure")
    assert (cleared, works["state"]) == ("fault.cleared", "available")


def test_the_end_of_a_command(station, listened):
    from django.db import transaction
    from django.utils import timezone

    from ohmstead.access.actors import SYSTEM
    from ohmstead.network import commands
    from ohmstead.network.command_actions import ask_station

    row = ask_station(station, UnlockConnector(evse=1), by=SYSTEM)
    with transaction.atomic():
        commands.settle({row.pk: CommandOutcome(state="rejected", reason="UnlockFailed")}, timezone.now())
    ((kind, data),) = told()
    assert (kind, data["command_id"], data["state"], data["reason"]) == (
        "command.ended",
        str(row.pk),
        "rejected",
        "UnlockFailed",
    )


def test_who_is_let_in_and_who_is_turned_away(station, listened):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.network.actions import accept_station, refuse_station

    refuse_station(station, by=SYSTEM)
    accept_station(station, by=SYSTEM)
    assert [kind for kind, _ in told()] == ["station.refused", "station.accepted"]


def test_stations_that_go_with_their_gateway(station, listened):
    from ohmstead.bus.messages import GatewaySeen
    from ohmstead.network import presence

    word = GatewaySeen(gateway="gw-1", stream=1, connections=1, entries_total=0, draining=False)
    presence.gateways_seen([word], NOON)
    project(connected(station.pk))
    presence.sweep(minutes(1))
    presence.gateways_seen([word], minutes(2))
    assert [kind for kind, _ in told()] == ["station.online", "station.offline", "station.online"]


def test_without_a_listener_a_batch_costs_no_statement_more(station, statements):
    from ohmstead.integration.listeners import memory

    memory.forget()
    memory.wanted()
    batch = [connected(station.pk), plug(station, PlugState.FAULTED, minutes(1))]
    with statements() as seen:
        project(*batch)
    assert not [sql for sql in seen() if "integration_" in sql]
    assert told() == []


def test_a_station_is_added_taken_out_of_service_and_brought_back(organisation, listened):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.network.actions import create_station, remove_station, restore_station

    made = create_station(organisation, "NEW-1", by=SYSTEM)
    remove_station(made, by=SYSTEM)
    restore_station(made, by=SYSTEM)
    assert [(kind, data["station"]) for kind, data in told()] == [
        ("station.created", "NEW-1"),
        ("station.removed", "NEW-1"),
        ("station.restored", "NEW-1"),
    ]


def test_a_table_that_adds_stations_tells_of_each(organisation, listened):
    from ohmstead.access.actors import Actor
    from ohmstead.access.models import User
    from ohmstead.network.imports import actions

    ann = Actor.of_user(User.objects.create_user("ann@hill.example", name="Ann"))
    table = b"identity,name\nNEW-1,One\nNEW-2,Two\n"
    actions.apply_import(actions.upload_import(organisation, "stations", table, by=ann), by=ann)
    assert sorted(data["station"] for kind, data in told() if kind == "station.created") == ["NEW-1", "NEW-2"]


def test_an_unknown_station_waits_and_that_is_told_once(organisation, listened):
    from ohmstead.bus.messages import AdmitRequest
    from ohmstead.network import admission

    asked = AdmitRequest(
        identity="NEW-1",
        organisation=None,
        gateway="gw-1",
        remote_address="192.0.2.7",
        subprotocol="ocpp1.6",
        security_profile=0,
    )
    admission.admit([asked, asked])
    admission.admit([asked])
    assert [(kind, data["station"]) for kind, data in told()] == [("station.waiting", "NEW-1")]
