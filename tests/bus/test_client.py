"""The bus over a real NATS server, also when that server goes away."""

import asyncio
from pathlib import Path

import msgspec
import nats.errors
import pytest
from nats.aio.client import Client

from ohmstead.bus.client import Bus, BusUnavailable, Message
from ohmstead.run.embedded.nats import EmbeddedNats


class Question(msgspec.Struct, frozen=True):
    text: str


class Reply(msgspec.Struct, frozen=True):
    text: str


async def _echo(message: Message) -> None:
    await message.respond(Reply(message.decode(Question).text.upper()))


async def test_a_request_is_answered(nats_server):
    asking, serving = await Bus().connect(nats_server.url), await Bus().connect(nats_server.url)
    await serving.subscribe("test.echo", _echo, queue="desk")
    await serving.flush()
    assert await asking.request("test.echo", Question("ohm"), Reply, timeout_s=2) == Reply("OHM")
    await asking.close()
    await serving.close()


async def test_a_request_nobody_serves_is_unavailable_at_once(nats_server):
    bus = await Bus().connect(nats_server.url)
    with pytest.raises(BusUnavailable, match="Nobody serves"):
        await bus.request("test.nobody", Question("?"), Reply, timeout_s=5)
    await bus.close()


async def test_a_request_that_is_never_answered_ends(nats_server):
    bus = await Bus().connect(nats_server.url)

    async def silent(message: Message) -> None:
        """Takes the question and says nothing."""

    await bus.subscribe("test.silent", silent)
    await bus.flush()
    with pytest.raises(BusUnavailable, match=r"within 0.05 s"):
        await bus.request("test.silent", Question("?"), Reply, timeout_s=0.05)
    await bus.close()


async def test_a_message_that_cannot_be_read_loses_only_itself(nats_server):
    bus = await Bus().connect(nats_server.url)
    await bus.subscribe("test.mixed", _echo)
    await bus.flush()
    await bus.publish("test.mixed", b"not json")
    assert await bus.request("test.mixed", Question("still here"), Reply, timeout_s=2) == Reply("STILL HERE")
    await bus.close()


async def test_members_of_a_group_share_the_messages(nats_server):
    buses = [await Bus().connect(nats_server.url) for _ in range(3)]
    taken: list[int] = []
    for number, bus in enumerate(buses[:2]):

        async def take(message: Message, number: int = number) -> None:
            taken.append(number)
            await message.respond(Reply("ok"))

        await bus.subscribe("test.shared", take, queue="group")
        await bus.flush()
    for _ in range(50):
        await buses[2].request("test.shared", Question("?"), Reply, timeout_s=2)
    assert len(taken) == 50
    assert set(taken) == {0, 1}
    for bus in buses:
        await bus.close()


async def test_when_nats_dies_and_returns_publishing_drops_requests_fail_and_service_resumes(tmp_path: Path):
    server = EmbeddedNats(tmp_path)
    server.start()
    asking, serving = await Bus().connect(server.url), await Bus().connect(server.url)
    await serving.subscribe("test.echo", _echo)
    await serving.flush()

    server.stop()
    async with asyncio.timeout(10):
        while asking.connected or serving.connected:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await asking.publish("test.echo", Question("lost"))
    assert asking.dropped == 1
    with pytest.raises(BusUnavailable):
        await asking.request("test.echo", Question("?"), Reply, timeout_s=1)

    server.start()
    async with asyncio.timeout(10):
        while not (asking.connected and serving.connected):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert await asking.request("test.echo", Question("back"), Reply, timeout_s=2) == Reply("BACK")
    await asking.close()
    await serving.close()
    server.stop()


async def test_nobody_speaks_on_the_embedded_server_without_its_token(nats_server):
    without = Client()
    with pytest.raises(nats.errors.Error, match=r"(?i)authorization"):
        await without.connect(f"nats://127.0.0.1:{nats_server.port}", allow_reconnect=False, connect_timeout=5)
    assert (nats_server.folder / "nats.conf").stat().st_mode & 0o777 == 0o600
