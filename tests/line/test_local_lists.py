"""Lists of tokens at simulated stations of every dialect, over real sockets."""

import asyncio
import secrets
from datetime import timedelta

from django.utils import timezone

from tests.line.test_simulator import PATIENCE_S, known_fleet, living


async def in_step(network, later=timedelta()):
    """Rounds of the job until all three lists are in step; the job itself runs once a minute."""
    from ohmstead.charging.local_lists import keep_in_step
    from ohmstead.charging.models import LocalList

    async with asyncio.timeout(PATIENCE_S):
        while True:
            await asyncio.to_thread(keep_in_step, timezone.now() + later)
            mine = LocalList.objects.filter(station__organisation=network.organisation)
            kept = await asyncio.to_thread(list, mine.values_list("state", "command_ids"))
            if kept == [("in_sync", [])] * 3:
                return
            await asyncio.sleep(0.05)


def lists(fleet):
    return [set(station.local_list.entries) for station in fleet.stations.values()]


async def test_lists_follow_the_tokens_and_a_station_that_lost_count_gets_all_again(network, tmp_path):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.drivers.actions import block_token
    from ohmstead.drivers.queries import find_token

    cards = {network.card(f"04{number}{secrets.token_hex(5).upper()}0") for number in range(3)}
    lost = sorted(cards)[0]
    fleet = known_fleet(network, tmp_path)
    async with living(fleet):
        await in_step(network)
        assert lists(fleet) == [cards] * 3
        token = await asyncio.to_thread(find_token, network.organisation, lost)
        await asyncio.to_thread(block_token, token, by=SYSTEM, reason="lost")
        await in_step(network)
        assert lists(fleet) == [cards - {lost}] * 3
        for station in fleet.stations.values():
            station.local_list.version, station.local_list.entries = 77, {}
        await in_step(network, timedelta(hours=25))
        assert lists(fleet) == [cards - {lost}] * 3
