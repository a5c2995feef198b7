"""What a station says: request and answer in one line, live, filtered, exported, never with a secret."""

import csv
import io
import json
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import psycopg
import pytest

from ohmstead.journal.entry import EntryKind, shard_of
from ohmstead.wire.dialect import Dialect

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


def test_the_message_log_shows_frame_and_answer_indented_and_escaped(operator, network, database):
    say(database, network.free)
    page = operator.get("/console/stations/HILL-1/messages").text
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
    answer = operator.get("/console/stations/HILL-1/messages")
    assert answer.status_code == 200
    assert len(answer.content) < 120_000


def test_the_newest_messages_come_first_and_older_ones_are_a_page_away(operator, network, database):
    start = datetime.now(UTC) - timedelta(minutes=10)
    for number in range(65):
        say(database, network.free, action=f"Action{number:02}", at=start + timedelta(seconds=number))
    page = operator.get("/console/stations/HILL-1/messages").text
    assert page.index("Action64") < page.index("Action63")
    assert "Action05" in page
    assert "Action04" not in page
    older = re.search(r'href="(\?before=[^"]+)"', page).group(1)
    page = operator.get(f"/console/stations/HILL-1/messages{older}").text
    assert "Action04" in page
    assert "Action05" not in page
    assert "Go on live" in page


def test_our_request_and_its_answer_are_one_line_with_the_time_it_took(operator, network, database):
    call, sent = b'[2,"c-1","Reset",{"type":"Soft"}]', datetime.now(UTC) - timedelta(seconds=5)
    say(database, network.free, kind=EntryKind.SENT, action="Reset", frame=call, reply=None, at=sent)
    say(database, network.free, kind=EntryKind.ANSWERED, action="Reset", frame=b'[3,"c-1",{"status":"Rejected"}]',
        reply=call, at=sent + timedelta(seconds=1.5))  # fmt: skip
    page = operator.get("/console/stations/HILL-1/messages").text
    assert page.count("<details id=") == 1
    assert "1.50 s" in page
    assert page.index("&quot;type&quot;: &quot;Soft&quot;") < page.index("&quot;status&quot;: &quot;Rejected&quot;")


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        pytest.param("action=Heartbeat", {"Heartbeat"}, id="action"),
        pytest.param("direction=in", {"BootNotification", "Heartbeat"}, id="from the station"),
        pytest.param("direction=out", {"Reset"}, id="to the station"),
        pytest.param("direction=line", {"Disconnected"}, id="the connection"),
        pytest.param("direction=sideways", {"BootNotification", "Heartbeat", "Reset", "Disconnected"}, id="nonsense"),
        pytest.param("text=voltmark", {"BootNotification"}, id="text in any case"),
        pytest.param("text=hunter2", set(), id="a hidden secret is not found"),
        pytest.param("errors=1", {"Disconnected", "Reset"}, id="errors"),
        pytest.param("from={split}", {"Reset", "Disconnected"}, id="from, at the site's time"),
        pytest.param("until={split}", {"BootNotification", "Heartbeat"}, id="until, at the site's time"),
        pytest.param(
            "from=yesterday&until=9999-12-31T23:59",
            {"BootNotification", "Heartbeat", "Reset", "Disconnected"},
            id="no moments",
        ),
    ],
)
def test_messages_are_filtered(operator, network, database, query, shown):
    from ohmstead.network.models import Station

    noon = (datetime.now(UTC) - timedelta(days=1)).replace(hour=12, minute=0)
    split = (noon + timedelta(minutes=5)).astimezone(ZoneInfo(network.market.time_zone))
    Station.objects.filter(pk=network.free.pk).update(created_at=noon)
    call = b'[2,"c-1","Reset",{"password":"hunter2"}]'
    say(database, network.free, at=noon)
    say(database, network.free, action="Heartbeat", frame=b'[2,"m-2","Heartbeat",{}]', at=noon + timedelta(minutes=1))
    say(database, network.free, kind=EntryKind.ANSWERED, action="Reset", frame=b'[4,"c-1","NotSupported","",{}]',
        reply=call, at=noon + timedelta(minutes=6))  # fmt: skip
    say(database, network.free, kind=EntryKind.DISCONNECTED, action=None, frame=b"{}", at=noon + timedelta(minutes=7))
    page = operator.get(f"/console/stations/HILL-1/messages?{query.format(split=f'{split:%Y-%m-%dT%H:%M}')}").text
    assert set(re.findall(r"<b>(\w+)</b> <code>", page)) == shown


def test_the_export_has_what_the_filter_takes_without_secrets(operator, network, database):
    say(database, network.free)
    frame = b'[2,"m-2","ChangeConfiguration",{"key":"AuthorizationKey","value":"hunter2"}]'
    say(database, network.free, kind=EntryKind.SENT, action="ChangeConfiguration", frame=frame, reply=None)
    lines = operator.get("/console/stations/HILL-1/messages.jsonl").text.splitlines()
    assert [json.loads(line)["action"] for line in lines] == ["ChangeConfiguration", "BootNotification"]
    assert json.loads(lines[1])["answer"][2] == {"status": "Accepted", "interval": 300}
    assert "hunter2" not in "".join(lines)
    only = operator.get("/console/stations/HILL-1/messages.jsonl?direction=in").text
    assert "ChangeConfiguration" not in only
    assert operator.get("/console/stations/HILL-1/messages.exe").status_code == 404


def test_a_spreadsheet_runs_nothing_of_what_a_station_said(operator, network, database):
    say(database, network.free, kind=EntryKind.UNREADABLE, action="=1+1", frame=b"=cmd|' /C calc'!A0", reply=b"@x")
    rows = list(csv.reader(io.StringIO(operator.get("/console/stations/HILL-1/messages.csv").text)))
    assert rows[0] == ["at", "direction", "kind", "action", "message", "answer"]
    assert rows[1][3:] == ["'=1+1", "'=cmd|' /C calc'!A0", "'@x"]


def test_a_neighbours_messages_are_not_in_it(operator, network, database):
    say(database, network.foreign, action="SecretAction")
    assert "SecretAction" not in operator.get("/console/stations/HILL-1/messages").text


def test_a_password_in_a_message_is_not_shown(operator, network, database):
    frame = b'[2,"m-2","ChangeConfiguration",{"key":"AuthorizationKey","value":"ff00hunter2"}]'
    say(database, network.free, kind=EntryKind.SENT, action="ChangeConfiguration", frame=frame, reply=None)
    say(database, network.free, kind=EntryKind.ANSWERED, action="ChangeConfiguration", reply=frame)
    page = operator.get("/console/stations/HILL-1/messages").text
    assert "AuthorizationKey" in page
    assert "hunter2" not in page
