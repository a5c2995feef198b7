"""Which shards this worker folds: advisory locks on the connection it writes with.

A lock lives exactly as long as that connection, so a worker that lost its leases cannot commit any more either.
"""

from typing import Any, Final, LiteralString

from psycopg import Connection

from ohmstead.journal.entry import SHARDS

SHARD_LOCK_CLASS: Final = 0x6F686C
MEMBER_LOCK_CLASS: Final = 0x6F686D01  # one lock per worker: how many share the work

_MEMBERS: Final = """
SELECT count(*) FROM pg_locks
WHERE locktype = 'advisory' AND classid = %s AND granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


class Leases:
    """`balance` is called every second or two; it takes and gives back until every worker has its fair share."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.shards: set[int] = set()
        self._execute("SELECT pg_advisory_lock(%s, pg_backend_pid())", MEMBER_LOCK_CLASS)

    def balance(self) -> tuple[set[int], set[int]]:
        """Returns (gained, lost)."""
        before = set(self.shards)
        share = self._fair_share()
        for shard in sorted(self.shards, reverse=True)[: max(0, len(self.shards) - share)]:
            self._execute("SELECT pg_advisory_unlock(%s, %s)", SHARD_LOCK_CLASS, shard)
            self.shards.discard(shard)
        for shard in range(SHARDS):
            if len(self.shards) >= share:
                break
            if shard not in self.shards and self._execute(
                "SELECT pg_try_advisory_lock(%s, %s)", SHARD_LOCK_CLASS, shard
            ):
                self.shards.add(shard)
        return self.shards - before, before - self.shards

    def _fair_share(self) -> int:
        members = max(1, self._execute(_MEMBERS, MEMBER_LOCK_CLASS))
        return -(-SHARDS // members)

    def _execute(self, statement: LiteralString, *parameters: int) -> Any:
        row = self._connection.execute(statement, parameters).fetchone()
        return row[0] if row else None
