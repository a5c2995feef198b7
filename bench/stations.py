"""Stations in the middle of a charge: connected, booted, a transaction running."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from bench import frames
from bench.lines import Line, LineBroken, connect
from bench.provision import PASSWORD, card, identity

STEPS_OF_A_RUN = 2_500  # times a station may use up in one run; runs never share any


@contextmanager
def charging_16(port: int, numbers: range, run: int) -> Iterator[list[Line]]:
    """1.6 stations with a transaction each, ready to send MeterValues; stopped and closed at the end."""
    first = run * STEPS_OF_A_RUN
    opened = [_start_16(port, number, first) for number in numbers]
    try:
        yield [line for line, _ in opened]
        for line, transaction in opened:
            stop = {
                "transactionId": transaction,
                "meterStop": (first + STEPS_OF_A_RUN - 1) * frames.WH_PER_STEP,
                "timestamp": frames.TIMES[first + STEPS_OF_A_RUN - 1],
            }
            _ask(line, f"z{run}", "StopTransaction", stop)
    finally:
        for line, _ in opened:
            line.close()


@contextmanager
def charging_201(port: int, numbers: range, run: int) -> Iterator[list[Line]]:
    """2.0.1 stations with a transaction each, ready to send TransactionEvent; ended and closed at the end."""
    first = run * STEPS_OF_A_RUN
    lines = [_start_201(port, number, run, first) for number in numbers]
    try:
        yield lines
        for line in lines:
            _ask(line, f"z{run}", "TransactionEvent", _event("Ended", line.identity, run, STEPS_OF_A_RUN - 1))
    finally:
        for line in lines:
            line.close()


@contextmanager
def idle_16(port: int, numbers: range) -> Iterator[list[Line]]:
    """1.6 stations that only send heartbeats."""
    lines = [_booted_16(port, number) for number in numbers]
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
    lines = [_booted_16(port, number) for number in numbers]
    for line in lines:
        line.frames = frames.meter_values(line.identity, 1_234_567_890, run * STEPS_OF_A_RUN)
    try:
        yield lines
    finally:
        for line in lines:
            line.close()


def _booted_16(port: int, number: int) -> Line:
    line = connect(identity(number), port, "ocpp1.6", PASSWORD)
    _ask(line, "boot", "BootNotification", {"chargePointVendor": "Bench", "chargePointModel": "B1"})
    return line


def _start_16(port: int, number: int, first: int) -> tuple[Line, int]:
    line = _booted_16(port, number)
    start = {
        "connectorId": 1,
        "idTag": card(number),
        "meterStart": first * frames.WH_PER_STEP,
        "timestamp": frames.TIMES[first],
    }
    transaction = _ask(line, f"s{first}", "StartTransaction", start)["transactionId"]
    line.frames = frames.meter_values(line.identity, transaction, first + 1)
    return line, transaction


def _start_201(port: int, number: int, run: int, first: int) -> Line:
    line = connect(identity(number), port, "ocpp2.0.1", PASSWORD)
    boot = {"reason": "PowerUp", "chargingStation": {"vendorName": "Bench", "model": "B1"}}
    _ask(line, "boot", "BootNotification", boot)
    begun = _event("Started", line.identity, run, 0) | {"idToken": {"idToken": card(number), "type": "ISO14443"}}
    _ask(line, f"s{run}", "TransactionEvent", begun)
    line.frames = frames.transaction_events(line.identity, _transaction_201(line.identity, run), first + 1)
    return line


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


def _ask(line: Line, message_id: str, action: str, payload: Mapping[str, object]) -> dict[str, int]:
    answer = json.loads(line.ask(json.dumps([2, message_id, action, payload])))
    if answer[0] != 3:
        raise LineBroken(f"{line.identity} {action}: {answer}")
    found: dict[str, int] = answer[2]
    return found
