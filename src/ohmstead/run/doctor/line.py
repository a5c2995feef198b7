"""Checks of the line itself: tables, partitions, gateways, and whether the worker keeps up. Needs Django set up."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

import psycopg

from ohmstead.journal import reader
from ohmstead.run.doctor.findings import Check, Finding, examine, fine, look
from ohmstead.run.environment import Environment
from ohmstead.run.worker.folding import READER
from ohmstead.run.worker.leases import MEMBER_LOCK_CLASS

_SILENT_GATEWAY: Final = timedelta(seconds=60)
_BEHIND_S: Final = 30.0


def examine_line(environment: Environment) -> Iterable[Finding]:
    """Nothing when the database does not answer; that is told by the checks of the system."""
    try:
        connection = psycopg.connect(environment.database_url, connect_timeout=5, autocommit=True)
    except psycopg.Error:
        return
    with connection:
        checks: list[tuple[str, Check]] = [
            ("tables", tables),
            ("partitions", partial(partitions, connection)),
            ("gateways", partial(gateways, connection)),
            ("worker", partial(worker, connection)),
        ]
        yield from examine(checks)


def tables() -> Iterable[Finding]:
    """Needs Django set up."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        yield look("tables", f"{len(missing)} migrations are missing: run `ohmstead migrate`.")
    else:
        yield fine("tables", "are those of this release.")


def partitions(connection: psycopg.Connection) -> Iterable[Finding]:
    names = connection.execute(
        """SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
           WHERE i.inhparent = to_regclass('journal.entry')"""
    ).fetchall()
    have = {name for (name,) in names}
    today = datetime.now(UTC).date()
    wanted = {f"entry_{today + timedelta(days=ahead):%Y%m%d}" for ahead in (0, 1)}
    if wanted <= have:
        yield fine("partitions", f"the journal has {len(have)} days, today's and tomorrow's among them.")
    else:
        yield look(
            "partitions",
            "the journal lacks today's or tomorrow's day: is a worker running? `ohmstead migrate` adds it.",
        )


def gateways(connection: psycopg.Connection) -> Iterable[Finding]:
    rows = connection.execute(
        "SELECT name, connections, draining, now() - seen_at FROM network_gateway ORDER BY name"
    ).fetchall()
    living = [row for row in rows if row[3] < _SILENT_GATEWAY]
    if not living:
        yield look("gateways", "none has spoken for a minute: no station can connect. Start `ohmstead gateway`.")
    for name, connections, draining, _ in living:
        state = "is draining" if draining else "is open"
        yield fine("gateways", f"{name} {state} and holds {connections} connections.")


def worker(connection: psycopg.Connection) -> Iterable[Finding]:
    row = connection.execute(
        """SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND granted
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())""",
        [MEMBER_LOCK_CLASS],
    ).fetchone()
    running = row[0] if row else 0
    behind = reader.lag(connection, READER)
    if not running:
        yield look("worker", f"none runs, {behind.entries} messages wait: start `ohmstead worker`.")
    elif behind.seconds > _BEHIND_S:
        yield look(
            "worker", f"{behind.entries} messages ({behind.seconds:.0f} s) behind: start more `ohmstead worker`."
        )
    else:
        yield fine("worker", f"{running} running, {behind.entries} messages behind.")
