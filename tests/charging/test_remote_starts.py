"""Remote starts that a station took and that never became a charge."""

from datetime import timedelta

import pytest

from ohmstead.station.commands import StartSession
from ohmstead.station.tokens import PresentedToken
from tests.charging.voices import NOON

ASKED = NOON - timedelta(minutes=1)


@pytest.fixture
def start(voice):
    """An accepted remote start of CARD1, answered a second after it was asked."""
    from ohmstead.network import commands
    from ohmstead.network.models import Command

    command = StartSession(token=PresentedToken("card-1"), evse=1, remote_start_id=77)
    row = commands.queue(voice.station_id, command, at=ASKED)
    Command.objects.filter(pk=row.pk).update(state="accepted", ended_at=ASKED + timedelta(seconds=1))
    return row


def after(row, minutes):
    from ohmstead.charging.remote_starts import end_without_session

    end_without_session(NOON + timedelta(minutes=minutes))
    row.refresh_from_db()
    return row.state


def test_t15_an_accepted_start_that_never_begins_times_out_and_says_so(start):
    assert after(start, 3) == "accepted"
    assert after(start, 5) == "timed_out"
    assert start.reason == "The station accepted, but no charge began within 5 minutes."


def test_a_start_that_became_a_session_of_its_card_stays_accepted(start, voice, told):
    told(voice.start(0, 0))
    assert after(start, 60) == "accepted"


def test_a_rejected_start_is_left_alone(start):
    type(start).objects.filter(pk=start.pk).update(state="rejected")
    assert after(start, 60) == "rejected"
