"""Leases are shared out fairly, and shards that stand apart in the journal come together."""

import psycopg
import pytest

from ohmstead.journal.entry import SHARDS
from ohmstead.run.worker.leases import Leases
from ohmstead.run.worker.positions import Positions, Stretch


@pytest.fixture
def connect(database):
    opened = []

    def another():
        opened.append(psycopg.connect(database, autocommit=True))
        return opened[-1]

    yield another
    for connection in opened:
        connection.close()


def test_s4_several_workers_share_the_shards_evenly(connect):
    workers = [Leases(connect()) for _ in range(3)]
    for _ in range(2):
        for worker in workers:
            worker.balance()
    assert [len(worker.shards) for worker in workers] == [22, 22, 20]
    assert set.union(*(worker.shards for worker in workers)) == set(range(SHARDS))
    assert sum(len(worker.shards) for worker in workers) == SHARDS


def test_a_killed_workers_shards_are_taken_over(connect):
    doomed_connection = connect()
    doomed, survivor = Leases(doomed_connection), Leases(connect())
    doomed.balance()
    survivor.balance()
    assert len(survivor.shards) == 32
    doomed_connection.close()
    while len(survivor.shards) < SHARDS:  # the server notices the end of the connection in its own time
        survivor.balance()
    assert survivor.shards == set(range(SHARDS))


def test_balance_says_what_was_gained_and_lost(connect):
    first = Leases(connect())
    gained, lost = first.balance()
    assert (len(gained), lost) == (SHARDS, set())
    second = Leases(connect())
    gained, lost = first.balance()
    assert (gained, len(lost)) == (set(), 32)
    assert second.balance()[0] == lost


def test_shards_at_one_place_are_read_together():
    positions = Positions()
    positions.take([1, 2], {(1, 7): 10, (2, 7): 10})
    assert positions.stretches({7: None, 8: None}) == [Stretch(frozenset({1, 2}), {7: 10, 8: 0}, None)]


def test_a_closed_stream_that_was_read_is_left_alone():
    positions = Positions()
    positions.take([1], {(1, 7): 10, (1, 8): 3})
    assert positions.stretches({7: 10, 8: 5}) == [Stretch(frozenset({1}), {8: 3}, None)]
    positions.moved([1], {8: 5})
    assert positions.stretches({7: 10, 8: 5}) == []


def test_shards_that_lag_catch_up_before_anything_newer_is_read():
    positions = Positions()
    positions.take([1, 2, 3], {(1, 7): 10, (2, 7): 4, (3, 7): 4, (3, 8): 2})
    stretches = positions.stretches({7: None, 8: None})
    assert {stretch.shards: (stretch.after, stretch.cap) for stretch in stretches} == {
        frozenset({1}): ({8: 0}, {8: 2}),
        frozenset({2}): ({7: 4, 8: 0}, {7: 10, 8: 2}),
        frozenset({3}): ({7: 4}, {7: 10}),
    }
    for stretch in stretches:
        positions.moved(stretch.shards, stretch.cap)
    assert positions.stretches({7: None, 8: None}) == [Stretch(frozenset({1, 2, 3}), {7: 10, 8: 2}, None)]
