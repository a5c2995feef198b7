"""COPY driven from event-loop callbacks: no task and no await per batch.

libpq's own non-blocking interface (psycopg.pq): one round trip opens the COPY, rows that arrive meanwhile still join,
a second one brings the commit.
"""

import asyncio
from collections.abc import Callable
from enum import Enum, auto
from typing import Protocol

import psycopg
from psycopg import pq

from ohmstead.journal.rows import COPY_STATEMENT

_LOOK_EVERY_S = 0.5


class CopyRefused(Exception):
    """PostgreSQL would not take the rows: nothing of the batch is stored, the connection lives."""

    def __init__(self, sqlstate: str, text: str) -> None:
        super().__init__(f"{sqlstate}: {text}")
        self.sqlstate = sqlstate


class CopyOwner(Protocol):
    def take(self) -> bytes:
        """The rows of this batch from header to trailer; asked for at the last moment, and again after a refusal."""
        ...

    def committed(self) -> None: ...

    def refused(self, error: CopyRefused) -> None: ...

    def lost(self, reason: str) -> None:
        """The connection is gone; whether the batch was committed is not known."""
        ...


class _State(Enum):
    IDLE = auto()
    OPENING = auto()
    COPYING = auto()
    CLOSED = auto()


class CopyPipe:
    """One connection that does nothing but COPY batches into the journal, one after the other."""

    def __init__(self, pgconn: pq.abc.PGconn, owner: CopyOwner) -> None:
        self._loop = asyncio.get_running_loop()
        self._pgconn = pgconn
        self._owner = owner
        self._state = _State.IDLE
        self._error: CopyRefused | None = None
        self._writing = False
        self._socket = pgconn.socket
        pgconn.nonblocking = 1
        self._loop.add_reader(self._socket, self._readable)
        self._timer = self._loop.call_later(_LOOK_EVERY_S, self._look)

    @property
    def idle(self) -> bool:
        return self._state is _State.IDLE

    def begin(self) -> None:
        """Open a COPY; the owner's `take` follows."""
        self._state = _State.OPENING
        self._error = None
        self._guard(self._send_statement)

    def close(self) -> None:
        """Let go of the socket; the connection stays the caller's to close."""
        if self._state is _State.CLOSED:
            return
        self._state = _State.CLOSED
        self._timer.cancel()
        self._loop.remove_reader(self._socket)
        if self._writing:
            self._loop.remove_writer(self._socket)

    def _look(self) -> None:
        """Read unasked: uvloop calls a reader once more and never again when a peer died with our bytes unread.

        That one call gets the server's last words; the end of the stream behind them would stay unseen for ever.
        """
        self._timer = self._loop.call_later(_LOOK_EVERY_S, self._look)
        self._guard(self._read_results)

    def _send_statement(self) -> None:
        self._pgconn.send_query(COPY_STATEMENT)
        self._push()

    def _guard(self, step: Callable[[], None]) -> None:
        try:
            step()
        except psycopg.Error as error:
            self.close()
            self._owner.lost(str(error))

    def _push(self) -> None:
        blocked = bool(self._pgconn.flush())
        if blocked and not self._writing:
            self._loop.add_writer(self._socket, self._writable)
        elif self._writing and not blocked:
            self._loop.remove_writer(self._socket)
        self._writing = blocked

    def _writable(self) -> None:
        self._guard(self._push)

    def _readable(self) -> None:
        self._guard(self._read_results)

    def _read_results(self) -> None:
        pgconn = self._pgconn
        pgconn.consume_input()
        if self._writing:
            self._push()
        while self._state is not _State.CLOSED and not pgconn.is_busy():
            result = pgconn.get_result()
            if result is None:
                break
            if result.status == pq.ExecStatus.COPY_IN:
                self._send_rows()
                return
            if result.status != pq.ExecStatus.COMMAND_OK:
                self._error = _refusal(result)
        else:
            return
        self._finished()

    def _send_rows(self) -> None:
        self._state = _State.COPYING
        self._pgconn.put_copy_data(self._owner.take())
        self._pgconn.put_copy_end()
        self._push()

    def _finished(self) -> None:
        if self._pgconn.status != pq.ConnStatus.OK:
            self.close()
            self._owner.lost(str(self._error or "the connection was closed"))
        elif self._state is not _State.IDLE:
            self._state = _State.IDLE
            if self._error is None:
                self._owner.committed()
            else:
                self._owner.refused(self._error)


def _refusal(result: pq.abc.PGresult) -> CopyRefused:
    sqlstate = (result.error_field(pq.DiagnosticField.SQLSTATE) or b"").decode()
    return CopyRefused(sqlstate, result.error_message.decode("utf-8", "replace").strip())
