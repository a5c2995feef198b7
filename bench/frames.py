"""Client frames as a station sends them: masked WebSocket text frames around OCPP-J calls.

Every frame is new: its own message id, time and register, so that neither the answer cache nor the folding
by content gets any of them for free.
"""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain, islice

METER_VALUES_BYTES = 319
WH_PER_STEP = 6  # 10.8 kW
_STEP = timedelta(seconds=2)
_MASK = os.urandom(4)
_MASK_REPEATED = int.from_bytes(_MASK * 4096, "little")

_METER_VALUES = (
    '[2,"{id}","MeterValues",{{"connectorId":1,"transactionId":{transaction},"meterValue":[{{"timestamp":"{at}",'
    '"sampledValue":[{{"value":"{register:07d}","measurand":"Energy.Active.Import.Register","unit":"Wh"}},'
    '{{"value":"7.4","measurand":"Power.Active.Import","unit":"kW"}},'
    '{{"value":"55","measurand":"SoC"}}]}}]}}]'
)
_HEARTBEAT = '[2,"{id}","Heartbeat",{{}}]'
_TRANSACTION_EVENT = (
    '[2,"{id}","TransactionEvent",{{"eventType":"Updated","timestamp":"{at}","triggerReason":"MeterValuePeriodic",'
    '"seqNo":{number},"transactionInfo":{{"transactionId":"{transaction}","chargingState":"Charging"}},'
    '"evse":{{"id":1,"connectorId":1}},"meterValue":[{{"timestamp":"{at}","sampledValue":[{{"value":{register}.0,'
    '"measurand":"Energy.Active.Import.Register","unitOfMeasure":{{"unit":"Wh"}}}},'
    '{{"value":10987.0,"measurand":"Power.Active.Import"}}]}}]}}]'
)


def status_notification(number: int, state: str) -> bytes:
    """1.6, of the first connector, as of now; not masked yet."""
    return f'[2,"n{number}","StatusNotification",{{"connectorId":1,"errorCode":"NoError","status":"{state}"}}]'.encode()


def masked(payload: bytes) -> bytes:
    """One final text frame, masked."""
    size = len(payload)
    body = (int.from_bytes(payload, "little") ^ (_MASK_REPEATED & ((1 << size * 8) - 1))).to_bytes(size, "little")
    if size < 126:
        return bytes((0x81, 0x80 | size)) + _MASK + body
    return b"\x81\xfe" + size.to_bytes(2) + _MASK + body


def pong(payload: bytes) -> bytes:
    return b"\x8a" + masked(payload)[1:]


def times(start: datetime) -> list[str]:
    """Two seconds apart, shared by all stations."""
    return [(start + _STEP * step).strftime("%Y-%m-%dT%H:%M:%SZ") for step in range(40_000)]


TIMES = times(datetime.now(UTC).replace(microsecond=0) - timedelta(days=1))


def meter_values(station: str, transaction: int, first: int = 0) -> Iterator[bytes]:
    """1.6 MeterValues of exactly 319 bytes: a register, a power and a state of charge."""
    for text in meter_values_text(station, transaction, first):
        yield masked(text.encode())


def meter_values_text(station: str, transaction: int, first: int = 0) -> Iterator[str]:
    bare = len(_METER_VALUES.format(id="", transaction=transaction, at=TIMES[0], register=0))
    width = METER_VALUES_BYTES - bare - len(station)
    if width < 6:
        raise ValueError(f"no room for a message id of station {station!r} in {METER_VALUES_BYTES} bytes")
    for number in _numbers(first):
        yield _METER_VALUES.format(
            id=f"{station}{number:0{width}d}", transaction=transaction, at=TIMES[number], register=number * WH_PER_STEP
        )


def heartbeats(station: str, first: int = 0) -> Iterator[bytes]:
    for number in _numbers(first):
        yield masked(_HEARTBEAT.format(id=f"{station}h{number}").encode())


def transaction_events(station: str, transaction: str, first: int = 1) -> Iterator[bytes]:
    """2.0.1 TransactionEvent Updated with a register and a power."""
    for number in _numbers(first):
        text = _TRANSACTION_EVENT.format(
            id=f"{station}t{number}",
            transaction=transaction,
            at=TIMES[number],
            number=number,
            register=number * WH_PER_STEP,
        )
        yield masked(text.encode())


def built(frames: Iterator[bytes], count: int) -> Iterator[bytes]:
    """The same frames, the first `count` of them made now."""
    return chain(list(islice(frames, count)), frames)


def _numbers(first: int) -> Iterator[int]:
    yield from range(first, len(TIMES))
    raise RuntimeError("a station ran out of times; start the run with more stations")
