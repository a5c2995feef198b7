"""A CSMS of `websockets` and the PyPI package `ocpp`, on uvloop: it validates and answers, and stores nothing."""

import asyncio
import logging
from datetime import UTC, datetime
from typing import Any

from ocpp.routing import on
from ocpp.v16 import ChargePoint, call_result
from ocpp.v16.enums import Action, RegistrationStatus
from websockets.asyncio.server import ServerConnection, serve


class Csms(ChargePoint):
    @on(Action.boot_notification)
    def on_boot(self, **_: Any) -> call_result.BootNotification:
        return call_result.BootNotification(datetime.now(UTC).isoformat(), 300, RegistrationStatus.accepted)

    @on(Action.meter_values)
    def on_meter_values(self, **_: Any) -> call_result.MeterValues:
        return call_result.MeterValues()


async def talk(connection: ServerConnection) -> None:
    assert connection.request is not None
    await Csms(connection.request.path.rpartition("/")[2], connection).start()


async def main() -> None:
    for name in ("ocpp", "websockets"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    async with serve(talk, "127.0.0.1", 0, subprotocols=["ocpp1.6"], compression=None) as server:  # type: ignore[list-item]
        print(next(iter(server.sockets)).getsockname()[1], flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
