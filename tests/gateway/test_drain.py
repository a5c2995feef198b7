"""The end of a gateway: nothing acknowledged that is not stored, and the desk knows."""

import asyncio

from websockets.exceptions import ConnectionClosed

from ohmstead.journal import reader
from ohmstead.journal.interpret import interpret
from ohmstead.station.events import Disconnected
from tests.gateway.station import METER_VALUES_16, Station, until
from tests.journal.test_restarts import OwnPostgres


async def test_a_drained_gateway_answered_what_it_read_and_stored_what_it_answered(gateway, desk):
    for number in range(20):
        desk.knows(f"CP{number}")
    stations = [await Station(gateway.port, f"CP{number}").connect() for number in range(20)]
    answered: list[str] = []

    async def talk(station: Station) -> tuple[int, str]:
        """As fast as it is answered, until the line is closed."""
        number = 0
        while True:
            number += 1
            try:
                asked = await station.say("MeterValues", METER_VALUES_16, f"{id(station)}-{number}")
                frame = await station.hear()
            except ConnectionClosed:
                return await station.closed()
            assert frame[:2] == [3, asked]
            answered.append(asked)

    talking = [asyncio.create_task(talk(station)) for station in stations]
    await until(lambda: len(answered) > 200)
    await gateway.stop()
    ends = await asyncio.gather(*talking)
    assert set(ends) == {(1000, "the gateway is restarting")}
    kept = {(entry.frame or b"").split(b'"')[1].decode() for entry in gateway.entries() if entry.action}
    assert set(answered) <= kept
    reasons = [
        event.reason
        for entry in gateway.entries()
        for event in interpret(entry).events
        if isinstance(event, Disconnected)
    ]
    assert reasons == ["the gateway is restarting"] * 20


async def test_a_drain_waits_for_the_decisions_under_way(gateway, desk):
    desk.knows("CP1")
    desk.slow = asyncio.Event()
    async with Station(gateway.port, "CP1") as station:
        asked = await station.say("Authorize", {"idTag": "CARD"})
        await until(lambda: desk.authorisations)
        stopping = asyncio.create_task(gateway.stop())
        await until(lambda: not gateway.gateway.door.open)
        desk.slow.set()
        assert (await station.hear())[:2] == [3, asked]
        await stopping


async def test_the_desk_hears_that_a_gateway_lives_and_that_it_leaves(start_gateway, desk):
    gateway = await start_gateway(seen_s=0.05)
    desk.knows("CP1")
    async with Station(gateway.port, "CP1") as station:
        await station.call("Heartbeat", {})
        await until(lambda: any(seen.connections == 1 and seen.entries_total >= 2 for seen in desk.seen))
        assert not desk.seen[-1].draining
        await gateway.stop()
    await until(lambda: desk.seen[-1].draining)
    assert desk.seen[-1].stream == gateway.journal.stream


async def test_a_drained_gateway_closes_its_stream(gateway, desk, database):
    import psycopg

    desk.knows("CP1")
    async with Station(gateway.port, "CP1") as station:
        await station.call("Heartbeat", {})
        await gateway.stop()
    with psycopg.connect(database) as connection:
        assert reader.open_streams(connection)[gateway.journal.stream] == 3


async def test_readers_are_woken_after_a_commit(gateway, desk):
    from ohmstead.bus import subjects
    from ohmstead.bus.messages import JournalAppended

    woken: list[JournalAppended] = []

    async def note(message) -> None:
        woken.append(message.decode(JournalAppended))

    await desk.bus.subscribe(subjects.JOURNAL_APPENDED, note)
    await desk.bus.flush()
    desk.knows("CP1")
    async with Station(gateway.port, "CP1") as station:
        await station.call("Heartbeat", {})
        await until(lambda: any(news.stream == gateway.journal.stream and news.seq >= 2 for news in woken))


async def test_a_drain_ends_in_time_when_postgres_is_gone(start_gateway, desk, tmp_path):
    """What was not stored was not answered; the station will send it again."""
    tmp_path.chmod(0o755)
    postgres = OwnPostgres(tmp_path)
    gateway = await start_gateway(database=postgres.url, drain_s=0.3)
    desk.knows("CP1")
    async with Station(gateway.port, "CP1") as station:
        await station.call("Heartbeat", {})
        await asyncio.to_thread(postgres.halt)
        await station.say("Heartbeat", {})
        await until(lambda: gateway.journal.waiting_rows)
        async with asyncio.timeout(10):
            await gateway.gateway.drain()
            await gateway.journal.stop(0.3)
        assert gateway.counts.answers == 1
    gateway.stopped = True
    await gateway.bus.close()
    postgres.server.stop()
