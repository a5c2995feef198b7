"""A 1.6 station that says whatever the script wants, also what no station should."""

import asyncio
import json
from typing import Any

from tests.line.scripted import PATIENCE_S, Refused, Scripted, check, moment

BOOT = {"chargePointVendor": "Example", "chargePointModel": "Box"}


def sample(register_wh: float | str, **more: str) -> dict[str, str]:
    return {"value": str(register_wh), "measurand": "Energy.Active.Import.Register", "unit": "Wh", **more}


def value(at_s: float, *samples: dict[str, Any]) -> dict[str, Any]:
    return {"timestamp": moment(at_s), "sampledValue": list(samples)}


class Box(Scripted):
    """Times are seconds from now; what is sent is not checked, what comes is."""

    def __init__(self, address: str, **options: Any) -> None:
        super().__init__(address, "ocpp1.6", lenient=True, **options)
        self.answers: dict[str, list[Any]] = {}
        self._heard = asyncio.Event()

    async def _read(self) -> None:
        async for text in self.socket:
            frame = json.loads(text)
            if frame[0] == 2:
                check(self.subprotocol, frame[2], "Request", frame[3])
                self.asked.put_nowait((frame[1], frame[2], frame[3]))
                continue
            self.answers.setdefault(frame[1], []).append(frame)
            self._heard.set()
            waiting = self._answers.get(frame[1])
            if waiting is not None and not waiting.done():
                if frame[0] == 3:
                    waiting.set_result(frame[2])
                else:
                    waiting.set_exception(Refused(frame[2], frame[3]))

    async def say(self, message_id: str, action: str, payload: dict[str, Any]) -> None:
        """Send a call without waiting for its answer."""
        await self.socket.send(json.dumps([2, message_id, action, payload]))

    async def answered(self, message_id: str, times: int = 1) -> list[Any]:
        async with asyncio.timeout(PATIENCE_S):
            while len(self.answers.get(message_id, [])) < times:
                self._heard.clear()
                await self._heard.wait()
        return self.answers[message_id]

    async def boot(self, **said: Any) -> None:
        assert (await self.call("BootNotification", {**BOOT, **said}))["status"] == "Accepted"

    async def status(self, state: str, connector: int = 1, *, at_s: float = 0, **more: Any) -> None:
        told = {"connectorId": connector, "status": state, "errorCode": "NoError", "timestamp": moment(at_s)}
        assert await self.call("StatusNotification", {**told, **more}) == {}

    async def start(
        self,
        card: str,
        *,
        meter: int = 1_000,
        at_s: float = -1_800,
        connector: int = 1,
        says: str = "Accepted",
        **more: Any,
    ) -> int:
        """The transaction id; `says` is the verdict that must come with it."""
        told = {"connectorId": connector, "idTag": card, "meterStart": meter, "timestamp": moment(at_s)}
        answer = await self.call("StartTransaction", {**told, **more})
        assert answer["idTagInfo"]["status"] == says
        transaction_id = answer["transactionId"]
        assert isinstance(transaction_id, int)
        return transaction_id

    async def meter(self, transaction_id: int | None, *values: dict[str, Any], connector: int = 1) -> None:
        told: dict[str, Any] = {"connectorId": connector, "meterValue": list(values)}
        if transaction_id is not None:
            told["transactionId"] = transaction_id
        assert await self.call("MeterValues", told) == {}

    async def stop(self, transaction_id: int, *, meter: int | None = 6_000, at_s: float = 0, **more: Any) -> Any:
        told = {"transactionId": transaction_id, "timestamp": moment(at_s), **more}
        if meter is not None:
            told["meterStop"] = meter
        return await self.call("StopTransaction", told)
