"""The short way of usual calls: it says what the long way says, or leaves the call to it."""

import json
from typing import Any

import pytest

from ohmstead import wire
from ohmstead.wire import Dialect
from ohmstead.wire.registry import MESSAGES
from tests.wire.conftest import ARRIVED, answer
from tests.wire.ocpp_schemas import SCHEMAS, Schema, instances

PLAIN_SCHEMAS = [s for s in SCHEMAS if not s.response and s.action.encode() in wire.PLAIN[s.dialect]]
METER_VALUES = {
    "connectorId": 1,
    "meterValue": [{"timestamp": "2026-11-22T10:00:00Z", "sampledValue": [{"value": "1"}]}],
}


def framed(message_id: str, action: str, payload: object, kind: int = 2) -> bytes:
    return json.dumps([kind, message_id, action, payload]).encode()


def read(frame: bytes, dialect: Dialect = Dialect.V16) -> tuple[str, str, bytes] | None:
    return wire.read_plain(wire.PLAIN[dialect], frame, ARRIVED)


@pytest.mark.parametrize("schema", [pytest.param(s, id=s.id) for s in PLAIN_SCHEMAS])
def test_a_plain_call_gets_the_answer_it_would_get_the_long_way(schema: Schema):
    plain = wire.PLAIN[schema.dialect][schema.action.encode()]
    taken = 0
    for instance in instances(schema):
        found = read(framed("m-1", schema.action, instance), schema.dialect)
        if found is None:
            assert plain.asks is not None, "a valid call was not taken"
            assert "idToken" in instance
            continue
        message_id, action, reply = found
        assert (message_id, action) == ("m-1", schema.action)
        assert json.loads(reply) == [3, "m-1", answer(schema.dialect, schema.action, instance)]
        taken += 1
    assert taken


def test_whoever_asks_for_a_decision_is_not_plain():
    for dialect, calls in wire.PLAIN.items():
        assert {b"MeterValues", b"Heartbeat", b"StatusNotification"} <= calls.keys()
        assert not calls.keys() & {b"BootNotification", b"Authorize", b"StartTransaction", b"StopTransaction"}
        assert all(MESSAGES[dialect][call.action].from_station for call in calls.values())


def test_an_answer_of_another_time_tells_that_time():
    later = ARRIVED.replace(hour=ARRIVED.hour + 1)
    times = [
        json.loads(wire.read_plain(wire.PLAIN[Dialect.V16], framed("1", "Heartbeat", {}), now)[2])[2]["currentTime"]  # type: ignore[index]
        for now in (ARRIVED, later, ARRIVED)
    ]
    assert times[0] == times[2] != times[1]


@pytest.mark.parametrize(
    "message_id", ["", "7", "a b", 'quote"inside', "back\\slash", "\\", "\u00e9\u4e2d", "\U0001f50c", "x" * 36]
)
def test_the_id_comes_back_as_it_was_sent(message_id: str):
    for frame in (framed(message_id, "Heartbeat", {}), framed(message_id, "MeterValues", METER_VALUES)):
        found = read(frame)
        assert found is not None or '"' in message_id
        assert found is None or (found[0] == message_id == json.loads(found[2])[1])


@pytest.mark.parametrize(
    "frame",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"[]", id="empty"),
        pytest.param(b'{"MeterValues":"a"}', id="no array"),
        pytest.param(b'[3,"m","Heartbeat",{}]', id="an answer"),
        pytest.param(b'[3,"m",{"status":"Accepted"}]', id="a real answer"),
        pytest.param(b'[6,"m","Heartbeat",{}]', id="a send"),
        pytest.param(b'[2,"m","Heartbeat"]', id="no payload"),
        pytest.param(b'[2,"m","Heartbeat",{}', id="cut off"),
        pytest.param(b'[2,"m","Heartbeat",{}] x', id="more behind it"),
        pytest.param(b'[2,"m","Heartbeat",[]]', id="a list for a payload"),
        pytest.param(b'[2,"m","Heartbeat",{"more":1}]', id="an unknown field"),
        pytest.param(b'["2","m","Heartbeat",{}]', id="the type as a text"),
        pytest.param(b'[2,7,"Heartbeat",{}]', id="a number for an id"),
        pytest.param(b'[2,7,"m","Heartbeat",{}]', id="one element too many in front"),
        pytest.param(b'[2,"m\\","Heartbeat",{}]', id="the id never ends"),
        pytest.param(b'[2,"\xff","Heartbeat",{}]', id="an id that is no text"),
        pytest.param(b'[2,"m","heartbeat",{}]', id="an action misspelt"),
        pytest.param(b'[2,"m","StartTransaction",{}]', id="a call that asks"),
        pytest.param(b'[2,"m","MeterValues",{}]', id="fields missing"),
        pytest.param(framed("x" * 37, "Heartbeat", {}), id="an id too long"),
        pytest.param(framed("m", "MeterValues", {**METER_VALUES, "connectorId": "1"}), id="a number as a text"),
    ],
)
def test_whatever_is_unusual_is_left_to_the_long_way(frame: bytes):
    assert read(frame) is None


def test_a_transaction_event_that_presents_a_token_asks_for_a_decision():
    event: dict[str, Any] = {
        "eventType": "Updated", "timestamp": "2026-11-22T10:00:00Z", "triggerReason": "MeterValuePeriodic", "seqNo": 1,
        "transactionInfo": {"transactionId": "t"},
    }  # fmt: skip
    assert read(framed("m", "TransactionEvent", event), Dialect.V201) == ("m", "TransactionEvent", b'[3,"m",{}]')
    token = {"idToken": {"idToken": "CARD", "type": "ISO14443"}}
    assert read(framed("m", "TransactionEvent", event | token), Dialect.V201) is None
