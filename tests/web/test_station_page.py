"""One station: its plugs, its deviations, what it said."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest

from ohmstead.journal.entry import EntryKind, shard_of
from ohmstead.wire.dialect import Dialect
from tests.web.little_network import session, token

BOOT = b'[2,"m-1","BootNotification",{"chargePointVendor":"Voltmark","chargePointModel":"Duo <b>22</b>"}]'
REPLY = b'[3,"m-1",{"status":"Accepted","interval":300}]'


def say(database, station, *, kind=EntryKind.RECEIVED, action="BootNotification", frame=BOOT, reply=REPLY, at=None):
    """Put an entry into the journal as a gateway would."""
    at = at or datetime.now(UTC)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(
            """INSERT INTO journal.entry
                 (seq, epoch, at, quirks, station_id, stream, shard, kind, dialect, action, frame, reply)
               SELECT coalesce(max(seq), 0) + 1, 1, %s, 0, %s, 1, %s, %s, %s, %s, %s, %s FROM journal.entry""",
            [at, station.pk, shard_of(station.pk), int(kind), int(Dialect.V16), action, frame, reply],
        )


def test_each_plug_shows_its_state_and_its_session(operator, network):
    card = token(network.hill, "04AABBCC", "Fleet card 7")
    session(network.busy, token=card, soc_percent=63.0)
    page = operator.get("/console/stations/HILL-2").text
    for word in ("Plug 1", "Plug 2", "Type 2", "22 kW", "11.0 kW", "5.50 kWh", "63 %", "Session of Fleet card 7"):
        assert word in page


def test_the_identity_is_found_in_small_letters_too(operator, network):
    assert operator.get("/console/stations/hill-2").status_code == 200


def test_an_offline_station_does_not_pretend_that_its_plugs_are_free(operator, network):
    page = operator.get("/console/stations/HILL-4").text
    assert "Offline" in page
    assert "Available" not in page


def test_a_fault_shows_the_stations_own_words(operator, network):
    network.broken.evses.update(error_code="GroundFailure", vendor_error_code="E17", info="RCD tripped")
    assert "GroundFailure (E17): RCD tripped" in operator.get("/console/stations/HILL-3").text


def test_what_it_gets_wrong_is_told_with_an_example(operator, network):
    from ohmstead.network.models import Deviation

    now = datetime.now(UTC)
    network.free.deviations.create(
        code="time_without_zone",
        action="StatusNotification",
        sentence="The time has no zone; it was read as UTC.",
        example='{"timestamp":"2026-11-22T12:00:00"}',
        count=17,
        first_at=now,
        last_at=now,
    )
    assert Deviation.objects.count() == 1
    page = operator.get("/console/stations/HILL-1").text
    assert "The time has no zone; it was read as UTC." in page
    assert "2026-11-22T12:00:00" in page
    assert ">17<" in page


def test_the_message_log_shows_frame_and_answer_indented_and_escaped(operator, network, database):
    say(database, network.free)
    page = operator.get("/console/stations/HILL-1").text
    assert "BootNotification" in page
    assert "&quot;chargePointModel&quot;: &quot;Duo &lt;b&gt;22&lt;/b&gt;&quot;" in page
    assert "&quot;interval&quot;: 300" in page
    assert "<b>22</b>" not in page


@pytest.mark.parametrize(
    "frame",
    [
        pytest.param(b"\xff\xfe\x00 not text", id="no utf-8"),
        pytest.param(b"[2,", id="half a frame"),
        pytest.param(b"", id="nothing"),
        pytest.param(None, id="never came"),
        pytest.param(b'[2,"x","Y",{"a":"' + b"z" * 100_000 + b'"}]', id="far too long"),
        pytest.param(b"[" * 5_000, id="deep"),
    ],
)
def test_any_bytes_can_be_shown(operator, network, database, frame):
    say(database, network.free, kind=EntryKind.UNREADABLE, action=None, frame=frame, reply=None)
    answer = operator.get("/console/stations/HILL-1")
    assert answer.status_code == 200
    assert len(answer.content) < 120_000


def test_the_newest_message_comes_first_and_only_the_newest_forty(operator, network, database):
    start = datetime.now(UTC) - timedelta(minutes=10)
    for number in range(45):
        say(database, network.free, action=f"Action{number:02}", at=start + timedelta(seconds=number))
    page = operator.get("/console/stations/HILL-1").text
    assert page.index("Action44") < page.index("Action43")
    assert "Action05" in page
    assert "Action04" not in page


def test_a_neighbours_messages_are_not_in_it(operator, network, database):
    say(database, network.foreign, action="SecretAction")
    assert "SecretAction" not in operator.get("/console/stations/HILL-1").text


def test_the_timeline_tells_who_did_what(operator, network):
    from ohmstead.access.actors import Actor
    from ohmstead.network.actions import move_station

    move_station(network.free, network.quay, by=Actor.of_user(network.people["operator"]))
    assert "Operator moved the station to another site" in operator.get("/console/stations/HILL-1").text


def test_routine_messages_do_not_crowd_the_timeline(operator, network):
    """They stand in the message log; here they would hide the restart among them."""
    now = datetime.now(UTC)
    network.free.events.create(at=now - timedelta(hours=1), kind="boot", title="Booted: Watchdog")
    for number in range(30):
        network.free.events.create(at=now - timedelta(seconds=number), kind="notice", title="DataTransfer")
    page = operator.get("/console/stations/HILL-1").text
    assert "Booted: Watchdog" in page
    assert "DataTransfer" not in page


def test_a_password_in_a_message_is_not_shown(operator, network, database):
    frame = b'[2,"m-2","ChangeConfiguration",{"key":"AuthorizationKey","value":"ff00hunter2"}]'
    say(database, network.free, kind=EntryKind.SENT, action="ChangeConfiguration", frame=frame, reply=None)
    say(database, network.free, kind=EntryKind.ANSWERED, action="ChangeConfiguration", reply=frame)
    page = operator.get("/console/stations/HILL-1").text
    assert "AuthorizationKey" in page
    assert "hunter2" not in page


def test_the_page_costs_the_same_with_many_sessions_and_plugs(operator, network, queries_of):
    few = queries_of(lambda: operator.get("/console/stations/HILL-2"))
    for number in range(10):
        session(
            network.busy, transaction_id=str(uuid4()), evse=number % 2 + 1, token=token(network.hill, f"T{number}", "")
        )
    assert queries_of(lambda: operator.get("/console/stations/HILL-2")) <= few + 1
    assert few <= 25


def test_outside_the_demo_there_is_no_simulator(operator, network):
    assert "Simulator" not in operator.get("/console/stations/HILL-1").text
    assert operator.post("/console/stations/HILL-1/simulate", {"verb": "plug"}).status_code == 404
