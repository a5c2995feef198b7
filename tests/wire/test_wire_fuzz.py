"""Whatever comes in, nothing unnamed comes out: 1,000 frames always, 100,000 by night."""

import json
import os
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ohmstead import wire
from ohmstead.wire import Dialect
from ohmstead.wire.registry import MESSAGES
from tests.wire.conftest import hear
from tests.wire.ocpp_schemas import SCHEMAS, Maker

EXAMPLES = 100_000 if os.environ.get("OHMSTEAD_NIGHTLY") == "1" else 1_000
fuzz = settings(
    max_examples=EXAMPLES // 4,
    deadline=None,
    database=None,
    derandomize=EXAMPLES == 1_000,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
dialects = st.sampled_from(list(Dialect))
REQUESTS = [schema for schema in SCHEMAS if not schema.response]
HEARD = {"answered", "refused", "no call"}

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


@fuzz
@given(dialects, st.binary(max_size=200))
def test_any_bytes(dialect: Dialect, data: bytes):
    assert hear(dialect, data) in HEARD


@fuzz
@given(dialects, st.lists(anything, max_size=6))
def test_any_json(dialect: Dialect, frame: list[Any]):
    assert hear(dialect, json.dumps(frame).encode("utf-8", "surrogatepass")) in HEARD


@fuzz
@given(st.sampled_from(REQUESTS), st.integers(0, 50), st.data())
def test_any_message_with_anything_in_it(schema: Any, seed: int, data: st.DataObject):
    payload = Maker(schema, seed, 0.5).instance()
    if payload:
        payload = replaced(payload, data)
    frame = json.dumps([data.draw(st.sampled_from([2, 2, 2, 6])), "m-1", schema.action, payload])
    assert hear(schema.dialect, frame.encode("utf-8", "surrogatepass")) in HEARD


def replaced(value: Any, data: st.DataObject) -> Any:
    """One place somewhere inside holds something else."""
    if isinstance(value, dict) and value and data.draw(st.integers(0, 3)):
        key = data.draw(st.sampled_from(sorted(value)))
        return {**value, key: replaced(value[key], data)}
    if isinstance(value, list) and value and data.draw(st.integers(0, 3)):
        return [replaced(value[0], data), *value[1:]]
    return data.draw(anything)


@fuzz
@given(st.sampled_from(REQUESTS), st.integers(0, 20), st.integers(0, 400), st.integers(0, 255))
def test_any_frame_with_one_wrong_byte(schema: Any, seed: int, position: int, byte: int):
    frame = bytearray(json.dumps([2, "m-1", schema.action, Maker(schema, seed, 0.3).instance()]).encode())
    frame[position % len(frame)] = byte
    assert hear(schema.dialect, bytes(frame)) in HEARD
    answer = bytes(frame).replace(b"[2,", b"[3,", 1)
    call = wire.write_call(schema.dialect, "Heartbeat", MESSAGES[schema.dialect]["Heartbeat"].request(), "m-1")
    wire.events_of_answer(schema.dialect, call, answer)
    wire.read_outcome(schema.dialect, schema.action, bytes(frame))
