"""The socket of a station against a network that behaves badly."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from random import Random

import msgspec
import pytest
from picows import (
    WSCloseCode,
    WSFrame,
    WSListener,
    WSMsgType,
    WSTransport,
    WSUpgradeRequest,
    WSUpgradeResponse,
    WSUpgradeResponseWithListener,
    ws_create_server,
)

from ohmstead.simulator.link import Backoff
from tests.simulator.simulated import built_fleet

BOOTED = {"status": "Accepted", "currentTime": "2026-11-22T12:00:00Z", "interval": 300}


class Network(WSListener):
    """Answers everything with what `reply` makes of a message id and an action; counts what it sees."""

    def __init__(self) -> None:
        self.url = ""
        self.speaks: str | None = None  # a subprotocol, None: the one that was asked for
        self.reply: Callable[[WSTransport, str, str], None] = self.answer
        self.connections = 0
        self.pings = 0
        self.actions: list[str] = []
        self.changed = asyncio.Event()

    def door(self, request: WSUpgradeRequest) -> WSUpgradeResponseWithListener:
        spoken = self.speaks or request.headers["Sec-WebSocket-Protocol"]
        response = WSUpgradeResponse.create_101_response(extra_headers={"Sec-WebSocket-Protocol": spoken})
        self.connections += 1
        self.changed.set()
        return WSUpgradeResponseWithListener(response, self)

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type is WSMsgType.PING:
            self.pings += 1
            transport.send_pong(frame.get_payload_as_bytes())
        elif frame.msg_type is WSMsgType.TEXT:
            message = msgspec.json.decode(frame.get_payload_as_bytes())
            if message[0] == 2:
                self.actions.append(message[2])
                self.reply(transport, message[1], message[2])
        self.changed.set()

    def answer(self, transport: WSTransport, message_id: str, action: str) -> None:
        transport.send(WSMsgType.TEXT, self.result(message_id, action))

    def result(self, message_id: str, action: str) -> bytes:
        return msgspec.json.encode([3, message_id, BOOTED if action == "BootNotification" else {}])

    async def until(self, fits: Callable[[], object]) -> None:
        async with asyncio.timeout(40):
            while not fits():
                self.changed.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self.changed.wait(), 0.05)


@asynccontextmanager
async def listening() -> AsyncIterator[Network]:
    network = Network()
    server = await ws_create_server(network.door, "127.0.0.1", 0, enable_auto_pong=False)
    network.url = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/ocpp"
    yield network
    server.close()


async def test_an_answer_in_pieces_is_put_together() -> None:
    async with listening() as network:

        def in_pieces(transport: WSTransport, message_id: str, action: str) -> None:
            data = network.result(message_id, action)
            transport.send(WSMsgType.TEXT, data[:7], fin=False)
            transport.send(WSMsgType.CONTINUATION, data[7:20], fin=False)
            transport.send(WSMsgType.CONTINUATION, data[20:])

        network.reply = in_pieces
        async with built_fleet(network.url) as fleet:
            await network.until(lambda: all(station.online for station in fleet.stations.values()))


async def test_a_network_that_speaks_another_version_is_left_and_named() -> None:
    async with listening() as network:
        network.speaks = "ocpp1.5"
        async with built_fleet(network.url) as fleet:
            await network.until(lambda: network.connections > 6)  # three stations, more than twice
            refusals = {station.link.last_refusal for station in fleet.stations.values()}
    assert refusals == {f"the network does not speak {spoken}" for spoken in ("ocpp1.6", "ocpp2.0.1", "ocpp2.1")}


async def test_answers_to_nobodys_question_are_ignored() -> None:
    async with listening() as network:

        def confused(transport: WSTransport, message_id: str, action: str) -> None:
            transport.send(WSMsgType.TEXT, network.result("somebody-else", action))
            network.answer(transport, message_id, action)
            network.answer(transport, message_id, action)

        network.reply = confused
        async with built_fleet(network.url) as fleet:
            await network.until(lambda: network.actions.count("StatusNotification") >= 6)
            assert network.connections == 3
            assert all(station.online for station in fleet.stations.values())


async def test_what_is_not_json_ends_the_connection_and_a_new_one_begins() -> None:
    async with listening() as network:
        spoilt: list[str] = []

        def spoil_once(transport: WSTransport, message_id: str, action: str) -> None:
            if not spoilt:
                spoilt.append(action)
                transport.send(WSMsgType.TEXT, b"[3, oh")
            else:
                network.answer(transport, message_id, action)

        network.reply = spoil_once
        async with built_fleet(network.url) as fleet:
            await network.until(lambda: network.connections == 4)
            await network.until(lambda: all(station.online for station in fleet.stations.values()))


async def test_a_closing_network_is_answered_and_looked_for_again() -> None:
    async with listening() as network, built_fleet(network.url) as fleet:
        await network.until(lambda: all(station.online for station in fleet.stations.values()))
        network.reply = lambda transport, message_id, action: transport.send_close(WSCloseCode.SERVICE_RESTART)
        station = fleet.stations["S16"]
        station.say(station.voice.heartbeat())
        await network.until(lambda: network.connections == 4)


async def test_stations_ping_when_their_settings_say_so() -> None:
    async with listening() as network:
        async with built_fleet(network.url, settings="ping_s: 1"):
            await network.until(lambda: network.pings >= 3)
        seen = network.pings
        async with built_fleet(network.url) as fleet:
            await network.until(lambda: all(station.online for station in fleet.stations.values()))
            assert network.pings == seen


@pytest.mark.parametrize("tries", [0, 1, 3, 30])
def test_patience_doubles_up_to_its_most_and_is_never_the_same(tries: int) -> None:
    backoff = Backoff(Random(1), first_s=1.0, most_s=60.0, tries=min(tries, 16))
    waits = [Backoff(Random(seed), 1.0, 60.0, min(tries, 16)).next_s() for seed in range(50)]
    base_s = min(60.0, 2.0**tries)
    assert all(base_s * 0.5 <= wait <= base_s * 1.5 for wait in waits)
    assert len(set(waits)) == 50
    backoff.reset()
    assert backoff.next_s() <= 1.5
