"""Cards and transactions of each version: what is asked, answered and told."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from ohmstead import wire
from ohmstead.station import events as e
from ohmstead.station.answers import Answer, Need
from ohmstead.station.states import ChargingState, StopReason
from ohmstead.station.tokens import PresentedToken, TokenKind, TokenVerdict
from ohmstead.wire import Dialect
from tests.wire.conftest import ARRIVED, answer, ask, tell

p = pytest.param
V16, V201, V21 = Dialect.V16, Dialect.V201, Dialect.V21
TEN = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
START = {"connectorId": 2, "idTag": "04A1B2C3", "meterStart": 1000, "timestamp": "2026-11-22T10:00:00Z"}
STOP = {"transactionId": 7, "meterStop": 2500, "timestamp": "2026-11-22T10:00:00Z"}


def event(dialect: Dialect, action: str, payload: object, **changes: Any) -> Any:
    (told,), _ = tell(dialect, action, payload, **changes)
    return told


def transaction(kind: str, trigger: str = "MeterValuePeriodic", **changes: Any) -> dict[str, Any]:
    return {
        "eventType": kind,
        "timestamp": "2026-11-22T10:00:00Z",
        "triggerReason": trigger,
        "seqNo": 4,
        "transactionInfo": {"transactionId": "tx-1"},
        **changes,
    }


TOKEN = {"idToken": "04A1B2C3", "type": "ISO14443"}


@pytest.mark.parametrize(
    ("verdict", "word"),
    [
        p(None, "Accepted", id="by policy"),
        p(TokenVerdict.ACCEPTED, "Accepted", id="accepted"),
        p(TokenVerdict.BLOCKED, "Blocked", id="t12 blocked"),
        p(TokenVerdict.EXPIRED, "Expired", id="t12 expired"),
        p(TokenVerdict.INVALID, "Invalid", id="invalid"),
        p(TokenVerdict.CONCURRENT_TX, "ConcurrentTx", id="t11 concurrent"),
        p(TokenVerdict.NO_CREDIT, "Invalid", id="1.6 has no word"),
        p(TokenVerdict.UNKNOWN, "Invalid", id="unknown"),
    ],
)
def test_t12_the_verdict_in_words_of_1_6(verdict: TokenVerdict | None, word: str):
    for action, payload in (("Authorize", {"idTag": "A"}), ("StartTransaction", START), ("StopTransaction", STOP)):
        given = {**payload, "idTag": "A"}
        assert answer(V16, action, given, verdict=verdict)["idTagInfo"]["status"] == word
    frame = wire.write_answer(ask(V16, "Authorize", {"idTag": "A"}), _answer(verdict), message_id="m-1")
    told = event(V16, "Authorize", {"idTag": "A"}, reply=frame)
    assert told.verdict == (TokenVerdict.INVALID if word == "Invalid" else verdict or TokenVerdict.ACCEPTED)


def _answer(verdict: TokenVerdict | None) -> Any:
    return Answer(now=ARRIVED, verdict=verdict)


@pytest.mark.parametrize("dialect", [V201, V21])
@pytest.mark.parametrize("verdict", list(TokenVerdict))
def test_every_verdict_has_a_word_in_2_x(dialect: Dialect, verdict: TokenVerdict):
    payload = transaction("Started", "Authorized", idToken=TOKEN)
    frame = wire.write_answer(ask(dialect, "TransactionEvent", payload), _answer(verdict), message_id="m-1")
    assert event(dialect, "TransactionEvent", payload, reply=frame).verdict is verdict


def test_the_answer_carries_group_and_expiry():
    known = {"verdict": TokenVerdict.ACCEPTED, "verdict_until": ARRIVED, "parent_uid": "FLEET"}
    assert answer(V16, "Authorize", {"idTag": "A"}, **known)["idTagInfo"] == {
        "status": "Accepted", "expiryDate": "2026-11-22T10:00:30.000Z", "parentIdTag": "FLEET",
    }  # fmt: skip
    assert answer(V201, "Authorize", {"idToken": TOKEN}, **known)["idTokenInfo"] == {
        "status": "Accepted", "cacheExpiryDateTime": "2026-11-22T10:00:30.000Z",
        "groupIdToken": {"idToken": "FLEET", "type": "ISO14443"},
    }  # fmt: skip
    long_group = {"verdict": TokenVerdict.ACCEPTED, "parent_uid": "G" * 40}
    assert answer(V16, "Authorize", {"idTag": "A"}, **long_group)["idTagInfo"] == {"status": "Accepted"}


def test_a_card_without_number_is_never_taken_for_granted():
    for action, payload in (("Authorize", {"idTag": ""}), ("StartTransaction", {**START, "idTag": ""})):
        asked = ask(V16, action, payload)
        assert (asked.need, asked.token) == (Need.VERDICT, PresentedToken(""))


def test_t10_a_start_is_answered_with_its_id_and_verdict():
    asked = ask(V16, "StartTransaction", START)
    assert (asked.need, asked.purpose, asked.evse) == (Need.VERDICT, "start", 2)
    answered = answer(V16, "StartTransaction", START, verdict=TokenVerdict.BLOCKED)
    assert answered == {"transactionId": int(str(asked.transaction_id)), "idTagInfo": {"status": "Blocked"}}
    assert 1 <= answered["transactionId"] < 2**31


def start_id(**changes: Any) -> str:
    said = {key: changes.pop(key) for key in ("station_id", "epoch") if key in changes}
    return str(ask(V16, "StartTransaction", {**START, **changes}, **said).transaction_id)


def test_t6_the_same_start_gets_the_same_id_on_any_connection():
    assert start_id() == start_id(epoch=99)


@pytest.mark.parametrize(
    "change",
    [{"connectorId": 1}, {"idTag": "OTHER"}, {"meterStart": 1001}, {"timestamp": "2026-11-22T10:00:01Z"}],
)
def test_t17_another_start_gets_another_id(change: dict[str, Any]):
    assert start_id(**change) != start_id()


@pytest.mark.parametrize("clock", ["1970-01-01T00:00:07Z", "", "never"])
def test_f1_without_a_clock_the_connection_tells_starts_apart(clock: str):
    assert start_id(timestamp=clock, epoch=1) == start_id(timestamp=clock, epoch=1)
    assert start_id(timestamp=clock, epoch=1) != start_id(timestamp=clock, epoch=2)


def test_a_start_tells_the_session_that_our_answer_named():
    reply = json.dumps([3, "m-1", {"transactionId": 4711, "idTagInfo": {"status": "ConcurrentTx"}}]).encode()
    assert event(V16, "StartTransaction", {**START, "reservationId": 5}, reply=reply.replace(b", ", b",")) == (
        e.TransactionStarted(
            transaction_id="4711", evse=2, at=TEN, at_as_sent="2026-11-22T10:00:00Z", register_wh=Decimal(1000),
            token=PresentedToken("04A1B2C3"), verdict=TokenVerdict.CONCURRENT_TX, reservation_id=5,
        )
    )  # fmt: skip
    assert event(V16, "StartTransaction", START).transaction_id == start_id()
    assert event(V16, "StartTransaction", {**START, "reservationId": 0}).reservation_id is None


@pytest.mark.parametrize(
    ("sent", "told", "mended"),
    [
        p(7, "7", [], id="an id that we gave"),
        p(2**31 - 1, "2147483647", [], id="the last one"),
        p(-1, None, ["transaction_id_impossible"], id="t2 minus one"),
        p(0, None, ["transaction_id_impossible"], id="nought"),
        p(2**63 - 1, None, ["transaction_id_impossible"], id="m3 2^63-1"),
        p(2**31, None, ["transaction_id_impossible"], id="2^31"),
        p("12", "12", ["number_expected"], id="a text"),
    ],
)
def test_t3_any_transaction_id_is_taken(sent: object, told: str | None, mended: list[str]):
    samples = {
        "connectorId": 1,
        "meterValue": [{"timestamp": "2026-11-22T10:00:00Z", "sampledValue": [{"value": "1"}]}],
    }
    for action, payload in (("StopTransaction", STOP), ("MeterValues", samples)):
        (event,), mends = tell(V16, action, {**payload, "transactionId": sent})
        assert (event.transaction_id, [mend.code for mend in mends]) == (told, mended)
        assert answer(V16, action, {**payload, "transactionId": sent}) == {}


def test_t9_a_stop_without_card_asks_nobody():
    asked = ask(V16, "StopTransaction", STOP)
    assert (asked.need, asked.token, asked.transaction_id) == (Need.NOTHING, None, "7")
    assert answer(V16, "StopTransaction", STOP) == {}


def test_t16_a_stop_with_a_card_asks_as_a_stop():
    asked = ask(V16, "StopTransaction", {**STOP, "idTag": "A"})
    assert (asked.need, asked.purpose, asked.transaction_id) == (Need.VERDICT, "stop", "7")


@pytest.mark.parametrize(
    ("word", "reason"),
    [(None, StopReason.DRIVER), ("EVDisconnected", StopReason.CAR_UNPLUGGED), ("PowerLoss", StopReason.POWER_LOSS),
     ("DeAuthorized", StopReason.DEAUTHORISED), ("Other", StopReason.OTHER), ("Bored", StopReason.OTHER)],
)  # fmt: skip
def test_a_stop_of_1_6_tells_its_reason(word: str | None, reason: StopReason):
    told = event(V16, "StopTransaction", {**STOP, "reason": word, "transactionData": []})
    assert (told.reason, told.reason_as_sent, told.register_wh) == (reason, word, 2500)


def test_a_register_with_decimals_is_not_cut():
    assert event(V16, "StopTransaction", {**STOP, "meterStop": 26008.333}).register_wh == Decimal("26008.333")
    assert event(V16, "StopTransaction", {**STOP, "meterStop": None}).register_wh is None


@pytest.mark.parametrize("dialect", [V201, V21])
def test_a_transaction_of_2_x_begins(dialect: Dialect):
    payload = transaction(
        "Started", "Authorized", offline=True, reservationId=3, idToken=TOKEN, evse={"id": 2, "connectorId": 1},
        transactionInfo={"transactionId": "tx-1", "chargingState": "EVConnected", "remoteStartId": 9},
        meterValue=[{"timestamp": "2026-11-22T10:00:00Z",
                     "sampledValue": [{"value": 12.5, "context": "Transaction.Begin"}]}],
    )  # fmt: skip
    told = event(dialect, "TransactionEvent", payload)
    assert isinstance(told, e.TransactionStarted)
    assert (told.transaction_id, told.evse, told.connector, told.at) == ("tx-1", 2, 1, TEN)
    assert (told.register_wh, told.seq_no, told.offline, told.remote_start_id) == (Decimal("12.5"), 4, True, 9)
    assert (told.reservation_id, told.charging_state) == (3, ChargingState.CONNECTED)
    assert told.token == PresentedToken("04A1B2C3")
    asked = ask(dialect, "TransactionEvent", payload)
    assert (asked.need, asked.purpose, asked.evse, asked.transaction_id) == (Need.VERDICT, "start", 2, "tx-1")


def test_a_transaction_may_begin_before_an_outlet_is_chosen():
    assert event(V201, "TransactionEvent", transaction("Started", "Authorized", idToken=TOKEN)).evse == 0


def test_a_transaction_of_2_x_goes_on():
    told = event(V201, "TransactionEvent", transaction("Updated", evse={"id": 1}))
    assert isinstance(told, e.TransactionUpdated)
    assert (told.trigger, told.token, told.verdict) == ("MeterValuePeriodic", None, None)
    assert answer(V201, "TransactionEvent", transaction("Updated")) == {}


@pytest.mark.parametrize(
    ("word", "reason"),
    [(None, StopReason.DRIVER), ("EVDisconnected", StopReason.CAR_UNPLUGGED), ("StoppedByEV", StopReason.CAR_FULL),
     ("GroundFault", StopReason.FAULT), ("TimeLimitReached", StopReason.LIMIT_REACHED), ("Bored", StopReason.OTHER)],
)  # fmt: skip
def test_a_transaction_of_2_x_ends(word: str | None, reason: StopReason):
    ended = transaction("Ended", "EVDeparted", transactionInfo={"transactionId": "tx-1", "stoppedReason": word})
    told = event(V201, "TransactionEvent", ended)
    assert isinstance(told, e.TransactionEnded)
    assert (told.reason, told.reason_as_sent, told.seq_no) == (reason, word, 4)


@pytest.mark.parametrize(
    ("kind", "trigger", "purpose"),
    [("Updated", "Authorized", "start"), ("Updated", "StopAuthorized", "stop"), ("Ended", "StopAuthorized", "stop"),
     ("Ended", "Authorized", "stop")],
)  # fmt: skip
def test_a_card_in_a_transaction_asks_for_what_it_is_meant(kind: str, trigger: str, purpose: str):
    assert ask(V201, "TransactionEvent", transaction(kind, trigger, idToken=TOKEN)).purpose == purpose


def test_only_a_message_of_now_shows_a_slow_clock():
    late = "2026-11-22T08:00:00Z"
    for offline, mended in ((False, ["clock_drift"]), (True, [])):
        _, mends = tell(V201, "TransactionEvent", transaction("Updated", timestamp=late, offline=offline))
        assert [mend.code for mend in mends] == mended


def test_an_event_of_no_kind_is_refused():
    with pytest.raises(wire.CallRefused) as refused:
        ask(V201, "TransactionEvent", transaction("Paused"))
    assert refused.value.code == "PropertyConstraintViolation"


@pytest.mark.parametrize(
    ("word", "kind"),
    [("ISO15693", TokenKind.RFID), ("Central", TokenKind.APP), ("eMAID", TokenKind.EMAID),
     ("MacAddress", TokenKind.MAC_ADDRESS), ("NoAuthorization", TokenKind.NO_AUTHORIZATION)],
)  # fmt: skip
def test_kinds_of_tokens(word: str, kind: TokenKind):
    assert ask(V201, "Authorize", {"idToken": {"idToken": "X", "type": word}}).token == PresentedToken("X", kind)
