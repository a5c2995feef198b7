"""A gateway over the test database and a real NATS server, with a scripted desk beside it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import psycopg
import pytest
import pytest_asyncio
import uvloop

from ohmstead.bus.client import Bus
from ohmstead.gateway.server import Gateway
from ohmstead.gateway.settings import GatewaySettings, Limits, Policy
from ohmstead.journal import reader
from ohmstead.journal.entry import SHARDS, Entry
from ohmstead.journal.writer import JournalWriter
from ohmstead.kit.clock import SystemClock
from tests.gateway.desk import SECRET, ScriptedDesk

type StartGateway = Callable[..., Awaitable["Running"]]


class Running:
    """A started gateway and its parts."""

    def __init__(self, gateway: Gateway, journal: JournalWriter, bus: Bus, database: str) -> None:
        self.gateway, self.journal, self.bus, self._database = gateway, journal, bus, database
        self.board, self.counts, self.name = gateway.board, gateway.board.counts, gateway.settings.name
        self.stopped = False

    @property
    def port(self) -> int:
        assert self.gateway.port is not None
        return self.gateway.port

    def entries(self) -> list[Entry]:
        """Everything committed by this gateway so far."""
        with psycopg.connect(self._database, autocommit=True) as connection:
            return reader.read(connection, {self.journal.stream: 0}, range(SHARDS), 100_000)

    async def stop(self) -> None:
        if not self.stopped:
            self.stopped = True
            await self.gateway.drain()
            await self.journal.stop()
            await self.bus.close()


@pytest_asyncio.fixture
async def desk(nats_server: Any) -> AsyncIterator[ScriptedDesk]:
    desk = ScriptedDesk(await Bus("desk").connect(nats_server.url))
    await desk.open()
    yield desk
    await desk.bus.close()


@pytest_asyncio.fixture
async def start_gateway(database: str, nats_server: Any, desk: ScriptedDesk) -> AsyncIterator[StartGateway]:
    """Start as many as a test needs: `await start_gateway(limits=..., policy=..., **settings)`."""
    started: list[Running] = []

    async def start(**settings: Any) -> Running:
        name = settings.pop("name", f"gw{len(started)}")
        url = settings.pop("database", database)
        settings.setdefault("sweep_s", 0.05)
        settings.setdefault("limits", Limits())
        settings.setdefault("policy", Policy())
        journal = JournalWriter(url, name, retry_after_refusal_s=0.05)
        await journal.start()
        bus = await Bus(name).connect(nats_server.url)
        gateway = Gateway(GatewaySettings(name=name, secret_key=SECRET, **settings), journal, bus, SystemClock())
        await gateway.start()
        started.append(Running(gateway, journal, bus, url))
        return started[-1]

    yield start
    for running in started:
        await running.stop()


@pytest_asyncio.fixture
async def gateway(start_gateway: StartGateway) -> Running:
    return await start_gateway()


@pytest.fixture(autouse=True)
def _quiet_client() -> None:
    """The client library logs every refused handshake."""
    import logging

    logging.getLogger("websockets").setLevel(logging.ERROR)


@pytest.fixture(scope="session")
def event_loop_policy() -> uvloop.EventLoopPolicy:
    """The loop the gateway runs on."""
    return uvloop.EventLoopPolicy()
