"""Our calls: every neutral command in every version, and how answers are read."""

import json
from typing import Any

import msgspec
import pytest

from ohmstead import wire
from ohmstead.station import commands as c
from ohmstead.station.commands import CommandOutcome
from ohmstead.station.events import CommandAnswered
from ohmstead.station.tokens import PresentedToken, TokenKind
from ohmstead.wire import Dialect
from ohmstead.wire.commanding import SENT
from ohmstead.wire.registry import MESSAGES
from tests.wire.ocpp_schemas import SCHEMAS

p = pytest.param
V16, V201, V21 = Dialect.V16, Dialect.V201, Dialect.V21
REQUESTS = {(schema.dialect, schema.action): schema for schema in SCHEMAS if not schema.response}
CARD = PresentedToken("04A1B2C3")
COMMANDS: list[Any] = [
    (c.StartSession(token=CARD, evse=1, remote_start_id=5),
     ("RemoteStartTransaction", {"idTag": "04A1B2C3", "connectorId": 1}),
     ("RequestStartTransaction",
      {"idToken": {"idToken": "04A1B2C3", "type": "ISO14443"}, "remoteStartId": 5, "evseId": 1})),
    (c.StartSession(token=PresentedToken("APP", TokenKind.APP), remote_start_id=5),
     ("RemoteStartTransaction", {"idTag": "APP"}),
     ("RequestStartTransaction", {"idToken": {"idToken": "APP", "type": "Central"}, "remoteStartId": 5})),
    (c.StopSession(transaction_id="77"),
     ("RemoteStopTransaction", {"transactionId": 77}), ("RequestStopTransaction", {"transactionId": "77"})),
    (c.ResetStation(), ("Reset", {"type": "Soft"}), ("Reset", {"type": "OnIdle"})),
    (c.ResetStation(immediate=True), ("Reset", {"type": "Hard"}), ("Reset", {"type": "Immediate"})),
    (c.UnlockConnector(evse=2, connector=1),
     ("UnlockConnector", {"connectorId": 2}), ("UnlockConnector", {"evseId": 2, "connectorId": 1})),
    (c.ChangeAvailability(operative=False),
     ("ChangeAvailability", {"connectorId": 0, "type": "Inoperative"}),
     ("ChangeAvailability", {"operationalStatus": "Inoperative"})),
    (c.ChangeAvailability(operative=True, evse=2),
     ("ChangeAvailability", {"connectorId": 2, "type": "Operative"}),
     ("ChangeAvailability", {"operationalStatus": "Operative", "evse": {"id": 2}})),
    (c.TriggerMessage(message="StatusNotification", evse=1),
     ("TriggerMessage", {"requestedMessage": "StatusNotification", "connectorId": 1}),
     ("TriggerMessage", {"requestedMessage": "StatusNotification", "evse": {"id": 1, "connectorId": 1}})),
    (c.TriggerMessage(message="SignChargingStationCertificate"),
     ("ExtendedTriggerMessage", {"requestedMessage": "SignChargePointCertificate"}),
     ("TriggerMessage", {"requestedMessage": "SignChargingStationCertificate"})),
    (c.ChangePassword(password="p" * 32),
     ("ChangeConfiguration", {"key": "AuthorizationKey", "value": "p" * 32}),
     ("SetVariables", {"setVariableData": [{
         "component": {"name": "SecurityCtrlr"}, "variable": {"name": "BasicAuthPassword"}, "attributeValue": "p" * 32,
     }]})),
    (c.SetSetting(name="OCPPCommCtrlr.HeartbeatInterval", value="60"),
     ("ChangeConfiguration", {"key": "OCPPCommCtrlr.HeartbeatInterval", "value": "60"}),
     ("SetVariables", {"setVariableData": [{
         "component": {"name": "OCPPCommCtrlr"}, "variable": {"name": "HeartbeatInterval"}, "attributeValue": "60",
     }]})),
    (c.GetSettings(), ("GetConfiguration", {}), ("GetBaseReport", {"requestId": 1, "reportBase": "FullInventory"})),
    (c.GetSettings(names=("A[1].B[x]",)),
     ("GetConfiguration", {"key": ["A[1].B[x]"]}),
     ("GetVariables", {"getVariableData": [{
         "component": {"name": "A", "instance": "1"}, "variable": {"name": "B", "instance": "x"},
     }]})),
    (c.RawCommand(action="ClearCache", payload={}), ("ClearCache", {}), ("ClearCache", {})),
]  # fmt: skip


@pytest.mark.parametrize("dialect", list(Dialect))
@pytest.mark.parametrize(("command", "in_16", "in_2x"), COMMANDS)
def test_a_command_becomes_a_call(dialect: Dialect, command: Any, in_16: Any, in_2x: Any):
    action, payload = in_16 if dialect is V16 else in_2x
    sent_action, frame = wire.write_command(dialect, command, message_id="c-1")
    assert (sent_action, json.loads(frame)) == (action, [2, "c-1", action, payload])
    REQUESTS[dialect, action].validator.validate(payload)


@pytest.mark.parametrize(
    ("dialect", "payload"),
    [
        p(V16, {"certificateChain": "PEM"}, id="1.6"),
        p(V201, {"certificateChain": "PEM", "certificateType": "ChargingStationCertificate"}, id="2.0.1"),
        p(V21, {"certificateChain": "PEM", "certificateType": "ChargingStationCertificate", "requestId": 3}, id="2.1"),
    ],
)
def test_a_certificate_is_delivered(dialect: Dialect, payload: dict[str, Any]):
    command = c.DeliverCertificate(chain_pem="PEM", request_id=3)
    assert json.loads(wire.write_command(dialect, command, message_id="c")[1])[3] == payload


@pytest.mark.parametrize(
    ("dialect", "command", "sentence"),
    [
        p(V16, c.StartSession(token=PresentedToken("x" * 21), remote_start_id=1), "at most 20", id="1.6 long card"),
        p(V201, c.StartSession(token=PresentedToken("x" * 37), remote_start_id=1), "at most 36", id="2.0.1 long card"),
        p(V201, c.StartSession(token=PresentedToken("x", TokenKind.VIN), remote_start_id=1), "VIN", id="2.0.1 VIN"),
        p(V16, c.StopSession(transaction_id="tx-1"), "number", id="1.6 id of 2.x"),
        p(V16, c.ResetStation(evse=1), "as a whole", id="1.6 reset of an outlet"),
        p(V16, c.TriggerMessage(message="TransactionEvent"), "TransactionEvent", id="1.6 trigger"),
        p(V201, c.TriggerMessage(message="Nothing"), "Nothing", id="2.0.1 trigger"),
        p(V16, c.DeliverCertificate(chain_pem="PEM", purpose="v2g"), "no certificate", id="1.6 v2g"),
        p(V201, c.DeliverCertificate(chain_pem="PEM", purpose="tea"), "tea", id="2.0.1 no such purpose"),
        p(V201, c.SetSetting(name="HeartbeatInterval", value="1"), "Component.Variable", id="2.0.1 key of 1.6"),
        p(V16, c.SetSetting(name="x" * 51, value="1"), "longer than 50", id="1.6 long key"),
        p(V16, c.RawCommand(action="Heartbeat", payload={}), "sent by stations", id="a call of stations"),
        p(V16, c.RawCommand(action="Nothing", payload={}), "no action", id="no call"),
        p(V16, c.RawCommand(action="Reset", payload={"type": "Medium"}), "none of the words", id="a wrong word"),
        p(V21, c.RawCommand(action="Reset", payload={}), "required", id="a field missing"),
    ],
)
def test_what_a_version_cannot_say_is_refused_with_a_sentence(dialect: Dialect, command: Any, sentence: str):
    with pytest.raises(wire.CommandNotInDialect, match=sentence):
        wire.write_command(dialect, command, message_id="c-1")


def test_the_version_2_1_starts_by_vin():
    command = c.StartSession(token=PresentedToken("WVW", TokenKind.VIN), remote_start_id=1)
    assert b'"type":"VIN"' in wire.write_command(V21, command, message_id="c")[1]


@pytest.mark.parametrize("dialect", list(Dialect))
def test_everything_that_we_may_send_has_a_neutral_command(dialect: Dialect):
    ours = {action for action, message in MESSAGES[dialect].items() if message.from_us}
    assert SENT[dialect] == ours
    rows = wire.coverage()[dialect.subprotocol]["actions"]
    assert {action: row["sent"] for action, row in rows.items() if row["sent"]} == dict.fromkeys(ours, "command")


def test_coverage_counts_every_message():
    covered = wire.coverage()
    assert {version: row["messages"] for version, row in covered.items()} == {
        "ocpp1.6": 39, "ocpp2.0.1": 64, "ocpp2.1": 91,
    }  # fmt: skip
    rows = covered["ocpp2.1"]["actions"]
    assert rows["TransactionEvent"] == {
        "direction": "station", "decoded": True, "encoded": True, "answered": True, "projected": "event",
        "asks": True, "sent": None,
    }  # fmt: skip
    assert (rows["BatterySwap"]["projected"], rows["NotifyPeriodicEventStream"]["answered"]) == ("notice", False)
    assert (rows["DataTransfer"]["direction"], rows["SetDERControl"]["sent"]) == ("both", "command")
    json.dumps(covered)


@pytest.mark.parametrize(
    ("action", "answer", "state", "reason"),
    [
        p("Reset", {"status": "Accepted"}, "accepted", "Accepted", id="accepted"),
        p("Reset", {"status": "Rejected"}, "rejected", "Rejected", id="rejected"),
        p("Reset", {"status": "Scheduled"}, "accepted", "Scheduled", id="scheduled"),
        p("ChangeConfiguration", {"status": "RebootRequired"}, "accepted", "RebootRequired", id="after a reboot"),
        p("ChangeConfiguration", {"status": "NotSupported"}, "rejected", "NotSupported", id="not supported"),
        p("UnlockConnector", {"status": "Unlocked"}, "accepted", "Unlocked", id="unlocked"),
        p("UnlockConnector", {"status": "UnlockFailed"}, "rejected", "UnlockFailed", id="not unlocked"),
        p("GetConfiguration", {"configurationKey": []}, "accepted", None, id="no word"),
        p("Reset", {"status": "Rejected", "statusInfo": {"reasonCode": "InUse", "additionalInfo": "a car"}},
          "rejected", "Rejected: InUse: a car", id="with a reason"),
        p("SetVariables",
          {"setVariableResult": [{"attributeStatus": "Accepted"}, {"attributeStatus": "UnknownVariable"}]},
          "rejected", "UnknownVariable", id="one of two"),
        p("SetVariables",
          {"setVariableResult": [{
              "attributeStatus": "Rejected", "component": {"name": "A", "evse": {"id": 2}},
              "variable": {"name": "B", "instance": "x"}, "attributeStatusInfo": {"reasonCode": "ReadOnly"},
          }]},
          "rejected", "A@2.B[x]: Rejected: ReadOnly", id="one of many, named"),
        p("GetChargingProfiles", {"status": "NoProfiles"}, "accepted", "NoProfiles", id="nothing there"),
        p("ClearChargingProfile", {"status": "Unknown"}, "rejected", "Unknown", id="nothing to clear"),
        p("GetVariables", {"getVariableResult": [{"attributeStatus": "Accepted"}]}, "accepted", "Accepted", id="all"),
    ],
)  # fmt: skip
def test_the_outcome_is_read_from_the_stations_word(action: str, answer: Any, state: str, reason: str | None):
    assert wire.read_outcome(V201, action, msgspec.json.encode(answer)) == CommandOutcome(
        state=state, reason=reason, payload=answer
    )


@pytest.mark.parametrize("payload", [b"[]", b"7", b"nothing", b'{"a":' * 100 + b"1" + b"}" * 100])
def test_an_answer_of_nonsense_is_a_failure(payload: bytes):
    assert wire.read_outcome(V16, "Reset", payload).state == "failed"


CALL = b'[2,"c-1","Reset",{"type":"Hard"}]'


@pytest.mark.parametrize(
    ("frame", "told"),
    [
        p(b'[3,"c-1",{"status":"Accepted"}]', {"payload": {"status": "Accepted"}}, id="a result"),
        p(b'[4,"c-1","NotImplemented","what?",{}]', {"error_code": "NotImplemented", "error_text": "what?"}, id="b"),
        p(None, {"error_code": "NoAnswer", "error_text": "The station did not answer in time."}, id="none"),
        p(b'[2,"c-1","Heartbeat",{}]', {"error_code": "ProtocolError", "error_text": "That is no answer."}, id="d"),
        p(b'[3,"c-1",[]]',
          {"error_code": "FormationViolation", "error_text": "The payload must be an object."}, id="a list"),
    ],
)  # fmt: skip
def test_the_journal_reads_an_answer_with_its_call(frame: bytes | None, told: dict[str, Any]):
    read = wire.events_of_answer(V16, CALL, frame)
    assert read.events == (CommandAnswered(message_id="c-1", action="Reset", **told),)


@pytest.mark.parametrize("call", [b"", b"\xff", b'[3,"1",{}]'])
def test_an_answer_to_no_call_tells_nothing(call: bytes):
    assert wire.events_of_answer(V16, call, b'[3,"1",{}]').events == ()


@pytest.mark.parametrize("dialect", list(Dialect))
def test_structs_are_written_for_the_stations_side_too(dialect: Dialect):
    heartbeat = MESSAGES[dialect]["Heartbeat"].request()
    assert wire.write_call(dialect, "Heartbeat", heartbeat, "m") == b'[2,"m","Heartbeat",{}]'
    accepted = wire.decode_response(dialect, "Reset", b'{"status":"Accepted"}')
    assert wire.write_struct_result("m", accepted) == b'[3,"m",{"status":"Accepted"}]'


def test_a_stream_of_values_is_sent_without_waiting():
    stream = MESSAGES[V21]["NotifyPeriodicEventStream"].request(
        id=1, pending=0, basetime="2026-11-22T10:00:00Z", data=[]
    )
    assert wire.write_call(V21, "NotifyPeriodicEventStream", stream, "m").startswith(b'[6,"m",')
