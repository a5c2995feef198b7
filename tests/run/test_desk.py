"""A desk on a real bus and a real database, asked as gateways ask it."""

import asyncio
import time
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import msgspec
import psycopg
import pytest

from ohmstead.bus import subjects
from ohmstead.bus.client import Bus, BusUnavailable, NobodyServes
from ohmstead.bus.messages import (
    AdmitReply,
    AdmitRequest,
    AuthoriseReply,
    AuthoriseRequest,
    CallReply,
    CallRequest,
    DoorRefused,
    GatewaySeen,
    LinkTaken,
    StationChanged,
)
from ohmstead.kit.clock import FakeClock, SystemClock
from ohmstead.kit.http import GuardedClient
from ohmstead.kit.ids import uuid7
from ohmstead.network.plug_and_charge import NoContractPool
from ohmstead.run.embedded.nats import EmbeddedNats
from ohmstead.station.answers import Admission
from ohmstead.station.passwords import password_hash
from ohmstead.station.tokens import TokenKind, TokenVerdict

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
KEY = password_hash("secret", "right")


def admission(identity, gateway="gw-1"):
    return AdmitRequest(
        identity=identity,
        organisation=None,
        gateway=gateway,
        remote_address="192.0.2.7",
        subprotocol="ocpp1.6",
        security_profile=1,
        password_hash=KEY,
    )


def decide(requests):
    """Every card but one is good; one breaks the batch."""
    if any(each.uid == "POISON" for each in requests):
        raise ValueError("poison")
    return [AuthoriseReply(verdict=TokenVerdict.ACCEPTED, reason=each.uid) for each in requests]


def question(uid):
    return AuthoriseRequest(
        organisation_id=uuid7(), station_id=uuid7(), uid=uid, kind=TokenKind.RFID, purpose="authorise"
    )


@pytest.fixture
def network(database):
    from ohmstead.access.models import Organisation
    from ohmstead.network.models import Station

    hill = Organisation.objects.create(slug="hill", name="Hill Energy")
    Station.objects.bulk_create(
        Station(organisation=hill, identity=f"ST-{n}", admission="accepted", security_profile=1, password_hash=KEY)
        for n in range(2_000)
    )
    return hill


@asynccontextmanager
async def desk(database, nats_url, clock=None):
    from ohmstead.run.desk.certificates import CertificateSources
    from ohmstead.run.desk.service import Desk

    sources = CertificateSources(GuardedClient(), NoContractPool())
    desk = Desk(database, nats_url, clock or SystemClock(), decide, sources, watch_every_s=0.05)
    await desk.start()
    try:
        yield desk
    finally:
        await desk.stop()


@asynccontextmanager
async def gateway(nats_url):
    bus = await Bus("gateway").connect(nats_url)
    try:
        yield bus
    finally:
        await bus.close()


async def until(what, patience_s=10.0):
    deadline = time.monotonic() + patience_s
    while not (answer := await asyncio.to_thread(what)):
        assert time.monotonic() < deadline, "still waiting"
        await asyncio.sleep(0.02)
    return answer


def rows(database, query, *values):
    with psycopg.connect(database) as connection:
        return connection.execute(query, values).fetchall()


async def test_a_station_is_admitted_and_the_other_gateways_hear_of_it(database, network, nats_server):
    async with desk(database, nats_server.url), gateway(nats_server.url) as bus:
        heard = []

        async def taken(message):
            heard.append(message.decode(LinkTaken))

        await bus.subscribe(subjects.LINK_TAKEN, taken)
        await bus.flush()
        reply = await bus.request(subjects.ADMIT, admission("ST-7"), AdmitReply, 5)
        assert (reply.admission, reply.epoch) == (Admission.ACCEPTED, 1)
        await until(lambda: heard)
        assert heard == [LinkTaken(station_id=reply.station_id, epoch=1, gateway="gw-1")]


async def test_t19_s4_a_storm_on_two_desks_leaves_cards_answered(database, network, nats_server):
    async with (
        desk(database, nats_server.url),
        desk(database, nats_server.url),
        gateway(nats_server.url) as bus,
    ):
        storm = [bus.request(subjects.ADMIT, admission(f"ST-{n}"), AdmitReply, 10) for n in range(2_000)]
        gathered = asyncio.gather(*storm)
        await asyncio.sleep(0)
        card = await bus.request(subjects.AUTHORISE, question("CARD"), AuthoriseReply, 5)
        replies = await gathered
    assert card.verdict is TokenVerdict.ACCEPTED
    assert {each.admission for each in replies} == {Admission.ACCEPTED}
    assert {each.epoch for each in replies} == {1}
    assert len({each.station_id for each in replies}) == 2_000


async def test_one_question_that_breaks_leaves_the_others_answered(database, network, nats_server):
    async with desk(database, nats_server.url), gateway(nats_server.url) as bus:
        asked = [bus.request(subjects.AUTHORISE, question(uid), AuthoriseReply, 1) for uid in ("A", "POISON", "B")]
        replies = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(each) for each in replies] == [AuthoriseReply, BusUnavailable, AuthoriseReply]


async def test_postgresql_comes_back_and_the_desk_goes_on(database, network, nats_server):
    async with desk(database, nats_server.url), gateway(nats_server.url) as bus:
        await bus.request(subjects.ADMIT, admission("ST-1"), AdmitReply, 5)
        with psycopg.connect(database, autocommit=True) as admin:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        reply = await bus.request(subjects.ADMIT, admission("ST-1"), AdmitReply, 5)
        assert reply.epoch == 2


async def test_a_row_that_somebody_holds_does_not_hold_the_desk(database, network, nats_server):
    async with desk(database, nats_server.url), gateway(nats_server.url) as bus:
        with psycopg.connect(database) as holder:
            holder.execute("SELECT 1 FROM network_station WHERE identity = 'ST-1' FOR UPDATE")
            held = asyncio.create_task(bus.request(subjects.ADMIT, admission("ST-1"), AdmitReply, 20))
            await until(lambda: rows(database, "SELECT 1 FROM pg_locks WHERE NOT granted"))
            card = await bus.request(subjects.AUTHORISE, question("CARD"), AuthoriseReply, 10)
            assert card.verdict is TokenVerdict.ACCEPTED
            held.cancel()


async def test_nats_comes_back_and_the_desk_goes_on(database, network, tmp_path):
    nats = EmbeddedNats(tmp_path / "nats")
    nats.start()
    try:
        async with desk(database, nats.url), gateway(nats.url) as bus:
            nats.stop()
            await until(lambda: not bus.connected)
            nats.start()

            async def answered():
                try:
                    return await bus.request(subjects.ADMIT, admission("ST-1"), AdmitReply, 1)
                except BusUnavailable:
                    return None

            deadline = time.monotonic() + 15
            while not (reply := await answered()):
                assert time.monotonic() < deadline
                await asyncio.sleep(0.1)
            assert reply.admission is Admission.ACCEPTED
    finally:
        nats.stop()


async def test_a_gateways_words_are_kept(database, network, nats_server):
    async with desk(database, nats_server.url), gateway(nats_server.url) as bus:
        await bus.publish(subjects.GATEWAY_SEEN, GatewaySeen(gateway="gw-1", stream=3, connections=9, entries_total=70))
        refused = DoorRefused(
            identity="ST-1",
            organisation=None,
            gateway="gw-1",
            remote_address="192.0.2.7",
            code="subprotocol",
            sentence="Station ST-1 speaks no OCPP version that we speak.",
            http_status=400,
        )
        await bus.publish(subjects.DOOR_REFUSED, refused)
        await until(lambda: rows(database, "SELECT 1 FROM network_refusal"))
        assert await until(lambda: rows(database, "SELECT name, stream, connections FROM network_gateway")) == [
            ("gw-1", 3, 9)
        ]
    assert rows(database, "SELECT identity, code, sentence FROM network_refusal") == [
        ("ST-1", "subprotocol", refused.sentence)
    ]


async def test_a_command_reaches_the_gateway_and_its_outcome_the_row(database, network, nats_server):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.network.actions import refuse_station
    from ohmstead.network.command_actions import ask_station
    from ohmstead.network.models import Command, Station
    from ohmstead.station.commands import ResetStation

    calls, changes = [], []
    async with desk(database, nats_server.url), gateway(nats_server.url) as bus:

        async def called(message):
            calls.append(message.decode(CallRequest))
            await message.respond(CallReply(state="accepted", payload=msgspec.Raw(b'{"status":"Accepted"}')))

        async def changed(message):
            changes.append(message.decode(StationChanged))

        await bus.subscribe(subjects.gateway_calls("gw-1"), called)
        await bus.subscribe(subjects.STATION_CHANGED, changed)
        reply = await bus.request(subjects.ADMIT, admission("ST-5"), AdmitReply, 5)
        station = await asyncio.to_thread(Station.objects.get, pk=reply.station_id)
        row = await asyncio.to_thread(ask_station, station, ResetStation(immediate=True), by=SYSTEM)
        await until(lambda: Command.objects.get(pk=row.pk).state == "accepted")
        await asyncio.to_thread(refuse_station, station, by=SYSTEM)
        await until(lambda: changes)
    assert [(each.station_id, each.message_id) for each in calls] == [(station.pk, str(row.pk))]
    assert msgspec.json.decode(calls[0].command) == {"type": "ResetStation", "immediate": True}
    assert Command.objects.get(pk=row.pk).answer == {"status": "Accepted"}
    assert [(each.station_id, each.admission) for each in changes] == [(station.pk, Admission.REFUSED)]


async def test_a_command_for_a_vanished_gateway_ends_as_offline(database, network, nats_server):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.network.command_actions import ask_station
    from ohmstead.network.models import Command, Station
    from ohmstead.station.commands import ResetStation

    async with desk(database, nats_server.url), gateway(nats_server.url) as bus:
        reply = await bus.request(subjects.ADMIT, admission("ST-5", "gw-gone"), AdmitReply, 5)
        station = await asyncio.to_thread(Station.objects.get, pk=reply.station_id)
        row = await asyncio.to_thread(ask_station, station, ResetStation(), by=SYSTEM)
        await until(lambda: Command.objects.get(pk=row.pk).state == "offline")


async def test_a_desk_that_stops_has_answered_what_it_took(database, network, nats_server):
    async with gateway(nats_server.url) as bus:
        async with desk(database, nats_server.url):
            await bus.request(subjects.ADMIT, admission("ST-0"), AdmitReply, 5)
            asked = [
                asyncio.create_task(bus.request(subjects.ADMIT, admission(f"ST-{n}"), AdmitReply, 10))
                for n in range(300)
            ]
            await asyncio.sleep(0)
            await bus.flush()
        replies = await asyncio.gather(*asked, return_exceptions=True)
    assert {type(each) for each in replies} <= {AdmitReply, NobodyServes}  # nobody waits in vain
    answered = sum(isinstance(each, AdmitReply) for each in replies)
    assert rows(database, "SELECT sum(epoch) FROM network_station") == [(answered + 1,)]


async def test_c1_stations_of_a_gateway_that_fell_silent_are_offline_and_pages_hear_of_it(
    database, network, nats_server
):
    from ohmstead.network.models import Station

    clock = FakeClock(NOON)
    told = []
    async with desk(database, nats_server.url, clock), gateway(nats_server.url) as bus:

        async def changed(message):
            told.append(msgspec.json.decode(message.data))

        await bus.subscribe(subjects.live(network.id, "stations"), changed)
        await bus.flush()
        await bus.publish(subjects.GATEWAY_SEEN, GatewaySeen(gateway="gw-1", stream=3, connections=1, entries_total=1))
        await until(lambda: rows(database, "SELECT 1 FROM network_gateway"))
        station = Station.objects.order_by("id").first()
        Station.objects.filter(pk=station.pk).update(online=True, gateway="gw-1", link_stream=3)
        clock.advance(timedelta(seconds=21))
        await until(lambda: not Station.objects.get(pk=station.pk).online)
        await until(lambda: told)
        assert Station.objects.get(pk=station.pk).disconnected_at == NOON
        await bus.publish(subjects.GATEWAY_SEEN, GatewaySeen(gateway="gw-1", stream=3, connections=1, entries_total=1))
        await until(lambda: Station.objects.get(pk=station.pk).online)
        await until(lambda: len(told) == 2)
    assert told == [{"ids": [str(station.pk)]}] * 2
