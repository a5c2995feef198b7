"""`ohmstead up`: the whole system on one machine, started in order, watched, and stopped in order."""

import asyncio
import contextlib
import json
import os
import secrets
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any, Final

from ohmstead.run.children import Child
from ohmstead.run.data_folder import CannotStart, DataFolder
from ohmstead.run.embedded.nats import EmbeddedNats, NatsDidNotStart
from ohmstead.run.embedded.postgres import EmbeddedPostgres, PostgresDidNotStart
from ohmstead.run.guardian import fact, stop_leftovers
from ohmstead.run.ports import free_port, require_free

DATABASE: Final = "ohmstead"
_ROLES: Final = ("gateway", "desk", "worker", "web")
_STOP_ORDER: Final = ("simulator", "gateway", "web", "worker", "desk")  # the gateway drains while others can answer
_READY_S: Final = 60.0
_SERVERS_CHECK_S: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the person at the terminal asked for."""

    folder: DataFolder
    demo: bool
    host: str
    web_port: int
    ocpp_port: int
    ocpps_port: int
    nats_port: int
    speed: float
    say: Callable[[str], None]


def run(wish: Wish) -> None:
    """Returns after Ctrl-C or SIGTERM, with every process gone. Raises CannotStart."""
    with wish.folder.held():
        stop_leftovers(wish.folder)
        require_free(wish.host, wish.web_port, "--port")
        for port, option in ((wish.ocpp_port, "--ocpp-port"), (wish.ocpps_port, "--ocpps-port")):
            if port:
                require_free(wish.host, port, option)
        require_free("127.0.0.1", wish.nats_port, "--nats-port")
        asyncio.run(Supervisor(wish).run())


class Supervisor:
    def __init__(self, wish: Wish) -> None:
        self.wish = wish
        self.folder = wish.folder
        self.postgres = EmbeddedPostgres(self.folder.postgres)
        self.nats = EmbeddedNats(self.folder.path / "nats", wish.nats_port)
        self.children: dict[str, Child] = {}
        self.health: dict[str, int] = {}
        self.first_words: dict[str, Any] = {}
        self._stop = asyncio.Event()

    async def run(self) -> None:
        began = time.monotonic()
        self._listen_to_signals()
        async with self._guardian(), self._servers():
            try:
                await self._until_stopped(began)
            finally:
                await self._stop_children()

    async def _until_stopped(self, began: float) -> None:
        stop = asyncio.create_task(self._stop.wait())
        tasks: list[asyncio.Task[Any]] = [stop, asyncio.create_task(self._bring_up())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            if tasks[1].done():
                tasks[1].result()
                self._greet(time.monotonic() - began)
                tasks.append(asyncio.create_task(self._watch_servers()))
                if self.wish.demo:
                    tasks.append(asyncio.create_task(self._write_history()))
                await stop
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _listen_to_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._asked_to_stop)

    def _asked_to_stop(self) -> None:
        if self._stop.is_set():
            for child in self.children.values():
                child.kill()
            return
        self._stop.set()
        self.wish.say("Stopping ...")

    @contextlib.asynccontextmanager
    async def _guardian(self) -> AsyncIterator[None]:
        """A process that cleans up behind us should we be killed."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "ohmstead.run.guardian",
            str(self.folder.path),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
        assert process.stdin is not None
        try:
            yield
        finally:
            self.folder.running.unlink(missing_ok=True)
            with contextlib.suppress(ConnectionError):
                process.stdin.write(b"done\n")
                await process.stdin.drain()
            process.stdin.close()
            await process.wait()

    @contextlib.asynccontextmanager
    async def _servers(self) -> AsyncIterator[None]:
        try:
            starts = [asyncio.to_thread(server.start) for server in (self.postgres, self.nats)]
            # Both must have come to an end before one of them is stopped again.
            for failed in await asyncio.gather(*starts, return_exceptions=True):
                if isinstance(failed, BaseException):
                    raise failed
            await asyncio.to_thread(self.postgres.ensure_database, DATABASE)
            self._note()
            yield
        except (PostgresDidNotStart, NatsDidNotStart) as failed:
            raise CannotStart(str(failed)) from failed
        finally:
            await asyncio.to_thread(self.nats.stop)
            await asyncio.to_thread(self.postgres.stop)

    def _note(self) -> None:
        """Write down what runs, so that it can be found and cleaned up."""
        self.folder.write_running(
            {
                "supervisor": fact(os.getpid()),
                "database_url": self.postgres.url(DATABASE),
                "nats_url": self.nats.url,
                "postgres": fact(self.postgres.pid),
                "nats": fact(self.nats.pid),
                "children": {name: fact(child.pid) for name, child in self.children.items()},
                "health": self.health,
                "host": self.wish.host,
                "web_port": self.wish.web_port,
                "ocpp_port": self.wish.ocpp_port,
                "ocpps_port": self.wish.ocpps_port,
                "demo": self.wish.demo,
                "organisation": self._organisation,
            }
        )

    @property
    def _organisation(self) -> str:
        """Whose stations need not name their organisation."""
        return os.environ.get("OHMSTEAD_DEFAULT_ORGANISATION", "demo" if self.wish.demo else "")

    def _variables(self, **more: str) -> dict[str, str]:
        wish = self.wish
        hosts = os.environ.get("OHMSTEAD_ALLOWED_HOSTS", f"127.0.0.1,localhost,[::1],{wish.host}")
        return {
            **os.environ,
            "DATABASE_URL": self.postgres.url(DATABASE),
            "OHMSTEAD_NATS_URL": self.nats.url,
            "OHMSTEAD_SECRET_KEY": self.folder.secret_key(),
            "OHMSTEAD_DATA": str(self.folder.path),
            "OHMSTEAD_DEMO": "1" if wish.demo else "0",
            "OHMSTEAD_HOST": wish.host,
            "OHMSTEAD_WEB_PORT": str(wish.web_port),
            "OHMSTEAD_OCPP_PORT": str(wish.ocpp_port),
            "OHMSTEAD_OCPPS_PORT": str(wish.ocpps_port),
            "OHMSTEAD_ALLOWED_HOSTS": "*" if wish.host in ("0.0.0.0", "::") else hosts,
            "OHMSTEAD_GATEWAY_NAME": "gateway-1",
            "OHMSTEAD_DEFAULT_ORGANISATION": self._organisation,
            "DJANGO_SETTINGS_MODULE": "ohmstead.run.settings",
            **more,
        }

    async def _bring_up(self) -> None:
        self.first_words = await self._prepare()
        if self.first_words.get("shown_once"):  # at once: it is kept nowhere, and the start may be cut short
            self.wish.say(
                "\n".join(f"Sign in as {e['email']} with {e['password']}" for e in self.first_words["logins"])
            )
        await asyncio.gather(*(self._start_role(role) for role in _ROLES))
        self._note()
        await asyncio.gather(*(self._ready(role) for role in _ROLES))
        if self.wish.demo:
            # Another seed each time: the same drivers again would meet their own sessions of before.
            words = ("simulate", "--speed", str(self.wish.speed), "--seed", str(secrets.randbelow(10**6)))
            await self._start("simulator", words, self._variables())
            self._note()

    async def _prepare(self) -> dict[str, Any]:
        """Bring the database to this version's shape; what is worth telling the person comes back."""
        status, out, last = await self._once("prepare")
        if status:
            raise CannotStart(f"The database could not be prepared: {last}")
        found: dict[str, Any] = json.loads(out.splitlines()[-1])
        return found

    async def _write_history(self) -> None:
        """The demo's past takes longer than one wants to wait for a console."""
        status, _, last = await self._once("history")
        if status:
            self.wish.say(f"The demo's history could not be written: {last}")

    async def _once(self, name: str) -> tuple[int, bytes, str]:
        """Run a command to its end: exit status, what it printed, and the last line of its log."""
        log = self.folder.logs / f"{name}.log"
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "ohmstead",
            name,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=log.open("wb"),
            env=self._variables(),
            start_new_session=True,
        )
        try:
            out, _ = await process.communicate()
        except asyncio.CancelledError:
            process.kill()
            await process.wait()
            raise
        last = (log.read_text(errors="replace").strip().splitlines() or ["no reason given"])[-1]
        return process.returncode or 0, out, f"{last} (all of it in {log})."

    async def _start_role(self, role: str) -> None:
        self.health[role] = free_port()
        await self._start(role, (role,), self._variables(OHMSTEAD_HEALTH_PORT=str(self.health[role])))

    async def _start(self, name: str, arguments: tuple[str, ...], variables: dict[str, str]) -> None:
        child = Child(name, arguments, variables, self.folder.logs / f"{name}.log", self._tell)
        self.children[name] = child
        await child.start()

    def _tell(self, sentence: str) -> None:
        self.wish.say(sentence)
        asyncio.get_running_loop().call_later(2.0, self._note)

    async def _ready(self, role: str) -> None:
        """Wait until a role says it has all it needs, and listens where it should."""
        listens = {"web": self.wish.web_port, "gateway": self.wish.ocpp_port or self.wish.ocpps_port}.get(role)
        deadline = time.monotonic() + _READY_S
        while not (await _answers_ready(self.health[role]) and (not listens or await _accepts(listens))):
            child = self.children[role]
            if child.restarts >= 2 or time.monotonic() > deadline:
                last = (child.log.read_text(errors="replace").strip().splitlines() or ["it said nothing"])[-1]
                raise CannotStart(f"The {role} does not start: {last} (all of it in {child.log}).")
            await asyncio.sleep(0.05)

    def _greet(self, took_s: float) -> None:
        from ohmstead.run.greeting import greeting

        self.wish.say(greeting(self.wish, self.first_words, took_s))

    async def _watch_servers(self) -> None:
        """Start PostgreSQL and NATS again when they die; the roles reconnect by themselves."""
        while True:
            await asyncio.sleep(_SERVERS_CHECK_S)
            if self.postgres.pid is None:
                self.wish.say("PostgreSQL ended; starting it again.")
                with contextlib.suppress(PostgresDidNotStart):
                    await asyncio.to_thread(self.postgres.start)
            if self.nats.pid is None:
                self.wish.say("NATS ended; starting it again.")
                with contextlib.suppress(NatsDidNotStart):
                    await asyncio.to_thread(self.nats.start)
            self._note()

    async def _stop_children(self) -> None:
        for name in _STOP_ORDER:
            if name in self.children:
                await self.children[name].stop()


async def _answers_ready(port: int) -> bool:
    try:
        async with asyncio.timeout(1.0):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET /readyz HTTP/1.1\r\n\r\n")
            answer = await reader.read(32)
            writer.close()
            return b" 200 " in answer
    except (OSError, TimeoutError):
        return False


async def _accepts(port: int) -> bool:
    try:
        async with asyncio.timeout(1.0):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return True
    except (OSError, TimeoutError):
        return False
