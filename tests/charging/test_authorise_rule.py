"""Who may charge: one table of the business."""

from datetime import timedelta
from uuid import UUID

import pytest

from ohmstead.charging.rules.authorise import Asked, KnownToken, RunningSession, StoppedSession, decision
from ohmstead.station.tokens import TokenKind, TokenVerdict

from .voices import NOON

HERE, THERE = UUID(int=1), UUID(int=2)
DAY = timedelta(days=1)


def asked(
    purpose: str = "start", *, uid: str = "CARD1", kind: TokenKind = TokenKind.RFID, tx: str | None = "1"
) -> Asked:
    return Asked(uid, kind, purpose, HERE, tx, evse=1)


@pytest.mark.parametrize(
    ("token", "verdict"),
    [
        pytest.param(KnownToken("CARD1", "valid"), TokenVerdict.ACCEPTED, id="valid"),
        pytest.param(None, TokenVerdict.UNKNOWN, id="unknown"),
        pytest.param(KnownToken("CARD1", "blocked"), TokenVerdict.BLOCKED, id="t12 blocked is said as such"),
        pytest.param(KnownToken("CARD1", "expired"), TokenVerdict.EXPIRED, id="t12 expired is said as such"),
        pytest.param(KnownToken("CARD1", "valid", valid_to=NOON), TokenVerdict.EXPIRED, id="expires this moment"),
        pytest.param(KnownToken("CARD1", "valid", valid_to=NOON + DAY), TokenVerdict.ACCEPTED, id="still valid"),
        pytest.param(
            KnownToken("CARD1", "valid", valid_from=NOON + DAY), TokenVerdict.NOT_AT_THIS_TIME, id="not yet valid"
        ),
        pytest.param(
            KnownToken("CARD1", "blocked", valid_to=NOON - DAY), TokenVerdict.BLOCKED, id="blocked comes first"
        ),
    ],
)
@pytest.mark.parametrize("purpose", ["authorise", "start", "stop"])
def test_a_token_by_its_own_state(token, verdict, purpose):
    found = decision(asked(purpose), token, [], None, NOON)
    assert found.verdict is verdict
    assert found.reason.endswith(".")
    assert found.says.endswith(".")


@pytest.mark.parametrize(
    ("purpose", "running", "verdict"),
    [
        pytest.param("start", [RunningSession(THERE, "9")], TokenVerdict.CONCURRENT_TX, id="charging elsewhere"),
        pytest.param(
            "start", [RunningSession(HERE, "9", 2)], TokenVerdict.CONCURRENT_TX, id="charging on another plug"
        ),
        pytest.param("start", [RunningSession(HERE, "9", 1)], TokenVerdict.ACCEPTED, id="t5 the stop here was lost"),
        pytest.param(
            "start", [RunningSession(THERE, "9", 1)], TokenVerdict.CONCURRENT_TX, id="the same plug elsewhere"
        ),
        pytest.param("start", [RunningSession(HERE, "1")], TokenVerdict.ACCEPTED, id="t6 the same start repeated"),
        pytest.param("authorise", [RunningSession(THERE, "9")], TokenVerdict.ACCEPTED, id="only a start is concurrent"),
        pytest.param("stop", [RunningSession(HERE, "1")], TokenVerdict.ACCEPTED, id="a stop is never concurrent"),
    ],
)
def test_t11_one_session_at_a_time(purpose, running, verdict):
    assert decision(asked(purpose), KnownToken("CARD1", "valid"), running, None, NOON).verdict is verdict


@pytest.mark.parametrize("status", ["expired", "blocked"])
def test_t16_a_card_that_expired_during_its_session_may_stop_it(status):
    token = KnownToken("CARD1", status)
    assert decision(asked("stop"), token, [], StoppedSession("CARD1"), NOON).verdict is TokenVerdict.ACCEPTED
    running = [RunningSession(HERE, "1")]
    assert decision(asked("authorise", tx=None), token, running, None, NOON).verdict is TokenVerdict.ACCEPTED
    assert decision(asked("start", tx="2"), token, running, None, NOON).verdict is not TokenVerdict.ACCEPTED


@pytest.mark.parametrize(
    ("stopper", "stopped", "verdict"),
    [
        pytest.param(KnownToken("B", "expired", parent_uid="G"), StoppedSession("A", "G"), "accepted", id="same group"),
        pytest.param(KnownToken("G", "expired"), StoppedSession("A", "G"), "accepted", id="the parent itself"),
        pytest.param(KnownToken("B", "expired", parent_uid="A"), StoppedSession("A"), "accepted", id="child of it"),
        pytest.param(KnownToken("B", "expired", parent_uid="H"), StoppedSession("A", "G"), "expired", id="other group"),
        pytest.param(KnownToken("B", "expired"), StoppedSession("A"), "expired", id="two without a group"),
    ],
)
def test_the_group_that_started_a_session_may_stop_it(stopper, stopped, verdict):
    found = decision(asked("stop", uid=stopper.uid), stopper, [], stopped, NOON)
    assert found.verdict.value == verdict


def test_a_station_that_asks_for_no_token_is_let_charge():
    found = decision(asked(uid="", kind=TokenKind.NO_AUTHORIZATION), None, [], None, NOON)
    assert found.verdict is TokenVerdict.ACCEPTED


def test_an_acceptance_says_until_when_and_which_group():
    found = decision(asked(), KnownToken("CARD1", "valid", valid_to=NOON + DAY, parent_uid="G"), [], None, NOON)
    assert (found.until, found.parent_uid) == (NOON + DAY, "G")
