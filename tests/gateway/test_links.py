"""One live line per station, and how it ends."""

import asyncio
import json

import pytest

from ohmstead.gateway.settings import Limits
from ohmstead.journal.entry import EntryKind
from ohmstead.journal.interpret import interpret
from ohmstead.station.events import Disconnected
from tests.gateway.station import METER_VALUES_16, Station, masked, raw_station, until


def reasons(gateway) -> list[str]:
    """Why lines ended, from the journal."""
    events = [event for entry in gateway.entries() for event in interpret(entry).events]
    return [event.reason for event in events if isinstance(event, Disconnected)]


async def test_c1_s5_a_newer_connection_takes_over_at_once(gateway, desk):
    known = desk.knows("CP1")
    async with Station(gateway.port, "CP1") as old:
        await old.call("Heartbeat", {})
        async with Station(gateway.port, "CP1") as new:
            assert await old.closed() == (1000, "a newer connection of this station took over")
            assert "currentTime" in await new.call("Heartbeat", {})
            assert gateway.board.links[known.station_id].epoch == 2
    assert gateway.counts.taken_over == 1


async def test_c1_a_newer_connection_at_another_gateway_takes_over_too(start_gateway, desk):
    first, second = await start_gateway(name="first"), await start_gateway(name="second")
    desk.knows("CP1")
    async with Station(first.port, "CP1") as old:
        await old.call("Heartbeat", {})
        async with Station(second.port, "CP1") as new:
            assert (await old.closed())[1] == "a newer connection of this station took over"
            assert "currentTime" in await new.call("Heartbeat", {})
    assert first.counts.taken_over == 1
    assert first.board.links == {}


async def test_late_frames_of_the_old_line_are_dropped(gateway, desk):
    """The old socket goes on talking as if nothing had happened: nothing of it is stored."""
    known = desk.knows("CP1")
    _, old = await raw_station(gateway.port, "CP1")
    await until(lambda: gateway.board.links)
    link = gateway.board.links[known.station_id]
    async with Station(gateway.port, "CP1") as new:
        await until(lambda: link.closed_by is not None)
        for number in range(20):
            old.write(masked(json.dumps([2, str(number), "Heartbeat", {}]).encode()))
        assert "currentTime" in await new.call("Heartbeat", {})
        await gateway.journal.flush()
        heard = [entry.epoch for entry in gateway.entries() if entry.action == "Heartbeat"]
        assert heard == [2]
    old.close()


async def test_s5_reconnecting_again_and_again_leaves_one_line(gateway, desk):
    known = desk.knows("CP1")
    for _ in range(30):
        station = await Station(gateway.port, "CP1").connect()
        station.socket.transport.abort()  # a dirty disconnect
    async with Station(gateway.port, "CP1") as station:
        assert "currentTime" in await station.call("Heartbeat", {})
        assert list(gateway.board.links) == [known.station_id]
        assert gateway.board.links[known.station_id].epoch == known.epoch


async def test_an_older_admission_that_arrives_last_does_not_win(gateway, desk):
    known = desk.knows("CP1")
    async with Station(gateway.port, "CP1") as newer:
        await newer.call("Heartbeat", {})
        gateway.board.links[known.station_id].epoch = 9  # as if admitted later
        async with Station(gateway.port, "CP1") as older:
            assert "was here first" in (await older.closed())[1]
        assert "currentTime" in await newer.call("Heartbeat", {})


async def test_c1_c2_a_dead_peer_is_closed_within_two_ping_intervals(start_gateway, desk):
    gateway = await start_gateway(ping_s=0.3)
    desk.knows("DEAD")
    reader, writer = await raw_station(gateway.port, "DEAD")
    begun = asyncio.get_running_loop().time()
    assert (await reader.readexactly(2))[0] == 0x89, "the quiet line is pinged"
    await until(lambda: not gateway.board.links)
    took_s = asyncio.get_running_loop().time() - begun
    await gateway.journal.flush()
    assert took_s < 1.5
    assert gateway.counts.dead_peers == 1
    assert reasons(gateway)[0].startswith("no sign of life for ")
    writer.close()


async def test_a_station_that_answers_pings_stays(start_gateway, desk):
    gateway = await start_gateway(ping_s=0.1)
    desk.knows("CP1")
    async with Station(gateway.port, "CP1") as station:
        quiet_for = gateway.board._sweeps
        hearing = asyncio.create_task(station.socket.recv())  # pongs are sent while it listens
        await until(lambda: gateway.board._sweeps > quiet_for + 20)
        assert gateway.counts.dead_peers == 0
        hearing.cancel()


async def test_c3_a_station_without_ping_support_is_not_pinged_and_lives_by_any_frame(start_gateway, desk):
    gateway = await start_gateway(ping_s=0.1)
    desk.knows("CP1", vendor="EVduty", heartbeat_s=1)
    reader, writer = await raw_station(gateway.port, "CP1")
    for number in range(3):
        started = gateway.board._sweeps
        await until(lambda started=started: gateway.board._sweeps > started + 8)  # longer than two intervals
        writer.write(masked(json.dumps([2, str(number), "Heartbeat", {}]).encode()))
        answer = await reader.readexactly(2)
        assert answer[0] == 0x81, "the first thing that comes is the answer: no ping before it"
        await reader.readexactly(answer[1])
    assert gateway.counts.dead_peers == 0
    writer.close()


async def test_a_station_that_closes_gives_its_reason(gateway, desk):
    desk.knows("CP1")
    station = await Station(gateway.port, "CP1").connect()
    await station.socket.close(1000, "rebooting")
    await until(lambda: not gateway.board.links)
    await gateway.journal.flush()
    assert reasons(gateway) == ["the station closed: 1000 rebooting"]


async def test_a_line_that_breaks_says_so(gateway, desk):
    desk.knows("CP1")
    station = await Station(gateway.port, "CP1").connect()
    await until(lambda: gateway.board.links)
    station.socket.transport.abort()
    await until(lambda: not gateway.board.links)
    await gateway.journal.flush()
    assert reasons(gateway) == ["connection lost"]


async def test_a_message_in_fragments_is_one_message(gateway, desk):
    desk.knows("CP1")
    async with Station(gateway.port, "CP1") as station:
        await station.socket.send(["[2,", '"f1",', '"Heartbeat",', "{}]"])
        assert (await station.hear())[:2] == [3, "f1"]


async def test_a_message_too_long_closes_only_its_own_line(start_gateway, desk):
    gateway = await start_gateway(limits=Limits(frame_bytes=2_000))
    desk.knows("LONG")
    desk.knows("FINE")
    async with Station(gateway.port, "LONG") as long, Station(gateway.port, "FINE") as fine:
        await long.say("DataTransfer", {"vendorId": "x", "data": "y" * 3_000})
        assert (await long.closed())[0] == 1009
        assert "currentTime" in await fine.call("Heartbeat", {})
    async with Station(gateway.port, "LONG") as long:
        await long.socket.send(["[2," + "x" * 1_500, "y" * 1_500])
        assert (await long.closed())[0] == 1009


@pytest.mark.parametrize("tell", ["ping", "pong"])
async def test_control_frames_of_the_station_are_answered(gateway, desk, tell):
    desk.knows("CP1")
    async with Station(gateway.port, "CP1") as station:
        if tell == "ping":
            hearing = asyncio.create_task(station.socket.recv())
            async with asyncio.timeout(5):
                await (await station.socket.ping())
            hearing.cancel()
        else:
            await station.socket.pong()
            assert "currentTime" in await station.call("Heartbeat", {})


async def test_the_journal_tells_the_whole_life_of_a_line(gateway, desk):
    desk.knows("CP1")
    async with Station(gateway.port, "CP1") as station:
        await station.call("MeterValues", METER_VALUES_16)
    await until(lambda: not gateway.board.links)
    await gateway.journal.flush()
    kinds = [entry.kind for entry in gateway.entries()]
    assert kinds == [EntryKind.CONNECTED, EntryKind.RECEIVED, EntryKind.DISCONNECTED]
