"""The envelope: five types of frames, and everything that is none."""

import json
import time

import msgspec
import pytest

from ohmstead import wire
from ohmstead.wire import Call, CallError, CallResult, CallResultError, Dialect, Send

p = pytest.param

V16, V201, V21 = Dialect.V16, Dialect.V201, Dialect.V21
every_dialect = pytest.mark.parametrize("dialect", list(Dialect))


@pytest.mark.parametrize(
    ("dialect", "text", "frame"),
    [
        p(V16, '[2,"1","Heartbeat",{}]', Call("1", "Heartbeat", msgspec.Raw(b"{}")), id="call"),
        p(V16, '[3, "1", {"a":1}]', CallResult("1", msgspec.Raw(b'{"a":1}')), id="result"),
        p(V16, '[4,"1","GenericError","no",{}]', CallError("1", "GenericError", "no"), id="error"),
        p(V16, '[4,"1","GenericError"]', CallError("1", "GenericError"), id="error cut short"),
        p(V21, '[5,"1","GenericError","no",{}]', CallResultError("1", "GenericError", "no"), id="2.1 error"),
        p(V21, '[6,"1","A",{}]', Send("1", "A", msgspec.Raw(b"{}")), id="2.1 send"),
        p(V16, '[2,"1","Heartbeat",{},"more"]', Call("1", "Heartbeat", msgspec.Raw(b"{}")), id="too long"),
        p(V16, ' [ 2 , "1" , "Heartbeat" , { } ] ', Call("1", "Heartbeat", msgspec.Raw(b"{ }")), id="gaps"),
    ],
)  # fmt: skip
def test_a_frame_is_read(dialect: Dialect, text: str, frame: wire.Frame):
    read = wire.parse_frame(text.encode(), dialect)
    assert type(read) is type(frame)
    assert [getattr(read, name) for name in read.__struct_fields__] == [
        getattr(frame, name) for name in frame.__struct_fields__
    ]


def test_a_view_of_a_reused_buffer_is_copied():
    buffer = bytearray(b'[2,"1","Heartbeat",{"a":1}]')
    call = wire.parse_frame(memoryview(buffer), V16)
    buffer[:] = b"x" * len(buffer)
    assert call == Call("1", "Heartbeat", msgspec.Raw(b'{"a":1}'))


@pytest.mark.parametrize(
    ("dialect", "data", "code", "message_id", "answerable"),
    [
        p(V16, b"", "FormationViolation", None, False, id="1.6: nothing"),
        p(V16, b"hello", "FormationViolation", None, False, id="1.6: no JSON"),
        p(V201, b"hello", "RpcFrameworkError", None, True, id="2.0.1: no JSON"),
        p(V201, b"{}", "RpcFrameworkError", None, True, id="2.0.1: an object"),
        p(V16, b'[2,"1","Heart', "FormationViolation", None, False, id="1.6: cut off"),
        p(V16, b'[2,"1","Heartbeat"]', "FormationViolation", "1", True, id="1.6: no payload"),
        p(V201, b'[2,"1",7,{}]', "RpcFrameworkError", "1", True, id="2.0.1: action is a number"),
        p(V201, b'[2,7,"Heartbeat",{}]', "RpcFrameworkError", None, True, id="2.0.1: id is a number"),
        p(V16, b'[2,7,"Heartbeat",{}]', "FormationViolation", None, False, id="1.6: id is a number"),
        p(V201, b'[9,"1","Heartbeat",{}]', "MessageTypeNotSupported", "1", True, id="2.0.1: type 9"),
        p(V16, b'["2","1","Heartbeat",{}]', "ProtocolError", "1", False, id="1.6: type is a text"),
        p(V201, b'[true,"1","Heartbeat",{}]', "MessageTypeNotSupported", "1", True, id="2.0.1: type true"),
        p(V201, b'[6,"1","A",{}]', "MessageTypeNotSupported", None, False, id="2.0.1: SEND"),
        p(V16, b'[2,"\xff","Heartbeat",{}]', "FormationViolation", None, False, id="1.6: not UTF-8"),
        p(V16, b'[2,"1","Heartbeat",NaN]', "FormationViolation", None, False, id="1.6: NaN"),
        p(V16, b'[2,"\\ud800","Heartbeat",{}]', "FormationViolation", None, False, id="1.6: half a letter"),
        p(V201, b'[3,"1"]', "RpcFrameworkError", "1", False, id="2.0.1: a result is never answered"),
        p(V16, b'[2,"' + b"x" * 256 + b'","A",{}]', "FormationViolation", None, False, id="1.6: endless id"),
    ],
)  # fmt: skip
def test_what_is_no_frame_is_refused(
    dialect: Dialect, data: bytes, code: str, message_id: str | None, answerable: bool
):
    with pytest.raises(wire.FrameRefused) as refused:
        wire.parse_frame(data, dialect)
    assert (refused.value.code, refused.value.message_id, refused.value.answerable) == (code, message_id, answerable)


def test_a_refusal_is_a_call_error_of_the_protocol():
    refused = wire.FrameRefused("RpcFrameworkError", "x" * 300, None, answerable=True)
    assert json.loads(wire.write_refusal(V201, refused.message_id, refused)) == [
        4, "-1", "RpcFrameworkError", "x" * 255, {},
    ]  # fmt: skip
    refused_call = wire.CallRefused("NotImplemented", "No such action.", {"hint": "2.1"})
    assert json.loads(wire.write_refusal(V16, 'a"b', refused_call)) == [
        4, 'a"b', "NotImplemented", "No such action.", {"hint": "2.1"},
    ]  # fmt: skip


def bomb(payload: bytes) -> bytes:
    return b'[2,"1","MeterValues",' + payload + b"]"


BOMBS = [
    p(b"[" * 2_000_000, id="depth, never closed"),
    p(bomb(b"[" * 1_000_000 + b"]" * 1_000_000), id="depth"),
    p(bomb(b'{"a":' * 300_000 + b"1" + b"}" * 300_000), id="depth of objects"),
    p(bomb(b"9" * 2_000_000), id="a number of two million digits"),
    p(bomb(b'{"connectorId":' + b"9" * 2_000_000 + b"}"), id="a long number in a field"),
    p(bomb(b'{"connectorId":1e999999999}'), id="a great exponent"),
    p(bomb(b'{"connectorId":1,"meterValue":[' + b"{}," * 500_000 + b"{}]}"), id="many empty items"),
    p(bomb(b"{" + b'"a":1,' * 300_000 + b'"a":1}'), id="one key many times"),
    p(bomb(b"{" + b",".join(b'"%d":1' % i for i in range(100_000)) + b"}"), id="many unknown keys"),
    p(bomb(b'{"connectorId":"' + b"\\u0000" * 300_000 + b'"}'), id="many NUL characters"),
]


@pytest.mark.parametrize("data", BOMBS)
@every_dialect
def test_a_bomb_is_refused_in_bounded_time(dialect: Dialect, data: bytes, heard_by_wire):
    begin = time.process_time()
    assert heard_by_wire(dialect, data) == "refused"
    assert time.process_time() - begin < 1.5  # seconds for two megabytes, ten times what it takes


@pytest.mark.parametrize(
    ("value", "register_wh"),
    [
        p("1E+999999", None, id="endless digits"),
        p("1E-999999", None, id="endless decimals"),
        p("9" * 40, None, id="more energy than there is"),
        p("NaN", None, id="no number"),
        p("Infinity", None, id="endless"),
        p("1_000", None, id="a number in Python only"),
        p("12345.678", "12345.678", id="a number"),
    ],
)
def test_a_value_that_explodes_later_is_kept_as_text(value: str, register_wh: str | None, meter_values):
    (event,), _ = meter_values([{"value": value}])
    (reading,) = event.readings
    assert (str(reading.register_wh) if reading.register_wh is not None else None) == register_wh
    if register_wh is None:
        assert reading.more == {"Energy.Active.Import.Register": {"value": value}}
