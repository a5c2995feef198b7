"""Whatever a station answers, the person who asked gets an outcome and can read it item by item."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ohmstead import wire
from ohmstead.station.commands import Item
from ohmstead.wire import Dialect
from ohmstead.wire.registry import MESSAGES
from tests.wire.ocpp_schemas import SCHEMAS, Schema, instances

p = pytest.param
ANSWERS = [
    p(schema, id=schema.id) for schema in SCHEMAS if schema.response and MESSAGES[schema.dialect][schema.action].from_us
]
AGREEING = {
    "Accepted", "AcceptedCanceled", "DownloadOngoing", "EmptyResultSet", "NoProfiles", "NoTariff", "NotFound",
    "RebootRequired", "Scheduled", "Unknown", "Unlocked", "Unpublished",
}  # fmt: skip


@pytest.mark.parametrize("schema", ANSWERS)
def test_every_answer_gives_an_outcome(schema: Schema):
    for answer in instances(schema, rounds=6):
        outcome = wire.read_outcome(schema.dialect, schema.action, msgspec.json.encode(answer))
        word = answer.get("status")
        assert outcome.state in ("accepted", "rejected")
        assert outcome.payload == json.loads(json.dumps(answer).replace("\\u0000", ""))
        if word is not None:
            assert outcome.reason is not None
            assert outcome.reason.startswith(word)
            assert outcome.state == "rejected" or word in AGREEING
        for item in wire.read_items(answer):
            assert item.word


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["status", "attributeStatus", "statusInfo", "component", "variable", "name", "evse", "id"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None, database=None, derandomize=True)
@given(
    st.sampled_from(list(Dialect)),
    st.dictionaries(
        st.sampled_from(["status", "statusInfo", "setVariableResult", "configurationKey", "unknownKey", "x"]),
        json_values,
        max_size=3,
    ),
)
def test_an_answer_of_any_shape_gives_an_outcome(dialect: Dialect, answer: dict[str, Any]):
    outcome = wire.read_outcome(dialect, "SetVariables", msgspec.json.encode(answer))
    assert outcome.state in ("accepted", "rejected", "failed")
    assert outcome.reason is None or len(outcome.reason) <= 300
    assert all(item.word is not None for item in wire.read_items(answer))


@pytest.mark.parametrize(
    ("answer", "items"),
    [
        p({"setVariableResult": [
            {"attributeStatus": "Accepted", "component": {"name": "A"}, "variable": {"name": "B"}},
            {"attributeStatus": "Rejected", "component": {"name": "A", "instance": "1", "evse": {"id": 2}},
             "variable": {"name": "C"}, "attributeStatusInfo": {"reasonCode": "ReadOnly", "additionalInfo": "no"}},
        ]}, (
            Item(name="A.B", accepted=True, word="Accepted"),
            Item(name="A[1]@2.C", accepted=False, word="Rejected", note="ReadOnly: no"),
        ), id="variables set"),
        p({"getVariableResult": [
            {"attributeStatus": "Accepted", "attributeValue": "60", "component": {"name": "A"},
             "variable": {"name": "B"}},
        ]}, (Item(name="A.B", accepted=True, word="Accepted", value="60"),), id="variables read"),
        p({"configurationKey": [{"key": "HeartbeatInterval", "readonly": False, "value": "60"}, {"key": "X",
            "readonly": True}], "unknownKey": ["Y"]}, (
            Item(name="HeartbeatInterval", accepted=True, word="ReadWrite", value="60", says_status=False),
            Item(name="X", accepted=True, word="ReadOnly", says_status=False),
            Item(name="Y", accepted=False, word="UnknownKey", says_status=False),
        ), id="keys"),
        p({"clearMonitoringResult": [{"id": 7, "status": "NotFound"}]},
          (Item(name="7", accepted=False, word="NotFound"),), id="monitors"),
        p({"clearTariffsResult": [{"tariffId": "T", "status": "Accepted"}]},
          (Item(name="T", accepted=True, word="Accepted"),), id="tariffs"),
        p({"status": "Accepted"}, (), id="nothing listed"),
    ],
)  # fmt: skip
def test_what_was_said_of_each_thing_is_readable(answer: dict[str, Any], items: tuple[Item, ...]):
    assert wire.read_items(answer) == items


def test_keys_that_a_station_does_not_know_do_not_make_the_reading_fail():
    answer = b'{"configurationKey":[{"key":"A","readonly":true}],"unknownKey":["B"]}'
    assert wire.read_outcome(Dialect.V16, "GetConfiguration", answer).state == "accepted"
