"""What goes wrong in a scenario, and when."""

import asyncio
from random import Random

from ohmstead.simulator.control import ControlRequest
from ohmstead.simulator.fleet import Fleet
from ohmstead.simulator.hands import perform
from ohmstead.simulator.sheet import Happening


async def happen(fleet: Fleet) -> None:
    """Run every happening of the scenario in its time."""
    async with asyncio.TaskGroup() as group:
        for number, happening in enumerate(fleet.scenario.sheet.happenings):
            random = Random(f"{fleet.options.seed}:happening:{number}")
            group.create_task(_happen_at(fleet, happening, random))


async def _happen_at(fleet: Fleet, happening: Happening, random: Random) -> None:
    wait_s = happening.at_s
    while True:
        await fleet.pace.wait(wait_s)
        stations = fleet.matching(happening.who)
        chosen = random.sample(stations, min(happening.most or len(stations), len(stations)))
        async with asyncio.TaskGroup() as group:
            for station in chosen:
                delay_s = random.uniform(0, happening.spread_s)
                group.create_task(_do(fleet, station.identity, happening, delay_s))
        if happening.every_s is None:
            return
        wait_s = happening.every_s


async def _do(fleet: Fleet, identity: str, happening: Happening, delay_s: float) -> None:
    await fleet.pace.wait(delay_s)
    args = dict(happening.args)
    perform(fleet, ControlRequest(identity=identity, verb=happening.do, args=args))
    if happening.then and happening.for_s is not None:
        await fleet.pace.wait(happening.for_s)
        kept = {name: value for name, value in args.items() if name == "evse"}
        perform(fleet, ControlRequest(identity=identity, verb=happening.then, args=kept))
