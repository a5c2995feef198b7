"""Who may charge: one table of the business."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from ohmstead.charging.rules.authorise import decision
from ohmstead.charging.rules.authorise_facts import (
    ANYWHERE,
    Asked,
    GroupRights,
    Held,
    KnownToken,
    Origin,
    Place,
    RoamingAnswer,
    RunningSession,
    StoppedSession,
    Used,
)
from ohmstead.charging.rules.reasons import SENTENCES, Reason
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


STAFF, RESIDENTS = UUID(int=11), UUID(int=12)
CARD = KnownToken("CARD1", "valid")
ADA = KnownToken("CARD1", "valid", groups=(GroupRights("Staff", frozenset({STAFF})),))


@dataclass
class Case:
    reason: str
    token: KnownToken | None = CARD
    place: Place = ANYWHERE
    purpose: str = "start"
    evse: int | None = 1
    origin: Origin = Origin.STATION
    running: tuple[RunningSession, ...] = ()
    roaming: RoamingAnswer | None = None


def limited(**limits):
    return GroupRights("Staff", frozenset({STAFF}), **limits)


def carried(*groups, **used):
    return KnownToken("CARD1", "valid", groups=groups, used=Used(**used))


def held(*uids, evse: int | None = 1):
    return Held(evse, frozenset(uids), NOON + timedelta(minutes=20))


CASES = {
    "not activated": Case("not_activated", KnownToken("CARD1", "ordered")),
    "blocked says why": Case("blocked", KnownToken("CARD1", "blocked", blocked_because="lost")),
    "private site": Case("wrong_site", CARD, Place(groups=frozenset({STAFF}))),
    "private site, other group": Case("wrong_site", ADA, Place(groups=frozenset({RESIDENTS}))),
    "private site, own group": Case("valid", ADA, Place(groups=frozenset({STAFF}))),
    "private, for the organisation's own": Case("valid", CARD, Place(private=True)),
    "private, no guests": Case("private_site", KnownToken("CARD1", "valid", guest=True), Place(private=True)),
    "private, no partners": Case(
        "private_site", None, Place(private=True), roaming=RoamingAnswer(True, "Best Roaming")
    ),
    "closed": Case("site_closed", ADA, Place(open=False)),
    "closed, but a stop is judged by the token": Case("valid", ADA, Place(open=False), purpose="stop"),
    "everybody charges here": Case("free_vend", None, Place(free_vend=True)),
    "everybody, also the expired": Case("free_vend", KnownToken("CARD1", "expired"), Place(free_vend=True)),
    "everybody but the blocked": Case("blocked", KnownToken("CARD1", "blocked"), Place(free_vend=True)),
    "everybody, but not when it is closed": Case("site_closed", None, Place(free_vend=True, open=False)),
    "the app at a station that is away": Case("station_away", place=Place(online=False), origin=Origin.APP),
    "a station that asks is there": Case("valid", place=Place(online=False)),
    "the app at a faulted plug": Case("plug_out_of_service", place=Place(evses={1: "faulted"}), origin=Origin.APP),
    "a station knows its plugs": Case("valid", place=Place(evses={1: "faulted"})),
    "reserved for another": Case("reserved", place=Place(held=(held("CARD2"),))),
    "reserved for me": Case("valid", place=Place(held=(held("CARD1"),))),
    "reserved for my group": Case(
        "valid", KnownToken("CARD1", "valid", parent_uid="g1"), Place(held=(held("CARD2", "G1"),))
    ),
    "the other plug is reserved": Case("valid", place=Place(held=(held("CARD2", evse=2),))),
    "the whole station is reserved": Case("reserved", place=Place(held=(held("CARD2", evse=None),)), evse=2),
    "the last free plug is reserved": Case(
        "reserved",
        place=Place(evses={1: "available", 2: "charging"}, held=(held("CARD2"),)),
        purpose="authorise",
        evse=None,
    ),
    "another plug is free": Case(
        "valid",
        place=Place(evses={1: "available", 2: "available"}, held=(held("CARD2"),)),
        purpose="authorise",
        evse=None,
    ),
    "no means of payment": Case("no_payment", KnownToken("CARD1", "valid", may_pay=False)),
    "nothing to pay": Case("free_vend", None, Place(free_vend=True)),
    "energy used up": Case("energy_limit", carried(limited(energy_wh=Decimal(100)), energy_wh=Decimal(100))),
    "energy left": Case("valid", carried(limited(energy_wh=Decimal(100)), energy_wh=Decimal(99))),
    "money used up": Case("money_limit", carried(limited(money=Decimal(50)), money=Decimal("50.01"))),
    "sessions used up": Case("sessions_limit", carried(limited(sessions=3), sessions=3)),
    "time used up": Case("time_limit", carried(limited(minutes=60), minutes=61)),
    "two at once": Case("at_once_limit", carried(limited(at_once=1), running=(RunningSession(THERE, "9", 1),))),
    "a repeated start is not a second one": Case(
        "valid", carried(limited(at_once=1), running=(RunningSession(HERE, "1", 1),))
    ),
    "two at once are asked of a start only": Case(
        "valid", carried(limited(at_once=1), running=(RunningSession(THERE, "9", 1),)), purpose="authorise"
    ),
    "another group has room": Case(
        "valid", carried(limited(sessions=3), GroupRights("Club", frozenset({RESIDENTS})), sessions=3)
    ),
    "the group with room does not open this site": Case(
        "sessions_limit",
        carried(limited(sessions=3), GroupRights("Club", frozenset({RESIDENTS})), sessions=3),
        Place(groups=frozenset({STAFF})),
    ),
    "a master pass starts nothing": Case("master_starts_nothing", KnownToken("CARD1", "valid", master=True)),
    "a master pass stops": Case("master", KnownToken("CARD1", "valid", master=True), purpose="stop"),
    "a master pass is heard of before it stops": Case(
        "master", KnownToken("CARD1", "valid", master=True), purpose="authorise"
    ),
    "a blocked master pass": Case("blocked", KnownToken("CARD1", "blocked", master=True), purpose="stop"),
    "too many tries": Case("too_often", place=Place(tries=12)),
    "some tries": Case("valid", place=Place(tries=11)),
    "a partner's customer": Case("roaming", None, roaming=RoamingAnswer(True, "Best Roaming")),
    "a partner refuses": Case("roaming_refused", None, roaming=RoamingAnswer(False, "no contract")),
    "a partner's customer at a private site": Case(
        "wrong_site", None, Place(groups=frozenset({STAFF})), roaming=RoamingAnswer(True, "Best Roaming")
    ),
    "our own card is not asked of partners": Case(
        "blocked", KnownToken("CARD1", "blocked"), roaming=RoamingAnswer(True, "Best Roaming")
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_each_answer_has_its_reason(case):
    question = Asked("CARD1", TokenKind.RFID, case.purpose, HERE, "1", case.evse, case.origin)
    found = decision(question, case.token, case.running, None, NOON, case.place, case.roaming)
    assert found.code == case.reason
    assert "{" not in found.reason + found.says
    assert found.reason.endswith(".")
    assert found.says.endswith(".")


def test_every_reason_has_sentences():
    assert set(SENTENCES) == set(Reason)


def test_a_card_in_its_session_may_stop_it_wherever_and_whenever():
    place = Place(groups=frozenset({RESIDENTS}), open=False, tries=40, held=(held("CARD2"),))
    found = decision(asked("authorise", tx=None), CARD, [RunningSession(HERE, "1", 1)], None, NOON, place)
    assert found.code == "may_stop"
