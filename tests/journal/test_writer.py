"""Group commit: in order, once, and never answered before it is stored."""

from datetime import UTC, datetime, timedelta

import pytest

from ohmstead.journal import reader, rows
from ohmstead.journal.entry import SHARDS, EntryKind
from ohmstead.journal.writer import JournalWriter
from ohmstead.wire.dialect import Dialect
from tests.journal.lines import Answers, Line, until

ALL = range(SHARDS)


async def test_what_was_appended_is_read_back_whole_and_in_order(writer, connection):
    answers, line = Answers(), Line()
    at = datetime.now(UTC)
    for number in range(100):
        line.say(writer, b"frame %d" % number, b"reply %d" % number, answers, at)
    await writer.flush()

    entries = reader.read(connection, {writer.stream: 0}, ALL, 1000)
    assert [entry.seq for entry in entries] == list(range(1, 101))
    assert [entry.frame for entry in entries] == [b"frame %d" % number for number in range(100)]
    assert answers.replies == [b"reply %d" % number for number in range(100)]
    first = entries[0]
    assert (first.station_id, first.epoch, first.quirks) == (line.station_id, 1, 5)
    assert (first.kind, first.dialect, first.action) == (EntryKind.RECEIVED, Dialect.V16, "Heartbeat")
    assert abs(first.at - at) < timedelta(microseconds=2)


async def test_a_missing_frame_or_reply_is_null(writer, connection):
    line = Line()
    writer.append(rows.head(EntryKind.ANSWERED, None), line.packed(writer), _today_us(), None, None, None)
    await writer.flush()
    (entry,) = reader.read(connection, {writer.stream: 0}, ALL, 10)
    assert (entry.action, entry.frame, entry.reply) == (None, None, None)


async def test_s7_an_answer_leaves_only_after_its_entry_is_committed(writer, connection):
    seen: list[int] = []

    class Checking:
        def committed(self, reply: bytes | None) -> None:
            seen.append(len(reader.read(connection, {writer.stream: 0}, ALL, 1000)))

    line = Line()
    for _ in range(3):
        line.say(writer, b"x", b"y", Checking())
        await writer.flush()
    assert seen == [1, 2, 3]


async def test_everything_that_waits_shares_a_commit(writer):
    line = Line()
    for _ in range(1000):
        line.say(writer, b"x")
    await writer.flush()
    assert writer.counts.rows == 1000
    assert writer.counts.batches <= 3


async def test_a_full_queue_says_so_and_has_room_again_after_the_commit(database):
    writer = JournalWriter(database, "small", most_rows=10)
    await writer.start()
    room: list[bool] = []
    writer.on_room = lambda: room.append(writer.full)
    line = Line()
    for _ in range(10):
        line.say(writer, b"x")
    assert writer.full
    await writer.flush()
    await until(lambda: bool(room))
    assert room == [False]
    await writer.stop()


async def test_an_answer_given_twice_waits_for_the_entry_it_repeats(writer):
    answers, line = Answers(), Line()
    line.say(writer, b"x", b"first", answers)
    writer.follow(answers, b"again")
    assert answers.replies == []
    await writer.flush()
    await until(lambda: len(answers.replies) == 2)
    writer.follow(answers, b"nothing waits")
    assert answers.replies == [b"first", b"again", b"nothing waits"]


async def test_one_waiter_that_fails_does_not_hold_up_the_others(writer):
    class Broken:
        def committed(self, reply: bytes | None) -> None:
            raise RuntimeError("socket gone")

    answers, line = Answers(), Line()
    line.say(writer, b"x", b"1", Broken())
    line.say(writer, b"x", b"2", answers)
    await writer.flush()
    await until(lambda: answers.replies == [b"2"])


async def test_a_refused_batch_waits_unanswered_and_is_stored_when_the_cause_is_gone(writer, connection):
    """As with a full disk: PostgreSQL is there, but takes nothing."""
    answers, line = Answers(), Line()
    connection.execute("ALTER TABLE journal.entry ADD CONSTRAINT disk_full CHECK (seq < 0) NOT VALID")
    try:
        line.say(writer, b"x", b"y", answers)
        await until(lambda: writer.counts.refusals >= 2)
        assert answers.replies == []
        assert "disk_full" in (writer.trouble or "")
    finally:
        connection.execute("ALTER TABLE journal.entry DROP CONSTRAINT disk_full")
    await writer.flush()
    await until(lambda: answers.replies == [b"y"])
    assert writer.trouble is None
    assert [entry.seq for entry in reader.read(connection, {writer.stream: 0}, ALL, 10)] == [1]


async def test_a_missing_day_is_made_when_an_entry_needs_it(writer, connection):
    (name,) = connection.execute("SELECT 'entry_' || to_char(now() AT TIME ZONE 'UTC', 'YYYYMMDD')").fetchone()
    connection.execute(f"DROP TABLE journal.{name}")
    answers = Answers()
    Line().say(writer, b"x", b"y", answers)
    await until(lambda: answers.replies == [b"y"])


async def test_two_writers_write_two_streams(writer, database, connection):
    other = JournalWriter(database, "gateway-other")
    await other.start()
    Line().say(writer, b"mine")
    Line().say(other, b"theirs")
    await writer.flush()
    await other.flush()
    assert writer.stream != other.stream
    assert [e.frame for e in reader.read(connection, {other.stream: 0}, ALL, 10)] == [b"theirs"]
    await other.stop()


async def test_a_stopped_writer_closes_its_stream(database, connection):
    writer = JournalWriter(database, "leaving")
    await writer.start()
    Line().say(writer, b"last words")
    await writer.stop()
    assert reader.open_streams(connection)[writer.stream] == 1


async def test_the_stream_of_a_dead_process_is_closed_by_the_next_one(database, connection):
    dead = JournalWriter(database, "dies")
    await dead.start()
    Line().say(dead, b"x")
    await dead.flush()
    await dead._session.connection.close()  # the process is gone: no farewell
    dead._pipe.close()
    dead._upkeep_timer.cancel()
    await until(lambda: _locks(connection) == 0)
    following = JournalWriter(database, "next")
    await following.start()
    assert reader.open_streams(connection)[dead.stream] == 1
    assert reader.open_streams(connection)[following.stream] is None
    await following.stop()


def _today_us() -> int:
    return rows.postgres_us(datetime.now(UTC))


@pytest.mark.parametrize("name", ["A\x00B", "x" * 500, "\ud800", "", None])
async def test_any_action_text_can_be_stored(writer, connection, name):
    writer.append(rows.head(EntryKind.UNREADABLE, name), Line().packed(writer), _today_us(), b"\x00\xff", b"", None)
    await writer.flush()
    (entry,) = reader.read(connection, {writer.stream: 0}, ALL, 10)
    assert entry.frame == b"\x00\xff"
    assert (entry.action is None) == (name is None)


def _locks(connection) -> int:
    query = """SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
               WHERE locktype = 'advisory' AND d.datname = current_database()"""
    return connection.execute(query).fetchone()[0]
