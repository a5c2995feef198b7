"""What a station says, charge after charge, in its dialect. The script yields a call and is given the answer."""

import random
from collections.abc import Callable, Generator
from datetime import UTC, datetime, timedelta
from typing import Any

from chaos.provision import card
from chaos.truth import Charge, Truth

type Script = Generator[tuple[str, dict[str, Any]], dict[str, Any]]

_STEP = timedelta(seconds=1)


class Meter:
    """A station's clock and register: every look is a second later and some Wh higher, never ahead of the world."""

    def __init__(self, rng: random.Random, started: datetime) -> None:
        self._rng = rng
        self.at = started
        self.register_wh = rng.randrange(10_000)

    def look(self) -> tuple[datetime, int]:
        self.at += _STEP
        self.register_wh += self._rng.randrange(1, 40)
        return self.at, self.register_wh


def boot(dialect: str) -> tuple[str, dict[str, Any]]:
    if dialect == "ocpp1.6":
        return "BootNotification", {"chargePointVendor": "Chaos", "chargePointModel": "C1"}
    return "BootNotification", {"reason": "PowerUp", "chargingStation": {"vendorName": "Chaos", "model": "C1"}}


def charges_16(number: int, name: str, truth: Truth, rng: random.Random, ending: Callable[[], bool]) -> Script:
    meter = Meter(rng, _begin())
    turn = 0
    while not ending():
        at, wh = meter.look()
        charge = Charge(name, wh)
        truth.charges.append(charge)
        start = {"connectorId": 1, "idTag": card(number, turn), "meterStart": wh, "timestamp": _text(at)}
        transaction = (yield "StartTransaction", start)["transactionId"]
        charge.transaction_id = str(transaction)
        for _ in range(rng.randrange(2, 12)):
            at, wh = meter.look()
            value = {"value": str(wh), "measurand": "Energy.Active.Import.Register", "unit": "Wh"}
            sample = {"timestamp": _text(at), "sampledValue": [value]}
            yield "MeterValues", {"connectorId": 1, "transactionId": transaction, "meterValue": [sample]}
            charge.samples[at] = wh
        at, wh = meter.look()
        yield "StopTransaction", {"transactionId": transaction, "meterStop": wh, "timestamp": _text(at)}
        charge.end_wh = wh
        turn += 1


def charges_201(number: int, name: str, truth: Truth, rng: random.Random, ending: Callable[[], bool]) -> Script:
    meter = Meter(rng, _begin())
    turn = 0
    while not ending():
        at, wh = meter.look()
        charge = Charge(name, wh, transaction_id=f"{name}-{turn}")
        truth.charges.append(charge)
        token = {"idToken": {"idToken": card(number, turn), "type": "ISO14443"}}
        yield "TransactionEvent", _event(charge, "Started", "Authorized", 0, at, wh, "Transaction.Begin") | token
        last = rng.randrange(2, 12)
        for seq_no in range(1, last):
            at, wh = meter.look()
            yield (
                "TransactionEvent",
                _event(charge, "Updated", "MeterValuePeriodic", seq_no, at, wh, "Sample.Periodic"),
            )
            charge.samples[at] = wh
        at, wh = meter.look()
        yield "TransactionEvent", _event(charge, "Ended", "StopAuthorized", last, at, wh, "Transaction.End")
        charge.end_wh = wh
        turn += 1


def _event(
    charge: Charge, kind: str, trigger: str, seq_no: int, at: datetime, register_wh: int, context: str
) -> dict[str, Any]:
    value = {"value": float(register_wh), "measurand": "Energy.Active.Import.Register", "context": context}
    return {
        "eventType": kind,
        "timestamp": _text(at),
        "triggerReason": trigger,
        "seqNo": seq_no,
        "transactionInfo": {"transactionId": charge.transaction_id},
        "evse": {"id": 1, "connectorId": 1},
        "meterValue": [{"timestamp": _text(at), "sampledValue": [value]}],
    }


def _begin() -> datetime:
    """Two hours ago: a station counts a second per message, faster than the world, and must not overtake it."""
    return datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)


def _text(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
