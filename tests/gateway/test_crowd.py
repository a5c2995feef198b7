"""Many stations at once: every one is served, whatever the database does."""

import asyncio
import json

import pytest

from ohmstead.gateway.settings import Limits
from tests.gateway.station import BOOT_2X, METER_VALUES_16, Station, masked, raw_station, until
from tests.journal.test_restarts import OwnPostgres

CROWD = 200


async def _open(gateway, desk, count: int, **how) -> list[Station]:
    for number in range(count):
        desk.knows(f"CP{number}")
    return list(await asyncio.gather(*(Station(gateway.port, f"CP{n}", **how).connect() for n in range(count))))


async def _close(stations: list[Station]) -> None:
    await asyncio.gather(*(station.socket.close() for station in stations))


async def test_s1_simultaneous_messages_are_all_answered_with_results(gateway, desk):
    stations = await _open(gateway, desk, 50)
    for _ in range(5):
        answers = await asyncio.gather(*(station.call("MeterValues", METER_VALUES_16) for station in stations))
        assert answers == [{}] * 50
    assert gateway.counts.unreadable == 0
    await _close(stations)


async def test_s6_twenty_stations_with_transactions_keep_going(gateway, desk):
    stations = await _open(gateway, desk, 20, protocols=("ocpp2.0.1",))

    async def charge(station: Station, number: int) -> None:
        assert (await station.call("BootNotification", BOOT_2X))["status"] == "Accepted"
        for seq in range(10):
            event = {
                "eventType": "Started" if seq == 0 else "Updated",
                "timestamp": "2026-11-22T12:00:00Z",
                "triggerReason": "Authorized",
                "seqNo": seq,
                "transactionInfo": {"transactionId": f"T{number}"},
            }
            if seq == 0:
                event["idToken"] = {"idToken": f"CARD{number}", "type": "ISO14443"}
            await station.call("TransactionEvent", event)
            status = {"timestamp": "2026-11-22T12:00:00Z", "connectorStatus": "Occupied", "evseId": 1, "connectorId": 1}
            await station.call("StatusNotification", status)

    async with asyncio.timeout(60):
        await asyncio.gather(*(charge(station, number) for number, station in enumerate(stations)))
    await _close(stations)


async def test_s8_a_transaction_event_straight_after_boot_is_taken(gateway, desk):
    desk.knows("CP1")
    async with Station(gateway.port, "CP1", protocols=("ocpp2.0.1",)) as station:
        event = {
            "eventType": "Updated",
            "timestamp": "2026-11-22T12:00:00Z",
            "triggerReason": "MeterValuePeriodic",
            "seqNo": 7,
            "transactionInfo": {"transactionId": "never-started"},
        }
        await station.call("BootNotification", BOOT_2X)
        await station.call("TransactionEvent", event)


async def test_s9_two_hundred_stations_are_all_answered(gateway, desk):
    stations = await _open(gateway, desk, CROWD)
    answered = [0] * CROWD

    async def beat(number: int) -> None:
        for _ in range(5):
            await stations[number].call("Heartbeat", {})
            answered[number] += 1

    async with asyncio.timeout(60):
        await asyncio.gather(*(beat(number) for number in range(CROWD)))
    assert answered == [5] * CROWD
    await _close(stations)


async def test_a_full_journal_stops_sockets_and_lets_them_go_on_in_turn(start_gateway, desk):
    gateway = await start_gateway(limits=Limits(calls_per_s=1_000_000))
    gateway.journal._most_rows = 50
    stations = await _open(gateway, desk, 40)
    async with asyncio.timeout(60):
        for _ in range(5):
            for station in stations:
                for _ in range(5):
                    await station.say("Heartbeat", {})
            for station in stations:
                assert [(await station.hear())[0] for _ in range(5)] == [3] * 5
    await until(lambda: not gateway.board.waiting_for_room)
    assert not gateway.journal.full
    await _close(stations)


async def test_a_station_that_takes_no_answers_is_not_read_for_ever(start_gateway, desk):
    """It sends and never reads: its own socket fills, ours does not."""
    gateway = await start_gateway(limits=Limits(calls_per_s=1_000_000))
    known = desk.knows("DEAF")
    _, writer = await raw_station(gateway.port, "DEAF")
    await until(lambda: gateway.board.links)
    link = gateway.board.links[known.station_id]
    block = b"".join(masked(json.dumps([2, f"{n}" + "i" * 60, "Heartbeat", {}]).encode()) for n in range(1000))

    async def flood() -> None:
        while True:
            writer.write(block)
            await writer.drain()

    writer.transport.pause_reading()
    flooding = asyncio.create_task(flood())
    transport = link._transport.underlying_transport
    await until(lambda: transport.get_write_buffer_size() > 0 and not transport.is_reading())
    assert transport.get_write_buffer_size() < 2_000_000
    flooding.cancel()
    await asyncio.gather(flooding, return_exceptions=True)
    writer.transport.abort()


@pytest.mark.parametrize("how", ["fast", "immediate"])
async def test_t4_postgres_restarts_under_load_and_no_acknowledged_message_is_lost(start_gateway, desk, tmp_path, how):
    tmp_path.chmod(0o755)
    postgres = OwnPostgres(tmp_path)
    gateway = await start_gateway(database=postgres.url)
    try:
        stations = await _open(gateway, desk, 20)
        answered: set[str] = set()
        stop = asyncio.Event()

        async def talk(number: int) -> None:
            said = 0
            while not stop.is_set():
                said += 1
                message_id = f"{number}-{said}"
                async with asyncio.timeout(30):
                    assert await stations[number].call("MeterValues", METER_VALUES_16, message_id) == {}
                answered.add(message_id)

        talking = [asyncio.create_task(talk(number)) for number in range(20)]
        await until(lambda: len(answered) > 100)
        await asyncio.to_thread(postgres.restart, how)
        before = len(answered)
        await until(lambda: len(answered) > before + 100)
        stop.set()
        await asyncio.gather(*talking)
        kept = [(entry.frame or b"").split(b'"')[1].decode() for entry in gateway.entries() if entry.action]
        assert answered <= set(kept), "acknowledged and stored"
        assert len(kept) == len(set(kept)), "stored once"
        assert gateway.journal.counts.lost_connections >= 1
        await _close(stations)
    finally:
        await gateway.stop()
        postgres.server.stop()


async def test_a_reconnect_storm_is_served_whole_and_nobody_twice(start_gateway, desk):
    """The short form; `make bench` drives ten thousand with a real desk."""
    gateway = await start_gateway()
    stations = await _open(gateway, desk, 300)
    for station in stations:
        station.socket.transport.abort()
    again = await _open_again(gateway, 300)
    assert len(gateway.board.links) == 300
    assert gateway.counts.refused == 0
    assert {link.epoch for link in gateway.board.links.values()} == {known.epoch for known in desk.stations.values()}
    await _close(again)


async def _open_again(gateway, count: int) -> list[Station]:
    async with asyncio.timeout(60):
        return list(await asyncio.gather(*(Station(gateway.port, f"CP{n}").connect() for n in range(count))))
