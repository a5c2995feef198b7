"""Decisions from the tables, as the desk asks for them."""

from datetime import timedelta

import pytest

from ohmstead.bus.messages import AuthoriseRequest
from ohmstead.kit.clock import FakeClock
from ohmstead.station.tokens import TokenKind, TokenVerdict

from .voices import NOON


@pytest.fixture
def ask(organisation, voice):
    from ohmstead.charging.authorisation import decide

    clock = FakeClock(NOON)

    def request(uid: str, purpose: str = "start", tx: str | None = None) -> AuthoriseRequest:
        return AuthoriseRequest(
            organisation_id=organisation.pk,
            station_id=voice.station_id,
            uid=uid,
            kind=TokenKind.RFID,
            purpose=purpose,
            transaction_id=tx,
        )

    def verdicts(*asked: tuple) -> list[TokenVerdict]:
        return [reply.verdict for reply in decide([request(*each) for each in asked], clock)]

    return verdicts


@pytest.fixture
def card(organisation):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.drivers.actions import create_token

    return create_token(organisation, "CARD1", by=SYSTEM)


def test_f3_tags_compare_without_case(ask, card):
    assert ask(("card1",), ("CARD1 ",), ("other",)) == ["accepted", "accepted", "unknown"]


def test_t11_a_running_session_makes_a_second_start_concurrent(ask, card, voice, told):
    told(voice.start(0, 0, tx="1"))
    assert ask(("CARD1", "start", "2"), ("CARD1", "start", "1"), ("CARD1", "stop", "1")) == [
        "concurrent_tx",
        "accepted",
        "accepted",
    ]


def test_t9_a_stop_without_a_token_frees_the_card(ask, card, voice, told):
    told(voice.start(0, 0, tx="1"), voice.stop(5, 100, tx="1", token=None))
    assert ask(("CARD1", "start", "2")) == ["accepted"]


def test_t18_a_fault_does_not_lock_the_card(ask, card, voice, told):
    from ohmstead.network.models import Evse

    told(voice.start(0, 0), voice.meter(5, 700))
    plug = Evse.objects.create(station_id=voice.station_id, number=1, state="charging")
    assert ask(("CARD1", "start", "2")) == ["concurrent_tx"]
    plug.state = "faulted"
    plug.save()
    assert ask(("CARD1", "start", "2")) == ["accepted"]


def test_a_reboot_does_not_lock_the_card(ask, card, voice, told):
    from ohmstead.station.states import PlugState

    told(voice.start(0, 0), voice.meter(5, 700), voice.boot(6), voice.plug(6.1, PlugState.AVAILABLE))
    assert ask(("CARD1", "start", "2")) == ["accepted"]


def test_t16_a_card_that_expired_during_its_session_may_still_stop_it(ask, card, voice, told):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.drivers.actions import set_validity

    told(voice.start(0, 0, tx="1"))
    set_validity(card, valid_from=None, valid_to=NOON - timedelta(minutes=1), by=SYSTEM)
    assert ask(("CARD1", "stop", "1"), ("CARD1", "start", "2")) == ["accepted", "expired"]


def test_another_organisations_token_is_unknown(ask, card, database):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.access.models import Organisation
    from ohmstead.drivers.actions import create_token

    create_token(Organisation.objects.create(slug="other", name="Other"), "CARD2", by=SYSTEM)
    assert ask(("CARD2",)) == ["unknown"]


def test_s2_a_batch_takes_as_many_statements_as_one_request(ask, card):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as one:
        ask(("CARD1", "stop", "1"))
    with CaptureQueriesContext(connection) as many:
        ask(*[(f"CARD{number}", "stop", str(number)) for number in range(200)])
    assert len(one) == len(many) == 3
