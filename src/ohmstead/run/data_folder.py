"""The data folder of `ohmstead up`: ours alone, used by one instance at a time."""

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

LAYOUT: Final = 1  # rises when an older release could no longer read the folder


class CannotStart(RuntimeError):
    """The message is one sentence for the person at the terminal."""


@dataclass(frozen=True, slots=True)
class DataFolder:
    path: Path

    @property
    def marker(self) -> Path:
        return self.path / "ohmstead.json"

    @property
    def running(self) -> Path:
        """What a running instance says of itself, for the other commands and for what must be cleaned up."""
        return self.path / "running.json"

    @property
    def postgres(self) -> Path:
        return self.path / "postgres"

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    def prepare(self) -> None:
        """Create the folder or make sure that it is ours and whole."""
        self.prove_ours()
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self.logs.mkdir(exist_ok=True)
            if not self.marker.exists():
                self.marker.write_text(json.dumps({"ohmstead": "data folder", "layout": LAYOUT}) + "\n")
            (self.path / "lock").touch()
        except OSError as refused:
            raise CannotStart(
                f"{self.path} cannot be written ({refused.strerror}): choose another with --data."
            ) from None
        self._check_layout()
        self._check_postgres()

    def prove_ours(self) -> None:
        """Raise CannotStart unless the folder is absent, empty or one that we made."""
        if self.path.exists() and not self.path.is_dir():
            raise CannotStart(f"{self.path} is a file: choose a folder with --data.")
        if self.path.is_dir() and any(self.path.iterdir()) and not self.marker.exists():
            raise CannotStart(
                f"{self.path} holds other files and is no data folder of Ohmstead: choose another (--data)."
            )

    def _check_layout(self) -> None:
        try:
            layout = json.loads(self.marker.read_text())["layout"]
        except (ValueError, KeyError, TypeError, OSError):
            raise CannotStart(
                f"{self.marker} is damaged: restore it from a backup or start anew with --reset."
            ) from None
        if layout != LAYOUT:
            raise CannotStart(f"{self.path} was written by another release (layout {layout}, this one reads {LAYOUT}).")

    def _check_postgres(self) -> None:
        from ohmstead.run.embedded.postgres import MAJOR_VERSION

        if not self.postgres.exists() or not any(self.postgres.iterdir()):
            return
        version = self.postgres / "PG_VERSION"
        damaged = f"The database in {self.postgres} is damaged: restore a backup or start anew with --reset."
        if not version.is_file() or not (self.postgres / "global" / "pg_control").is_file():
            raise CannotStart(damaged)
        written_by = version.read_text().strip()
        if not written_by.isdigit():
            raise CannotStart(damaged)
        if int(written_by) != MAJOR_VERSION:
            raise CannotStart(
                f"The database in {self.postgres} was written by PostgreSQL {written_by}, this release runs "
                f"{MAJOR_VERSION}: dump it with the old release and load it into a new data folder."
            )

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder against a second instance; the lock goes with the process, however it ends."""
        with (self.path / "lock").open() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                holder = self.read_running().get("supervisor", {}).get("pid", "unknown")
                raise CannotStart(
                    f"Ohmstead already runs on {self.path} (process {holder}): stop it or choose another with --data."
                ) from None
            yield

    def wipe(self) -> None:
        """Delete everything in the folder but its marker and the lock that is held on it."""
        for child in self.path.iterdir():
            if child.name in ("lock", self.marker.name):
                continue
            if child.is_dir() and not child.is_symlink():
                shutil.rmtree(child)
            else:
                child.unlink()

    def secret_key(self) -> str:
        """The instance's secret, made at first use; readable by its owner only."""
        path = self.path / "secret-key"
        if not path.exists():
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(48))
        return path.read_text().strip()

    def read_running(self) -> dict[str, Any]:
        try:
            found = json.loads(self.running.read_text())
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def write_running(self, facts: dict[str, Any]) -> None:
        beside = self.running.with_suffix(".new")
        beside.unlink(missing_ok=True)
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:  # it tells secrets
            file.write(json.dumps(facts, indent=1) + "\n")
        beside.replace(self.running)
