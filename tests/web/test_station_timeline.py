"""Who did what at a station."""

from datetime import UTC, datetime, timedelta


def test_the_timeline_tells_who_did_what(operator, network):
    from ohmstead.access.actors import Actor
    from ohmstead.network.actions import move_station

    move_station(network.free, network.quay, by=Actor.of_user(network.people["operator"]))
    assert "Operator moved the station to another site" in operator.get("/console/stations/HILL-1/timeline").text


def test_routine_messages_do_not_crowd_the_timeline(operator, network):
    """They stand in the message log; here they would hide the restart among them."""
    now = datetime.now(UTC)
    network.free.events.create(at=now - timedelta(hours=1), kind="boot", title="Booted: Watchdog")
    for number in range(30):
        network.free.events.create(at=now - timedelta(seconds=number), kind="notice", title="DataTransfer")
    page = operator.get("/console/stations/HILL-1/timeline").text
    assert "Booted: Watchdog" in page
    assert "DataTransfer" not in page
