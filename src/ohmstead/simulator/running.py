"""Runs a scenario as a process does: with its happenings and, where there is a bus, with control by hand."""

import asyncio

from ohmstead.bus.client import Bus
from ohmstead.simulator import fleet, hands
from ohmstead.simulator.fleet import Fleet, Options
from ohmstead.simulator.happenings import happen
from ohmstead.simulator.scenario import Scenario


async def simulate(
    scenario: Scenario, options: Options, *, nats_url: str | None = None, until: asyncio.Event | None = None
) -> Fleet:
    """Run until `until` is set or the task is cancelled; without `nats_url` nobody can control it by hand."""

    async def controlled(running: Fleet) -> None:
        if nats_url is None:
            return
        bus = await Bus("simulator").connect(nats_url)
        try:
            await hands.serve(running, bus)
        finally:
            await bus.close()

    return await fleet.run(scenario, options, happen, controlled, until=until)
