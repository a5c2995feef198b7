"""One small fleet against the scripted network."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from ohmstead.simulator.car import CAR_BY_NAME, Car
from ohmstead.simulator.fleet import Fleet, Options
from ohmstead.simulator.scenario import parse
from tests.simulator.scripted_csms import Csms

SHEET = """
name: test
models:
  ac16: {{vendor: Brightline, model: Wall 22, ocpp: "1.6", evses: 2{more}}}
  ac201: {{vendor: Brightline, model: Post 22, ocpp: "2.0.1", evses: 2{more}}}
  dc21: {{vendor: Volterra, model: Rapid 150, ocpp: "2.1", dc: {{power_kw: 150}}{more}}}
sites:
  - name: Yard
    kind: depot
    stations:
      - {{identity: S16, model: ac16}}
      - {{identity: S201, model: ac201}}
      - {{identity: S21, model: dc21}}
settings: {{meter_interval_s: 1, retry_s: 1, {settings}}}
{tail}
"""


def saloon(soc: float = 0.3, target_soc: float = 1.0) -> Car:
    return Car(CAR_BY_NAME["saloon"], soc, target_soc)


@asynccontextmanager
async def built_fleet(
    url: str, *, settings: str = "", more: str = "", tail: str = "", **options: Any
) -> AsyncIterator[Fleet]:
    """The three stations S16, S201 and S21, running; no drivers of their own."""
    scenario = parse(SHEET.format(settings=settings, more=more, tail=tail), "test.yaml")
    wishes = {"url": url, "with_drivers": False, "speed": 60.0, "tick_s": 0.05, "reconnect_first_s": 0.05} | options
    fleet = Fleet(scenario, Options(**wishes))
    task = asyncio.create_task(fleet.run())
    try:
        yield fleet
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


@asynccontextmanager
async def fleet_at(csms: Csms, *, within_s: float = 10.0, **wishes: Any) -> AsyncIterator[Fleet]:
    """The same, booted at the scripted network."""
    async with built_fleet(csms.url, **wishes) as fleet:
        await csms.until(lambda: len(csms.calls("StatusNotification")) >= 6, within_s)
        yield fleet
