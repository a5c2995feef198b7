"""The database session a writer works in: connecting, the stream's lock, partitions ahead of time."""

import asyncio
import logging
from datetime import UTC, datetime

import psycopg

from ohmstead.journal.schema import STREAM_LOCK_CLASS, SUMMARISE, partition_statements
from ohmstead.journal.streams import close_stream, open_stream, resume_stream

log = logging.getLogger(__name__)

_RETRY_S = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0)
_CONNECT_TIMEOUT_S = 5


class WriterSession:
    """Owns one connection and, on it, the lock of one stream."""

    def __init__(self, dsn: str, gateway: str) -> None:
        self.stream = 0
        self.attempts = 0  # in vain, since the last success
        self.connection: psycopg.AsyncConnection | None = None
        self._dsn, self._gateway = dsn, gateway

    async def open(self) -> int:
        """Connect, waiting for PostgreSQL as long as it takes, and hold the stream; its last committed seq."""
        self.attempts = 0
        while True:
            try:
                return await self._open_once()
            except psycopg.Error as error:
                await self.close()
                if self.attempts % 10 == 0:
                    log.warning("The journal cannot reach PostgreSQL and nothing is acknowledged: %s", error)
            await asyncio.sleep(_RETRY_S[min(self.attempts, len(_RETRY_S) - 1)])
            self.attempts += 1

    async def _open_once(self) -> int:
        self.connection = connection = await _connect(self._dsn, self._gateway)
        await ensure_partitions(connection)
        if self.stream == 0:
            self.stream = await open_stream(connection, self._gateway)
            return 0
        last = await resume_stream(connection, self.stream)
        if last is None:
            raise psycopg.OperationalError(f"the old session of stream {self.stream} has not ended yet")
        return last

    async def keep_up(self) -> None:
        """Partitions ahead and the station index, on a connection of its own: the writer's is busy with COPY."""
        async with await _connect(self._dsn, self._gateway) as connection:
            await ensure_partitions(connection)
            await connection.execute(SUMMARISE, [STREAM_LOCK_CLASS])

    async def end_stream(self) -> None:
        """Say that nothing will follow on the stream, and leave."""
        if self.connection is not None:
            try:
                await close_stream(self.connection, self.stream)
            except psycopg.Error as error:  # the next process to open a stream closes this one
                log.warning("Stream %s stays open: %s", self.stream, error)
        await self.close()

    async def close(self) -> None:
        if self.connection is not None:
            await self.connection.close()
            self.connection = None


async def ensure_partitions(connection: psycopg.AsyncConnection) -> None:
    for statement in partition_statements(datetime.now(UTC)):
        await connection.execute(statement)


async def _connect(dsn: str, gateway: str) -> psycopg.AsyncConnection:
    return await psycopg.AsyncConnection.connect(
        dsn,
        autocommit=True,
        connect_timeout=_CONNECT_TIMEOUT_S,
        application_name=f"ohmstead journal {gateway}"[:63],
        keepalives_idle=10,
        keepalives_interval=5,
        keepalives_count=3,
        tcp_user_timeout=20_000,
    )
