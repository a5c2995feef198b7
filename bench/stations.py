"""Stations in the middle of a charge: connected, booted, a transaction running."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from bench import frames
from bench.lines import Line, LineBroken, connect
from bench.provision import PASSWORD, card, identity

STEPS_OF_A_RUN = 2_500  # times a station may use up in one run; runs never share any


@contextmanager
def charging_16(port: int, numbers: range, run: int) -> Iterator[list[Line]]:
    """1.6 stations with a transaction each, ready to send MeterValues; stopped and closed at the end."""
    first = run * STEPS_OF_A_RUN
    lines = _booted_16(port, numbers)
    try:
        begun = {"connectorId": 1, "meterStart": first * frames.WH_PER_STEP, "timestamp": frames.TIMES[first]}
        starts = [begun | {"idTag": card(number)} for number in numbers]
        transactions = [each["transactionId"] for each in _ask_all(lines, f"s{first}", "StartTransaction", starts)]
        for line, transaction in zip(lines, transactions, strict=True):
            line.frames = frames.meter_values(line.identity, transaction, first + 1)
        yield lines
        last = first + STEPS_OF_A_RUN - 1
        ended = {"meterStop": last * frames.WH_PER_STEP, "timestamp": frames.TIMES[last]}
        _ask_all(lines, f"z{run}", "StopTransaction", [ended | {"transactionId": each} for each in transactions])
    finally:
        for line in lines:
            line.close()


@contextmanager
def charging_201(port: int, numbers: range, run: int) -> Iterator[list[Line]]:
    """2.0.1 stations with a transaction each, ready to send TransactionEvent; ended and closed at the end."""
    first = run * STEPS_OF_A_RUN
    lines = [connect(identity(number), port, "ocpp2.0.1", PASSWORD) for number in numbers]
    try:
        boot = {"reason": "PowerUp", "chargingStation": {"vendorName": "Bench", "model": "B1"}}
        _ask_all(lines, "boot", "BootNotification", [boot] * len(lines))
        starts = [
            _event("Started", line.identity, run, 0) | {"idToken": {"idToken": card(number), "type": "ISO14443"}}
            for line, number in zip(lines, numbers, strict=True)
        ]
        _ask_all(lines, f"s{run}", "TransactionEvent", starts)
        for line in lines:
            line.frames = frames.transaction_events(line.identity, _transaction_201(line.identity, run), first + 1)
        yield lines
        ends = [_event("Ended", line.identity, run, STEPS_OF_A_RUN - 1) for line in lines]
        _ask_all(lines, f"z{run}", "TransactionEvent", ends)
    finally:
        for line in lines:
            line.close()


@contextmanager
def idle_16(port: int, numbers: range) -> Iterator[list[Line]]:
    """1.6 stations that only send heartbeats."""
    lines = _booted_16(port, numbers)
    for line in lines:
        line.frames = frames.heartbeats(line.identity)
    try:
        yield lines
    finally:
        for line in lines:
            line.close()


@contextmanager
def echoing(port: int, numbers: range, run: int) -> Iterator[list[Line]]:
    """The MeterValues of `charging_16`, sent to a server that only sends them back."""
    first = run * STEPS_OF_A_RUN
    lines = [connect(identity(number), port) for number in numbers]
    for line in lines:
        line.is_station = False
        line.frames = frames.meter_values(line.identity, 1_234_567_890, first)
    try:
        yield lines
    finally:
        for line in lines:
            line.close()


@contextmanager
def booted_16(port: int, numbers: range, run: int) -> Iterator[list[Line]]:
    """1.6 stations sending MeterValues of a transaction nobody started: for a server that keeps nothing."""
    lines = _booted_16(port, numbers)
    for line in lines:
        line.frames = frames.meter_values(line.identity, 1_234_567_890, run * STEPS_OF_A_RUN)
    try:
        yield lines
    finally:
        for line in lines:
            line.close()


def _booted_16(port: int, numbers: range) -> list[Line]:
    lines = [connect(identity(number), port, "ocpp1.6", PASSWORD) for number in numbers]
    boot = {"chargePointVendor": "Bench", "chargePointModel": "B1"}
    _ask_all(lines, "boot", "BootNotification", [boot] * len(lines))
    return lines


def _transaction_201(station: str, run: int) -> str:
    return f"{station}-{run}"


def _event(kind: str, station: str, run: int, step: int) -> dict[str, object]:
    number = run * STEPS_OF_A_RUN + step
    register = {"value": float(number * frames.WH_PER_STEP), "measurand": "Energy.Active.Import.Register"}
    return {
        "eventType": kind,
        "timestamp": frames.TIMES[number],
        "triggerReason": "Authorized" if kind == "Started" else "StopAuthorized",
        "seqNo": number,
        "transactionInfo": {"transactionId": _transaction_201(station, run)},
        "evse": {"id": 1, "connectorId": 1},
        "meterValue": [{"timestamp": frames.TIMES[number], "sampledValue": [register]}],
    }


def _ask_all(
    lines: Sequence[Line], message_id: str, action: str, payloads: Sequence[Mapping[str, object]]
) -> list[dict[str, int]]:
    """All of them wait at the same time: one after the other, setting up would take longer than what is measured."""
    for line, payload in zip(lines, payloads, strict=True):
        line.say(json.dumps([2, message_id, action, payload]))
    return [_answer(line, action) for line in lines]


def _answer(line: Line, action: str) -> dict[str, int]:
    answer = json.loads(line.receive())
    if answer[0] != 3:
        raise LineBroken(f"{line.identity} {action}: {answer}")
    found: dict[str, int] = answer[2]
    return found
