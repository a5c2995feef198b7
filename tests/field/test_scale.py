"""S1-S9: many at once, each served, none lost."""

import asyncio
import os
import time
from contextlib import AsyncExitStack, contextmanager, nullcontext
from statistics import median

import psycopg
import pytest

from tests.field.box import Box, sample, value
from tests.line.post import Post, meter, rfid
from tests.line.scripted import PATIENCE_S, Refused, moment
from tests.line.system import System, until

CARD = "04A1B2C3"


async def all_of(stack, stations):
    """Connect them all at once."""
    return await asyncio.gather(*(stack.enter_async_context(station) for station in stations))


async def test_s1_simultaneous_messages_of_many_stations_never_fail(network):
    """The same card, the same time, the same order of messages: what once made a deadlock of three stations."""
    network.card(CARD)
    async with AsyncExitStack() as stack:
        stations = await all_of(stack, [Box(network.station()) for _ in range(40)])

        async def live(station):
            await station.boot()
            await station.status("Preparing")
            told = {"connectorId": 1, "idTag": CARD, "meterStart": 0, "timestamp": moment(-60)}
            started = await station.call("StartTransaction", told)
            for second in range(5):
                await station.meter(started["transactionId"], value(-50 + second, sample(second)))
            await station.stop(started["transactionId"], meter=10)
            await station.status("Available")

        await asyncio.gather(*(live(station) for station in stations))
        answers = [frames for station in stations for frames in station.answers.values()]
    assert len(answers) == 40 * 10
    assert {frame[0] for frames in answers for frame in frames} == {3}
    over = {"state__in": ["ended", "refused"]}
    assert len(network.settled(40, **over)) == 40
    assert (len(network.sessions()), network.quarantined()) == (40, 0)


async def test_s2_a_hundred_cards_with_a_hundred_sessions_are_listed_at_once(network):
    from ohmstead.charging.queries import sessions_of

    cards = [network.card(f"05{number:06X}") for number in range(100)]
    async with Box(network.station()) as station:
        for number, card in enumerate(cards):
            started = await station.start(card, connector=number + 1, at_s=-600)
            await station.stop(started, meter=2_000, at_s=-60)
    network.settled(100, state="ended", energy_wh=1_000)
    began = time.perf_counter()
    listed = [(s.token.uid, s.station.identity, s.energy_wh) for s in sessions_of(network.organisation)]
    assert time.perf_counter() - began < 1
    assert len(listed) == 100


async def test_s2_invalid_messages_cost_no_more_than_a_few_valid_ones(network):
    async with Box(network.station()) as station:
        good = {"connectorId": 1, "meterValue": [value(0, sample(1))]}
        bad = {"connectorId": {}, "meterValue": [value(0, *[{"value": ["x"] * 50}] * 50)]}

        async def lasts_s(payload, refused):
            began = time.perf_counter()
            with refused:
                await station.call("MeterValues", payload)
            return time.perf_counter() - began

        taken_s = [await lasts_s(good, nullcontext()) for _ in range(100)]
        refused_s = [await lasts_s(bad, pytest.raises(Refused, match="TypeConstraint")) for _ in range(100)]
    assert median(refused_s) < 5 * median(taken_s) + 0.005


async def test_s3_thousands_of_transaction_events_are_all_counted(network):
    network.card(CARD)
    async with AsyncExitStack() as stack:
        posts = await all_of(stack, [Post(network.station(), lenient=True) for _ in range(30)])

        async def charge(post):
            await post.event("Started", "Authorized", meters=[meter(0, "Transaction.Begin", at_s=post.at_s)])
            for number in range(1, 29):
                reading = meter(number * 10, "Sample.Periodic", at_s=post.at_s)
                await post.event("Updated", "MeterValuePeriodic", meters=[reading])
            await post.event("Ended", "EVDeparted", meters=[meter(290, "Transaction.End", at_s=post.at_s)])

        await asyncio.gather(*(charge(post) for post in posts))
    sessions = network.settled(30, state="ended", energy_wh=290)
    assert [session.flags for session in sessions] == [[]] * 30
    stored = [entry for post in posts for entry in network.journal(post.url) if entry.action == "TransactionEvent"]
    assert len(stored) == 30 * 30


async def test_s4_a_second_gateway_and_a_second_worker_share_the_work(network, tmp_path):
    """A session begun at one gateway goes on and ends at the other, whoever folds it."""
    network.card(CARD)
    second = System(tmp_path, network.system.database_url, network.system.nats_url, dict(network.system.settings))
    try:
        second.start("gateway", "worker")
        addresses = [network.station() for _ in range(12)]
        elsewhere = [address.replace(network.system.url, second.url) for address in addresses]
        started = []
        for number, address in enumerate(addresses):
            async with Box(address) as station:
                started.append(await station.start(network.card(f"05{number:06X}")))
        network.settled(12, state="running")
        async with AsyncExitStack() as stack:
            old = await all_of(stack, [Box(address) for address in addresses])
            new = await all_of(stack, [Box(address) for address in elsewhere])
            await asyncio.gather(*(asyncio.wait_for(each.socket.wait_closed(), PATIENCE_S) for each in old))
            await asyncio.gather(*(b.stop(tx) for b, tx in zip(new, started, strict=True)))
            network.settled(12, state="ended", energy_wh=5_000)
            network.folded()
            gateways = {network.at(address).gateway for address in addresses}
            assert len(gateways) == 1
            assert all(network.at(address).online for address in addresses)
    finally:
        second.stop()


async def test_s5_reconnecting_moments_after_the_disconnect_never_ends_the_gateway(network):
    address = network.station()
    for number in range(30):
        async with Box(address) as station:
            assert (await station.call("Heartbeat"))["currentTime"]
            if number % 2:
                station.socket.transport.abort()
    async with Box(address) as one, Box(address) as two:
        assert (await two.call("Heartbeat"))["currentTime"]
        await asyncio.wait_for(one.socket.wait_closed(), PATIENCE_S)
        network.folded()
        assert network.at(address).online
    assert network.system.roles["gateway"].poll() is None


async def test_s6_twenty_stations_sending_events_and_states_are_all_answered(network):
    async with AsyncExitStack() as stack:
        posts = await all_of(stack, [Post(network.station()) for _ in range(20)])

        async def busy(post):
            for _ in range(10):
                await post.plug("Occupied")
                await post.event("Started" if post.seq_no == 0 else "Updated", "MeterValuePeriodic")

        async with asyncio.timeout(30):
            await asyncio.gather(*(busy(post) for post in posts))
    assert len(network.settled(20, state="running")) == 20
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        idle = (
            "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction' AND datname = current_database()"
        )
        until(lambda: connection.execute(idle).fetchone() == (0,), why="no transaction is left open")


@contextmanager
def journal_locked():
    """Nothing can be stored while this lasts; yields a question: does a writer wait for it?"""
    with (
        psycopg.connect(os.environ["DATABASE_URL"]) as holder,
        psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as eye,
    ):
        holder.execute("LOCK TABLE journal.entry IN EXCLUSIVE MODE")
        waits = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'journal.entry'::regclass"
        yield lambda: eye.execute(waits).fetchone() != (0,)
        holder.rollback()


async def test_s7_nothing_is_answered_before_it_is_stored(network):
    async with Box(network.station()) as station:
        await station.boot()
        with journal_locked() as writer_waits:
            told = {"connectorId": 1, "status": "Charging", "errorCode": "NoError", "timestamp": moment()}
            await station.say("state", "StatusNotification", told)
            await asyncio.to_thread(until, writer_waits, why="the gateway wants to store it")
            pong = await station.socket.ping()
            await asyncio.wait_for(pong, PATIENCE_S)
            assert station.answers.get("state") is None
        assert (await station.answered("state"))[0] == [3, "state", {}]
    assert [e.action for e in network.journal(station.url, action="StatusNotification")] == ["StatusNotification"]


async def test_s8_a_transaction_event_straight_after_boot_needs_nothing_entered_before(network):
    network.card(CARD)
    async with Post(network.station()) as post:
        boot = {"reason": "PowerUp", "chargingStation": {"model": "Post", "vendorName": "Example"}}
        event = {
            "eventType": "Started",
            "timestamp": moment(),
            "triggerReason": "Authorized",
            "seqNo": 0,
            "transactionInfo": {"transactionId": "first"},
            "evse": {"id": 9, "connectorId": 2},
            "idToken": rfid(CARD),
        }
        booted, begun = await asyncio.gather(post.call("BootNotification", boot), post.call("TransactionEvent", event))
    assert (booted["status"], begun["idTokenInfo"]["status"]) == ("Accepted", "Accepted")
    [session] = network.settled(1, state="running")
    assert (session.evse, session.connector) == (9, 2)
    network.folded()
    assert 9 in network.evses(post.url)


async def test_s9_every_one_of_200_stations_is_answered_every_time(network):
    async with AsyncExitStack() as stack:
        stations = await all_of(stack, [Box(network.station()) for _ in range(200)])

        async def beat(station):
            for _ in range(10):
                await station.call("Heartbeat")
            return len(station.answers)

        async with asyncio.timeout(60):
            assert await asyncio.gather(*(beat(station) for station in stations)) == [10] * 200
