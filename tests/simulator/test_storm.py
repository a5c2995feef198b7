"""A storm: every station is cut off in the middle of its sessions, and all come back at once."""

import asyncio
from collections import defaultdict

from ohmstead.simulator.fleet import Fleet, Options
from ohmstead.simulator.happenings import happen
from ohmstead.simulator.scenario import load
from tests.simulator.scripted_csms import Csms


async def test_t19_after_a_storm_every_session_is_told_whole_and_in_order(csms: Csms) -> None:
    scenario = load("storm").only(60)
    options = Options(url=csms.url, speed=120.0, tick_s=0.1, reconnect_first_s=0.1, reconnect_most_s=0.5)
    fleet = Fleet(scenario, options)
    for station in fleet.stations.values():
        station.settings.put("meter_interval_s", "1")
    task = asyncio.create_task(fleet.run(happen))
    try:
        await csms.until(lambda: len(csms.sockets) == 60, 20)
        await csms.until(lambda: sum(s.link.up for s in fleet.stations.values()) == 0, 20)
        await csms.until(lambda: all(s.online for s in fleet.stations.values()), 20)
        told_offline = await csms.until(lambda: [e for e in csms.calls("TransactionEvent") if e.get("offline")], 20)
        await csms.until(lambda: not any(s.outbox.stored for s in fleet.stations.values()), 20)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert told_offline
    numbers = defaultdict(list)
    for event in csms.calls("TransactionEvent"):
        numbers[event["transactionInfo"]["transactionId"]].append(event["seqNo"])
    assert all(sorted(set(seen)) == list(range(len(set(seen)))) for seen in numbers.values())
    assert all(stop["transactionId"] > 0 for stop in csms.calls("StopTransaction"))
    ids = [stop["transactionId"] for stop in csms.calls("StopTransaction")]
    assert len(ids) <= len(csms.calls("StartTransaction"))
