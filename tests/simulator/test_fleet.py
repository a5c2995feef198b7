"""A whole fleet: the same seed, the same life; a thousand stations in little memory."""

import asyncio
import os
import re
import sys
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

import pytest

from ohmstead.simulator import sessions
from ohmstead.simulator.fleet import Fleet, Options, run
from ohmstead.simulator.scenario import load
from ohmstead.simulator.town import Wallet, planned_visits
from ohmstead.station.tokens import PresentedToken
from tests.simulator.scripted_csms import Csms
from tests.simulator.simulated import built_fleet, fleet_at, saloon

MOST_MB = 300


def plans(seed: int) -> Iterable[object]:
    fleet = Fleet(load("town"), Options(url="ws://127.0.0.1:1/ocpp", seed=seed))
    for identity in ("OHM-MALL-01", "OHM-HUB-05"):
        station = fleet.stations[identity]
        register_wh = station.evses[0].meter.register_wh
        site = fleet.planned[identity].site
        visits = planned_visits(station, station.evses[0], site, fleet.scenario.cards)
        yield register_wh, [(v.stays_s, v.car, v.token, v.way) for v in islice(visits, 5)]


async def test_a_seed_decides_who_comes_and_what_the_meters_show() -> None:
    assert list(plans(1)) == list(plans(1))
    assert list(plans(1)) != list(plans(2))


async def test_a_meter_goes_on_where_it_stood_whatever_the_seed(csms: Csms, tmp_path: Path) -> None:
    async with fleet_at(csms, folder=tmp_path, seed=1) as fleet:
        station = fleet.stations["S16"]
        evse = station.evses[0]
        sessions.plug(station, evse, saloon())
        assert (await sessions.present(station, evse, PresentedToken("04A1"))).accepted
        await csms.until(lambda: evse.meter.flow.power_w)
        sessions.unplug(station, evse)
        stood_at = evse.meter.register_mwh
    async with built_fleet(csms.url, folder=tmp_path, seed=2) as again:
        assert again.stations["S16"].evses[0].meter.register_mwh == stood_at


def test_a_card_is_in_one_hand_at_a_time() -> None:
    cards = [PresentedToken("A"), PresentedToken("B")]
    wallet = Wallet(cards)
    assert [wallet.take(cards[0]), wallet.take(cards[0]), wallet.take(cards[1])] == [*cards, None]
    wallet.give_back(cards[0])
    assert wallet.take(cards[1]) == cards[0]


async def test_a_simulator_that_is_stopped_leaves_no_session_open(csms: Csms) -> None:
    until = asyncio.Event()
    options = Options(url=csms.url, speed=3600.0, tick_s=0.1)
    task = asyncio.create_task(run(load("storm").only(9), options, until=until))
    await csms.until(lambda: csms.calls("StartTransaction") and csms.calls("TransactionEvent"), 30)
    until.set()
    await task
    begun = {e["transactionInfo"]["transactionId"] for e in csms.calls("TransactionEvent")}
    ended = {e["transactionInfo"]["transactionId"] for e in csms.calls("TransactionEvent") if e["eventType"] == "Ended"}
    assert begun == ended
    assert len(csms.calls("StopTransaction")) == len(csms.calls("StartTransaction"))


@pytest.mark.nightly
@pytest.mark.skipif(os.environ.get("OHMSTEAD_NIGHTLY") != "1", reason="takes half a minute")
async def test_a_thousand_stations_take_less_than_300_mb(csms: Csms) -> None:
    code = (
        "import asyncio, psutil, sys, uvloop\n"
        "from ohmstead.simulator.fleet import Fleet, Options\n"
        "from ohmstead.simulator.scenario import load\n"
        "async def main():\n"
        "    fleet = Fleet(load('town').multiplied(1000), Options(url=sys.argv[1], speed=10.0))\n"
        "    task = asyncio.create_task(fleet.run())\n"
        "    while not all(station.online for station in fleet.stations.values()): await asyncio.sleep(0.1)\n"
        "    print('MB', psutil.Process().memory_info().rss // 1_000_000)\n"
        "    task.cancel()\n"
        "uvloop.run(main())\n"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, csms.url, stdout=asyncio.subprocess.PIPE)
    async with asyncio.timeout(120):
        output, _ = await process.communicate()
    found = re.search(rb"MB (\d+)", output)
    assert found
    assert int(found[1]) <= MOST_MB
