"""What stations of each version tell us, what they ask, and what they are answered."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from ohmstead import wire
from ohmstead.station import events as e
from ohmstead.station.answers import Admission, Need
from ohmstead.station.certificates import ContractQuestion, OcspQuestion
from ohmstead.station.states import PlugState
from ohmstead.station.tokens import TokenVerdict
from ohmstead.wire import Dialect
from ohmstead.wire.registry import MESSAGES
from tests.wire.conftest import ARRIVED, answer, ask, circumstances, tell
from tests.wire.ocpp_schemas import SCHEMAS, Schema, instances

p = pytest.param
V16, V201, V21 = Dialect.V16, Dialect.V201, Dialect.V21
TEN = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
RESPONSES = {(schema.dialect, schema.action): schema for schema in SCHEMAS if schema.response}


def event(dialect: Dialect, action: str, payload: object, **changes: Any) -> Any:
    (told,), _ = tell(dialect, action, payload, **changes)
    return told


@pytest.mark.parametrize(
    "schema", [p(s, id=s.id) for s in SCHEMAS if not s.response and MESSAGES[s.dialect][s.action].from_station]
)
def test_every_call_of_a_station_is_answered_as_the_schema_asks(schema: Schema):
    """And it tells exactly one event, whatever it says."""
    for instance in instances(schema):
        for verdict in TokenVerdict:
            if schema.action == "NotifyPeriodicEventStream":
                break  # a SEND: nobody waits for an answer
            answered = answer(schema.dialect, schema.action, instance, verdict=verdict, verdict_until=ARRIVED)
            RESPONSES[schema.dialect, schema.action].validator.validate(answered)
        (told,), _ = tell(schema.dialect, schema.action, instance)
        assert not isinstance(told, e.FrameRejected)


@pytest.mark.parametrize("dialect", [V201, V21])
def test_boot_of_2_x(dialect: Dialect):
    station = {"vendorName": "V", "model": "M", "serialNumber": "S", "firmwareVersion": "1.2", "modem": {"iccid": "89"}}
    payload = {"reason": "PowerUp", "chargingStation": station}
    assert event(dialect, "BootNotification", payload) == e.Booted(
        vendor="V", model="M", serial="S", firmware="1.2", reason="PowerUp", iccid="89"
    )
    assert ask(dialect, "BootNotification", payload).need is Need.ADMISSION


@pytest.mark.parametrize("dialect", list(Dialect))
@pytest.mark.parametrize(
    ("admission", "status"),
    [(Admission.ACCEPTED, "Accepted"), (Admission.PENDING, "Pending"), (Admission.REFUSED, "Rejected")],
)
def test_boot_is_answered_by_the_admission(dialect: Dialect, admission: Admission, status: str):
    payload: dict[str, Any] = {"chargePointVendor": "V", "chargePointModel": "M"}
    if dialect is not V16:
        payload = {"reason": "PowerUp", "chargingStation": {"vendorName": "V", "model": "M"}}
    assert answer(dialect, "BootNotification", payload, admission=admission, interval_s=60) == {
        "status": status, "currentTime": "2026-11-22T10:00:30.000Z", "interval": 60,
    }  # fmt: skip


@pytest.mark.parametrize("dialect", list(Dialect))
def test_heartbeat_gets_the_time(dialect: Dialect):
    assert event(dialect, "Heartbeat", {}) == e.Alive()
    assert answer(dialect, "Heartbeat", {}) == {"currentTime": "2026-11-22T10:00:30.000Z"}


@pytest.mark.parametrize(
    ("payload", "told"),
    [
        p({"connectorId": 0, "status": "Available", "errorCode": "NoError"},
          e.PlugStateChanged(evse=None, state=PlugState.AVAILABLE, at=ARRIVED), id="the whole station"),
        p({"connectorId": 1, "status": "SuspendedEV", "errorCode": "NoError", "timestamp": "2026-11-22T10:00:00Z"},
          e.PlugStateChanged(evse=1, state=PlugState.SUSPENDED_CAR, at=TEN), id="suspended by the car"),
        p({"connectorId": 1, "status": "SuspendedEVSE", "errorCode": "NoError"},
          e.PlugStateChanged(evse=1, state=PlugState.SUSPENDED_STATION, at=ARRIVED), id="suspended by the station"),
        p({"connectorId": 1, "status": "Faulted", "errorCode": "GroundFailure", "vendorErrorCode": "E7", "info": "wet"},
          e.PlugStateChanged(evse=1, state=PlugState.FAULTED, at=ARRIVED, error_code="GroundFailure",
                             vendor_error_code="E7", info="wet"), id="a fault"),
        p({"connectorId": 1, "status": "Occupied", "errorCode": "NoError"},
          e.PlugStateChanged(evse=1, state=PlugState.UNKNOWN, at=ARRIVED), id="a word of another version"),
    ],
)  # fmt: skip
def test_status_of_1_6(payload: dict[str, Any], told: e.AnyEvent):
    assert event(V16, "StatusNotification", payload) == told


@pytest.mark.parametrize("dialect", [V201, V21])
def test_status_of_2_x(dialect: Dialect):
    payload = {"timestamp": "2026-11-22T10:00:00Z", "connectorStatus": "Occupied", "evseId": 1, "connectorId": 2}
    assert event(dialect, "StatusNotification", payload) == e.PlugStateChanged(
        evse=1, connector=2, state=PlugState.OCCUPIED, at=TEN
    )


SIGNING = [
    p(V16, {"csr": "PEM"}, "station", None, id="1.6"),
    p(V201, {"csr": "PEM"}, "station", None, id="2.0.1"),
    p(V201, {"csr": "PEM", "certificateType": "V2GCertificate"}, "v2g", None, id="2.0.1 for cars"),
    p(V21, {"csr": "PEM", "requestId": 5}, "station", 5, id="2.1"),
]


@pytest.mark.parametrize(("dialect", "payload", "purpose", "request_id"), SIGNING)
def test_a_signing_request(dialect: Dialect, payload: dict[str, Any], purpose: str, request_id: int | None):
    assert event(dialect, "SignCertificate", payload) == e.CertificateRequested(
        csr_pem="PEM", purpose=purpose, request_id=request_id
    )
    assert answer(dialect, "SignCertificate", payload) == {"status": "Accepted"}


@pytest.mark.parametrize(
    ("dialect", "action", "payload", "told"),
    [
        p(V16, "FirmwareStatusNotification", {"status": "Installed"},
          e.FirmwareStatusChanged(status="Installed"), id="a"),
        p(V16, "SignedFirmwareStatusNotification", {"status": "Installed", "requestId": 3},
          e.FirmwareStatusChanged(status="Installed", request_id=3), id="b"),
        p(V16, "DiagnosticsStatusNotification", {"status": "Uploaded"}, e.LogStatusChanged(status="Uploaded"), id="c"),
        p(V16, "LogStatusNotification", {"status": "Uploaded", "requestId": 3},
          e.LogStatusChanged(status="Uploaded", request_id=3), id="d"),
        p(V201, "LogStatusNotification", {"status": "Uploaded"}, e.LogStatusChanged(status="Uploaded"), id="e"),
        p(V21, "FirmwareStatusNotification", {"status": "Installed", "requestId": 3},
          e.FirmwareStatusChanged(status="Installed", request_id=3), id="f"),
        p(V16, "SecurityEventNotification", {"type": "TamperDetectionActivated", "timestamp": "2026-11-22T10:00:00Z"},
          e.SecurityEventRaised(kind="TamperDetectionActivated", at=TEN), id="g"),
        p(V201, "SecurityEventNotification", {"type": "X", "timestamp": "2026-11-22T10:00:00Z", "techInfo": "door"},
          e.SecurityEventRaised(kind="X", at=TEN, info="door"), id="h"),
    ],
)  # fmt: skip
def test_upkeep_messages(dialect: Dialect, action: str, payload: dict[str, Any], told: e.AnyEvent):
    assert event(dialect, action, payload) == told


def test_what_has_no_event_of_its_own_is_kept_whole():
    payload = {
        "generatedAt": "2026-11-22T10:00:00Z",
        "requestId": 1,
        "seqNo": 0,
        "customData": {"vendorId": "x", "y": [1]},
    }
    assert event(V201, "NotifyReport", payload) == e.StationNotice(action="NotifyReport", payload=payload)


@pytest.mark.parametrize("dialect", list(Dialect))
def test_data_of_an_unknown_vendor_is_said_to_be_unknown(dialect: Dialect):
    payload = {"vendorId": "com.example", "data": "x\x00y"}
    assert answer(dialect, "DataTransfer", payload) == {"status": "UnknownVendorId"}
    told = event(dialect, "DataTransfer", payload)
    assert told == e.StationNotice(action="DataTransfer", payload={"vendorId": "com.example", "data": "xy"})


HASHES = {"hashAlgorithm": "SHA256", "issuerNameHash": "AA", "issuerKeyHash": "BB", "serialNumber": "01",
          "responderURL": "https://ocsp.example.org"}  # fmt: skip
OCSP = OcspQuestion(
    hash_algorithm="SHA256", issuer_name_hash="AA", issuer_key_hash="BB", serial_number="01",
    responder_url="https://ocsp.example.org",
)  # fmt: skip
CONTRACT = {"iso15118SchemaVersion": "urn:iso", "action": "Install", "exiRequest": "gJgC"}


def test_a_cars_questions_are_handed_on_and_honestly_answered():
    status = ask(V201, "GetCertificateStatus", {"ocspRequestData": HASHES})
    assert (status.need, status.ocsp) == (Need.CERTIFICATE_STATUS, (OCSP,))
    contract = ask(V201, "Get15118EVCertificate", CONTRACT)
    assert contract.contract == ContractQuestion(exi_request="gJgC", schema_version="urn:iso")
    assert answer(V201, "GetCertificateStatus", {"ocspRequestData": HASHES}) == {"status": "Failed"}
    assert answer(V201, "Get15118EVCertificate", CONTRACT) == {"status": "Failed", "exiResponse": ""}
    assert answer(V201, "Get15118EVCertificate", CONTRACT, certificate_data="EXI") == {
        "status": "Accepted", "exiResponse": "EXI",
    }  # fmt: skip
    assert answer(V21, "GetCertificateStatus", {"ocspRequestData": HASHES}, certificate_note="Nobody answers.") == {
        "status": "Failed", "statusInfo": {"reasonCode": "NotFound", "additionalInfo": "Nobody answers."},
    }  # fmt: skip


def test_what_was_answered_with_an_error_tells_no_more_later():
    reply = wire.write_refusal(V16, "m-1", wire.CallRefused("InternalError", "Something broke."))
    assert event(V16, "Heartbeat", {}, reply=reply) == e.FrameRejected(
        code="InternalError", text="Something broke.", action="Heartbeat"
    )


@pytest.mark.parametrize(
    "frame", [b"", b"\xff", b'[3,"1",{}]', b'[2,"1","Made",{}]', b'[2,"1","Reset",{"type":"Hard"}]']
)
def test_the_journal_reads_any_bytes(frame: bytes):
    told = wire.events_of_call(V16, frame, None, **circumstances())
    assert isinstance(told.events[0], e.FrameRejected)


def test_an_action_with_a_nul_character_can_be_stored():
    assert event(V16, "Made\x00Up", {}) == e.FrameRejected(
        code="NotImplemented", text="MadeUp is no action of this version.", action="MadeUp"
    )


def test_a_message_id_that_is_too_long_is_forgiven():
    frame = json.dumps([2, "m" * 40, "Heartbeat", {}]).encode()
    told = wire.events_of_call(V16, frame, None, **circumstances())
    assert [mend.code for mend in told.mends] == ["message_id_too_long"]
