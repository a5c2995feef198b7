"""Decode, validate and encode one MeterValues, without sockets: our wire against the PyPI package `ocpp`."""

import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import islice

from ocpp.charge_point import camel_to_snake_case, remove_nones, snake_to_camel_case
from ocpp.messages import Call, _validate_payload, unpack
from ocpp.v16 import call_result

from bench import frames
from bench.figures import Figure, median_figure
from ohmstead import wire
from ohmstead.wire.dialect import Dialect

_ROUND_S = 0.5
_CHUNK = 100
_PLAIN = wire.PLAIN[Dialect.V16]
_NOW = datetime.now(UTC)  # reading the clock is not part of it, on either side


def figures(repeats: int) -> list[Figure]:
    texts = list(islice(frames.meter_values_text("B00001", 1_234_567_890), 5000))
    ours, theirs = [], []
    for _ in range(repeats):
        ours.append(us_each(_ours, [text.encode() for text in texts]))
        theirs.append(us_each(_theirs, texts))
    times = [their / our for their, our in zip(theirs, ours, strict=True)]
    return [
        median_figure("codec_ours", "decode + validate + encode, ours", ours, "us"),
        median_figure("codec_package", "decode + validate + encode, ocpp package", theirs, "us"),
        median_figure("codec", "decode + validate + encode against the ocpp package", times, "x", 80),
    ]


def us_each[T](work: Callable[[T], object], inputs: list[T]) -> float:
    """CPU microseconds per call."""
    rounds = [inputs[at : at + _CHUNK] for at in range(0, len(inputs), _CHUNK)]
    done = 0
    begin = time.process_time()
    while (used := time.process_time() - begin) < _ROUND_S:
        for each in rounds[done % len(rounds)]:
            work(each)
        done += 1
    return used / (done * _CHUNK) * 1e6


def _ours(frame: bytes) -> bytes:
    """As the gateway does it."""
    plain = wire.read_plain(_PLAIN, frame, _NOW)
    assert plain is not None
    return plain[2]


def _theirs(frame: str) -> str:
    """What `ocpp.charge_point.ChargePoint._handle_call` does, without its threads, tasks and logging."""
    call: Call = unpack(frame)
    _validate_payload(call, "1.6")
    _handler(**camel_to_snake_case(call.payload))
    answer = call.create_call_result(snake_to_camel_case(remove_nones(asdict(call_result.MeterValues()))))
    _validate_payload(answer, "1.6")
    return str(answer.to_json())


def _handler(**_: object) -> None:
    """A handler that takes the message and does nothing."""
