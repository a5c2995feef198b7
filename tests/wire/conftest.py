"""One way to say a message to the wire and hear what it makes of it."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from ohmstead import wire
from ohmstead.station.answers import Answer
from ohmstead.wire import Dialect

ARRIVED = datetime(2026, 11, 22, 10, 0, 30, tzinfo=UTC)
STATION = UUID(int=7)


def circumstances(**changes: Any) -> dict[str, Any]:
    return {"station_id": STATION, "epoch": 1, "quirks": 0, "received_at": ARRIVED, **changes}


def tell(dialect: Dialect, action: str, payload: object, reply: bytes | None = None, **changes: Any):
    """(events, mends) of a stored call."""
    frame = json.dumps([2, "m-1", action, payload]).encode()
    told = wire.events_of_call(dialect, frame, reply, **circumstances(**changes))
    return told.events, told.mends


def ask(dialect: Dialect, action: str, payload: object, **changes: Any) -> wire.Asked:
    call = wire.parse_frame(json.dumps([2, "m-1", action, payload]).encode(), dialect)
    return wire.read_call(dialect, call, **circumstances(**changes))


def answer(dialect: Dialect, action: str, payload: object, *, quirks: int = 0, epoch: int = 1, **said: Any) -> Any:
    """The payload of our answer."""
    asked = ask(dialect, action, payload, quirks=quirks, epoch=epoch)
    frame = wire.write_answer(asked, Answer(**{"now": ARRIVED, **said}), message_id="m-1")
    kind, message_id, answered = json.loads(frame)
    assert (kind, message_id) == (3, "m-1")
    return answered


def hear(dialect: Dialect, data: bytes) -> str:
    """'answered' or 'refused'; the journal reads back what the gateway understood."""
    told = wire.events_of_call(dialect, data, None, **circumstances())
    try:
        frame = wire.parse_frame(data, dialect)
        if not isinstance(frame, wire.Call | wire.Send):
            return "no call"
        asked = wire.read_call(dialect, frame, **circumstances())
    except wire.Refused:
        assert type(told.events[0]).__name__ == "FrameRejected"
        return "refused"
    wire.write_answer(asked, Answer(now=ARRIVED), message_id=frame.message_id)
    return "answered"


@pytest.fixture
def heard_by_wire() -> Callable[[Dialect, bytes], str]:
    return hear


@pytest.fixture
def meter_values():
    """Events and mends of 1.6 MeterValues with these samples."""

    def said(samples: list[dict[str, Any]], at: str = "2026-11-22T10:00:00Z", **changes: Any):
        payload = {"connectorId": 1, "meterValue": [{"timestamp": at, "sampledValue": samples}]}
        return tell(Dialect.V16, "MeterValues", payload, **changes)

    return said
