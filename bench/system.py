"""The measured system: PostgreSQL with fsync, NATS and the roles, all on the server core."""

import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.error import URLError

import psycopg

from bench.cores import SERVER_CORE, as_child, pin_tree
from ohmstead.journal.entry import SHARDS
from ohmstead.journal.reader import lag, save_cursors
from ohmstead.run.embedded.nats import EmbeddedNats
from ohmstead.run.embedded.postgres import EmbeddedPostgres
from ohmstead.run.ports import free_port

_READY_S = 60.0


class System:
    """One of each role at most; `pids` names what takes part in a figure."""

    def __init__(self, folder: Path, *filled_by: str) -> None:
        """`filled_by`: the module that fills the database, and its arguments."""
        self.folder = folder
        self.filled_by = filled_by
        self.postgres = EmbeddedPostgres(folder / "postgres")
        self.nats = EmbeddedNats(folder / "nats")
        self.ports = {"ws": free_port(), "wss": free_port(), "web": free_port()}
        self._secret = _kept_secret(folder / "secret")
        self._roles: dict[str, subprocess.Popen[bytes]] = {}
        self._health: dict[str, int] = {}

    def __enter__(self) -> "System":
        self.postgres.start()
        self.nats.start()
        assert self.postgres.pid is not None
        assert self.nats.pid is not None
        pin_tree(self.postgres.pid, SERVER_CORE)
        pin_tree(self.nats.pid, SERVER_CORE)
        self.database_url = self.postgres.ensure_database("ohmstead")
        self._child("-m", "ohmstead", "prepare")
        filled = self.folder / "filled"
        if not filled.exists():
            self._child("-m", *self.filled_by)
            filled.touch()
        return self

    def __exit__(self, *_: object) -> None:
        for role in tuple(self._roles):
            self.stop(role)
        self.nats.stop()
        self.postgres.stop()

    def start(self, role: str) -> None:
        """Start a role pinned to the server core and wait until it says it is ready."""
        self._health[role] = free_port()
        with (self.folder / f"{role}.log").open("ab") as log:
            self._roles[role] = subprocess.Popen(
                [sys.executable, "-m", "ohmstead", role],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self._variables(OHMSTEAD_HEALTH_PORT=str(self._health[role])),
                preexec_fn=lambda: as_child(SERVER_CORE),
            )
        deadline = time.monotonic() + _READY_S
        while not self._ready(role):
            if self._roles[role].poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the {role} did not get ready; see {self.folder / f'{role}.log'}")
            time.sleep(0.05)

    def stop(self, role: str) -> None:
        process = self._roles.pop(role)
        process.send_signal(signal.SIGCONT)
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def pause(self, role: str) -> None:
        self._roles[role].send_signal(signal.SIGSTOP)

    def resume(self, role: str) -> None:
        self._roles[role].send_signal(signal.SIGCONT)

    def pid(self, role: str) -> int:
        return self._roles[role].pid

    def processes(self) -> dict[str, int]:
        """Everything that runs, by name: PostgreSQL with its whole tree, NATS, the roles."""
        assert self.postgres.pid is not None
        assert self.nats.pid is not None
        roles = {role: process.pid for role, process in self._roles.items()}
        return {"postgres": self.postgres.pid, "nats": self.nats.pid, **roles}

    def query(self, statement: str) -> list[tuple]:
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            return connection.execute(statement).fetchall()

    def pass_over(self) -> None:
        """Put the worker's cursors at the end of the journal: what other rows left there is not its work."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            ends = dict(connection.execute("SELECT stream, max(seq) FROM journal.entry GROUP BY stream").fetchall())
            save_cursors(connection, "worker", range(SHARDS), ends)

    def wait_folded(self, timeout_s: float = 120.0) -> None:
        """Until the worker has read everything."""
        deadline = time.monotonic() + timeout_s
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            while (left := lag(connection, "worker").entries) > 0:
                if time.monotonic() > deadline:
                    raise RuntimeError(f"the worker still lags {left} entries after {timeout_s:.0f} s")
                time.sleep(0.05)

    def _ready(self, role: str) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self._health[role]}/readyz", timeout=1) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    def _child(self, *arguments: str) -> None:
        subprocess.run([sys.executable, *arguments], check=True, env=self._variables(), stdout=subprocess.DEVNULL)

    def said_by(self, *arguments: str) -> str:
        """What a measured child that knows the database prints; it runs on the server's core."""
        done = subprocess.run(
            [sys.executable, *arguments],
            check=True,
            env=self._variables(),
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=lambda: as_child(SERVER_CORE),
        )
        return done.stdout

    def _variables(self, **more: str) -> dict[str, str]:
        return {
            **os.environ,
            "DATABASE_URL": self.database_url,
            "OHMSTEAD_NATS_URL": self.nats.url,
            "OHMSTEAD_SECRET_KEY": self._secret,
            "OHMSTEAD_DATA": str(self.folder),
            "OHMSTEAD_OCPP_PORT": str(self.ports["ws"]),
            "OHMSTEAD_OCPPS_PORT": str(self.ports["wss"]),
            "OHMSTEAD_WEB_PORT": str(self.ports["web"]),
            "OHMSTEAD_GATEWAY_NAME": "bench",
            "OHMSTEAD_DEFAULT_ORGANISATION": "bench",
            "DJANGO_SETTINGS_MODULE": "ohmstead.run.settings",
            **more,
        }


def _kept_secret(path: Path) -> str:
    """Passwords and browser sessions of a kept folder were made with it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.write_text(secrets.token_hex(32))
    return path.read_text()
