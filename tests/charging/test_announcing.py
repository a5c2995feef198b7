"""What becomes of sessions is told to whoever listens, however often and in whatever order it is folded."""

import pytest

from tests.integration.listener import listen
from tests.integration.listener import told as events

from .conftest import tell_batch


@pytest.fixture
def listened(organisation):
    return listen(organisation)


def kinds():
    return [kind for kind, _ in events()]


def test_a_session_starts_goes_on_and_ends(voice, told, listened):
    told(voice.start(0, 0), voice.meter(10, 1500, power_w=9000.0), voice.stop(60, 7250))
    assert kinds() == ["session.started", "session.updated", "session.ended"]
    (_, started), (_, updated), (_, ended) = events()
    assert (started["station"], started["state"], started["token_uid"]) == ("CS-1", "running", "CARD1")
    assert (updated["energy_wh"], updated["power_w"]) == ("1500.000", 9000.0)
    assert (ended["energy_wh"], ended["state"]) == ("7250.000", "ended")


def test_the_meter_is_told_once_a_minute(voice, told, listened):
    told(voice.start(0, 0), *[voice.meter(10 + second / 60, 1500 + second) for second in range(0, 50, 10)])
    assert kinds() == ["session.started", "session.updated"]


def test_what_is_folded_again_is_not_told_again(voice, told, listened):
    said = [voice.start(0, 0), voice.stop(60, 7250)]
    told(*said, *said)
    assert kinds() == ["session.started", "session.ended"]


def test_a_late_word_that_changes_the_result_is_told(voice, told, listened):
    told(voice.start(0, 0), voice.start(30, 5000, tx="2", token="CARD2"), voice.stop(20, 4000))
    ended = [data["energy_wh"] for kind, data in events() if kind == "session.ended"]
    assert ended[-1] == "4000.000"


def test_a_session_of_one_batch_started_and_ended(voice, listened):
    tell_batch([voice.start(0, 0), voice.stop(60, 7250)])
    assert kinds() == ["session.started", "session.ended"]


def test_a_neighbours_session_is_not_told(voice, told, database):
    from ohmstead.access.models import Organisation

    listen(Organisation.objects.create(slug="vale", name="Vale Power"))
    told(voice.start(0, 0))
    assert events() == []


def test_without_a_listener_a_batch_costs_no_statement_more(voice, told):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from ohmstead.integration.listeners import memory

    memory.forget()
    memory.wanted()
    with CaptureQueriesContext(connection) as seen:
        told(voice.start(0, 0), voice.stop(60, 7250))
    assert not [each["sql"] for each in seen if "integration_" in each["sql"]]
