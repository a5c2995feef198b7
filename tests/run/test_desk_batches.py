"""Requests that nobody waits for any more are not worked; more than can wait are not taken."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from ohmstead.bus.messages import AuthoriseRequest, GatewaySeen
from ohmstead.kit.clock import FakeClock, SystemClock
from ohmstead.kit.ids import uuid7
from ohmstead.run.desk import batches
from ohmstead.run.desk.database import DatabaseThread
from ohmstead.station.tokens import TokenKind


class Asked:
    """A message as a handler gets it."""

    def __init__(self, request):
        self.request = request

    def decode(self, kind):
        assert isinstance(self.request, kind)
        return self.request


def word(name):
    return GatewaySeen(gateway=name, stream=1, connections=0, entries_total=0)


def card():
    return AuthoriseRequest(
        organisation_id=uuid7(), station_id=uuid7(), uid="CARD1", kind=TokenKind.RFID, purpose="authorise"
    )


@pytest.fixture
async def gathered(database_url):
    """(batches, clock, the sizes worked, the names answered)."""
    clock, sizes, answered = FakeClock(datetime(2026, 5, 4, tzinfo=UTC)), [], []

    def work(words):
        sizes.append(len(words))
        return [each.gateway for each in words]

    async def answer(message, request, name):
        answered.append(name)

    database = DatabaseThread(clock)
    yield batches.Batches(GatewaySeen, work, answer, useful_s=4, database=database, clock=clock), clock, sizes, answered
    await database.close()


async def test_what_waits_is_worked_together_up_to_a_batch(gathered):
    gathered, _, sizes, answered = gathered
    for number in range(batches.MOST_AT_ONCE + 7):
        await gathered.take(Asked(word(f"gw-{number}")))
    await answered_all(gathered)
    assert sizes == [batches.MOST_AT_ONCE, 7]
    assert answered == [f"gw-{number}" for number in range(batches.MOST_AT_ONCE + 7)]


async def test_a_late_request_is_dropped(gathered):
    gathered, clock, _, answered = gathered
    await gathered.take(Asked(word("late")))
    clock.advance(timedelta(seconds=5))
    await gathered.take(Asked(word("fresh")))
    await answered_all(gathered)
    assert answered == ["fresh"]


async def test_beyond_the_bound_nothing_is_taken(gathered):
    gathered, _, _, answered = gathered
    for number in range(batches.MOST_WAITING + 1):
        await gathered.take(Asked(word(f"gw-{number}")))
    await answered_all(gathered)
    assert len(answered) == batches.MOST_WAITING


async def answered_all(gathered):
    running = asyncio.create_task(gathered.run())
    await asyncio.sleep(0)
    gathered.close()
    await asyncio.wait_for(running, 30)


async def test_the_statements_behind_a_cards_answer_are_planned_once(database):
    from ohmstead.charging.authorisation import decide
    from ohmstead.charging.staging import rows

    desk = DatabaseThread(SystemClock())
    plans = "SELECT count(*), sum(generic_plans) / count(*), sum(custom_plans) FROM pg_prepared_statements"
    try:
        for _ in range(3):
            await desk.run(lambda: decide([card()]))
        [(statements, generic, custom)] = await desk.run(lambda: rows(plans, []))
    finally:
        await desk.close()
    assert statements >= 7
    assert (generic, custom) == (3, 0)
