"""Console and API: the ASGI application in an uvicorn of this process."""

import asyncio
import socket
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import uvicorn

from ohmstead.run import metrics
from ohmstead.run.environment import Environment
from ohmstead.run.roles import stopping

_OPEN_STREAMS_S: Final = 2  # live streams never end by themselves; browsers reconnect


class _Server(uvicorn.Server):
    """Leaves the signals to the role, and says when it listens."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        metrics.set_ready("listening", True)


async def run(environment: Environment) -> None:
    metrics.set_ready("listening", False)
    # WhiteNoise hands its files to ASGI synchronously; they are small and read at once.
    warnings.filterwarnings("ignore", "StreamingHttpResponse must consume synchronous iterators")
    stop = stopping()
    server = _Server(
        uvicorn.Config(
            "ohmstead.web.asgi:application",
            host=environment.host,
            port=environment.web_port,
            lifespan="off",
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_OPEN_STREAMS_S,
        )
    )
    serving = asyncio.create_task(server.serve(), name="uvicorn")
    asked = asyncio.create_task(stop.wait(), name="stop")
    await asyncio.wait([serving, asked], return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    await serving
    asked.cancel()
