import asyncio

import pytest

from ohmstead.run import metrics


@pytest.fixture(autouse=True)
def nothing_needed():
    metrics.needs.clear()
    yield
    metrics.needs.clear()


async def get(port, path):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    answer = await asyncio.wait_for(reader.read(), 5)
    writer.close()
    return answer.split(b" ", 2)[1].decode(), answer.partition(b"\r\n\r\n")[2].decode()


async def test_a_role_is_ready_when_it_has_all_itneeds():
    metrics.set_ready("database", True)
    metrics.set_ready("bus", False)
    async with metrics.serve(0) as port:
        assert await get(port, "/readyz") == ("503", "waiting for bus\n")
        assert (await get(port, "/healthz"))[0] == "200"
        metrics.set_ready("bus", True)
        assert await get(port, "/readyz") == ("200", "ready\n")


async def test_metrics_are_those_of_prometheus():
    async with metrics.serve(0) as port:
        status, body = await get(port, "/metrics")
    assert status == "200"
    assert "# TYPE process_cpu_seconds_total counter" in body or "# TYPE python_info gauge" in body


@pytest.mark.parametrize("path", ["/", "/etc/passwd", "/metrics/x"])
async def test_there_is_nothing_else(path):
    async with metrics.serve(0) as port:
        assert (await get(port, path))[0] == "404"


@pytest.mark.parametrize("noise", [b"\r\n\r\n", b"\x16\x03\x01\x00", b"x" * 100_000], ids=["empty", "tls", "long"])
async def test_noise_ends_the_connection_and_nothing_else(noise):
    async with metrics.serve(0) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(noise)
        writer.write_eof()
        await asyncio.wait_for(reader.read(), 5)
        writer.close()
        assert (await get(port, "/healthz"))[0] == "200"
