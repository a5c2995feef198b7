"""Cursors, lag and a station's tail."""

from datetime import UTC, date, datetime, timedelta

import pytest

from ohmstead.journal import reader, schema
from ohmstead.journal.entry import SHARDS, EntryKind, shard_of
from ohmstead.journal.writer import JournalWriter
from ohmstead.kit.ids import uuid7
from tests.journal.lines import Line

ALL = range(SHARDS)


async def _write(writer, lines: list[Line], each: int) -> None:
    for number in range(each):
        for line in lines:
            line.say(writer, b"%d" % number)
    await writer.flush()


async def test_a_reader_goes_on_where_its_cursor_stands(writer, connection):
    await _write(writer, [Line()], 10)
    first = reader.read_page(connection, {writer.stream: 0}, ALL, 4)
    assert [entry.seq for entry in first.entries] == [1, 2, 3, 4]
    assert first.upto == {writer.stream: 4}
    rest = reader.read_page(connection, first.upto, ALL, 100)
    assert [entry.seq for entry in rest.entries] == [5, 6, 7, 8, 9, 10]
    assert reader.read_page(connection, rest.upto, ALL, 100).entries == []


async def test_a_reader_of_some_shards_passes_the_entries_of_others(writer, connection):
    mine, other = Line(), Line()
    while shard_of(other.station_id) == shard_of(mine.station_id):
        other = Line()
    await _write(writer, [mine, other], 5)
    page = reader.read_page(connection, {writer.stream: 0}, [shard_of(mine.station_id)], 100)
    assert {entry.station_id for entry in page.entries} == {mine.station_id}
    assert page.upto == {writer.stream: 10}, "the cursor passes entries of other shards"
    nothing = reader.read_page(connection, {writer.stream: 0}, [_free_shard(mine, other)], 100)
    assert (nothing.entries, nothing.upto) == ([], {writer.stream: 10})


async def test_a_stations_log_is_not_looked_for_before_what_is_known(writer, connection):
    line = Line()
    now = datetime.now(UTC)
    for ago in (timedelta(0), timedelta(minutes=1), timedelta(hours=3), timedelta(hours=20)):
        line.say(writer, b"x", at=now - ago)
    await writer.flush()

    def found(since):
        return len(reader.station_log(connection, line.station_id, since=since))

    assert found(now - timedelta(minutes=2)) == 2
    assert found(now - timedelta(hours=4)) == 3
    assert found(now - timedelta(days=400)) == found(None) == 4


async def test_cursors_are_kept_per_reader_and_never_go_back(writer, connection):
    reader.save_cursors(connection, "worker", [1, 2], {writer.stream: 7})
    reader.save_cursors(connection, "worker", [2], {writer.stream: 5})
    reader.save_cursors(connection, "other", [1], {writer.stream: 1})
    assert reader.load_cursors(connection, "worker") == {(1, writer.stream): 7, (2, writer.stream): 7}


async def test_lag_of_closed_streams_is_what_was_not_read_of_them(database, connection):
    """Every restart of a gateway leaves a stream behind."""
    for number in range(3):
        gone = JournalWriter(database, f"gone-{number}")
        await gone.start()
        await _write(gone, [Line()], 5)
        await gone.stop()
        reader.save_cursors(connection, "worker", ALL, {gone.stream: 5 if number else 2})
    assert reader.lag(connection, "worker").entries == 3
    reader.save_cursors(connection, "worker", ALL, dict.fromkeys(reader.open_streams(connection), 5))
    assert reader.lag(connection, "worker") == reader.Lag(entries=0, seconds=0.0)


async def test_lag_counts_what_was_not_read_and_its_age(writer, connection):
    await _write(writer, [Line()], 10)
    assert reader.lag(connection, "worker").entries == 10
    reader.save_cursors(connection, "worker", ALL, {writer.stream: 8})
    behind = reader.lag(connection, "worker")
    assert behind.entries == 2
    assert 0 <= behind.seconds < 60
    reader.save_cursors(connection, "worker", ALL, {writer.stream: 10})
    assert reader.lag(connection, "worker") == reader.Lag(entries=0, seconds=0.0)


async def test_a_station_s_tail_is_newest_first_and_continues(writer, connection):
    line, noise = Line(), Line()
    now = datetime.now(UTC)
    for minutes in (60 * 20, 60 * 5, 90, 10, 1, 0):
        line.say(writer, b"%d" % minutes, at=now - timedelta(minutes=minutes))
        noise.say(writer, b"noise", at=now - timedelta(minutes=minutes))
    await writer.flush()
    newest = reader.station_log(connection, line.station_id, limit=4)
    assert [entry.frame for entry in newest] == [b"0", b"1", b"10", b"90"]
    older = reader.station_log(connection, line.station_id, before=newest[-1].at, limit=10)
    assert [entry.frame for entry in older] == [b"300", b"1200"]


@pytest.mark.parametrize(
    ("how", "count"),
    [({"kinds": [EntryKind.RECEIVED]}, 3), ({"kinds": [EntryKind.SENT]}, 0), ({"action": "Heartbeat"}, 3)],
)
async def test_a_station_s_tail_can_be_narrowed(writer, connection, how, count):
    line = Line()
    await _write(writer, [line], 3)
    assert len(reader.station_log(connection, line.station_id, **how)) == count


async def test_a_station_is_found_by_the_index_that_is_made_in_the_background(writer, connection):
    line = Line()
    await _write(writer, [line, *(Line() for _ in range(40))], 100)
    await writer._session.keep_up()
    connection.execute("ANALYZE journal.entry")
    connection.execute("SET enable_seqscan = off")
    plan = "\n".join(
        row[0]
        for row in connection.execute(
            "EXPLAIN SELECT * FROM journal.entry WHERE station_id = %s AND at > now() - interval '15 minutes'",
            [line.station_id],
        )
    )
    assert "Bitmap Index Scan" in plan
    assert len(reader.station_log(connection, line.station_id, limit=1000)) == 100


async def test_old_days_are_dropped_with_the_streams_that_ended_in_them(writer, connection):
    schema.ensure_partitions(connection, datetime(2026, 1, 10, tzinfo=UTC))
    connection.execute("INSERT INTO journal.stream (gateway, closed_at) VALUES ('old', '2026-01-10')")
    dropped = schema.drop_partitions_before(connection, date(2026, 1, 12))
    assert dropped == ["entry_20260109", "entry_20260110", "entry_20260111"]
    schema.drop_partitions_before(connection, date(2026, 2, 1))
    assert list(reader.open_streams(connection)) == [writer.stream]


def test_an_unknown_station_has_an_empty_tail(connection):
    assert reader.station_log(connection, uuid7()) == []


def _free_shard(*lines: Line) -> int:
    return next(shard for shard in ALL if shard not in {shard_of(line.station_id) for line in lines})
