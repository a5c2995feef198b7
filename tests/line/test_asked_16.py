"""OCPP 1.6: the public test sequences that an operator begins, through the API, desk, gateway and worker."""

import secrets

import pytest

from ohmstead.station import commands as c
from ohmstead.station.tokens import PresentedToken
from tests.line.asked import ACCEPTED, REQUEST_ID, SOON, SOON_AS_SENT, Step, follow
from tests.line.scripted import Scripted, moment

TOKEN = PresentedToken(uid="04E1A1")
URL = "http://files.example/station-files/x/"
PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
HASHES = {"hashAlgorithm": "SHA256", "issuerNameHash": "aa", "issuerKeyHash": "bb", "serialNumber": "01"}
NAMED = c.CertificateId(hash_algorithm="SHA256", issuer_name_hash="aa", issuer_key_hash="bb", serial_number="01")


def status(state, *, error="NoError"):
    payload = {"connectorId": 1, "status": state, "errorCode": error, "timestamp": moment()}
    return "StatusNotification", payload


def firmware(word):
    return "FirmwareStatusNotification", {"status": word}


def signed_firmware(word):
    return "SignedFirmwareStatusNotification", {"status": word, "requestId": REQUEST_ID}


def log(word):
    return "LogStatusNotification", {"status": word, "requestId": REQUEST_ID}


def refused(word):
    return {"state": "rejected", "reason": word}


def profile(purpose, **more):
    steps = (c.ScheduleStep(starts_after_s=0, limit_a="10"),)
    schedules = (c.ChargingSchedule(steps=steps, duration_s=300),)
    return c.ChargingProfile(profile_id=7, purpose=purpose, schedules=schedules, stack_level=1, **more)


def reserve(answer, *, evse=1, then=(), **more):
    sent = {"connectorId": evse or 0, "reservationId": 5, "idTag": "04E1A1", "expiryDate": SOON_AS_SENT}
    ask = c.ReserveEvse(reservation_id=5, token=TOKEN, expires_at=SOON, evse=evse)
    return Step(ask, "ReserveNow", sent, {"status": answer}, then=then, **more)


KEYS = {"configurationKey": [{"key": "A", "readonly": True}]}
START = c.StartSession(token=TOKEN, remote_start_id=11, evse=1)
STARTED = {"idTag": "04E1A1", "connectorId": 1}
UPDATE = c.UpdateFirmware(url="http://files.example/1", retrieve_at=SOON)
UPDATED = {"location": "http://files.example/1", "retrieveDate": SOON_AS_SENT}
SIGNED = c.UpdateFirmware(
    url="http://files.example/1", retrieve_at=SOON, signature="c2ln", signing_certificate_pem=PEM, request_id=9
)
SIGNED_SENT = {"requestId": 9, "firmware": {"signature": "c2ln", "signingCertificate": PEM, "location": UPDATE.url}}
LISTED = c.ListedToken(token=TOKEN, verdict="accepted")


def token_list(answer, *, replace=True, tokens=(LISTED,), **more):
    sent = {"listVersion": 2, "updateType": "Full" if replace else "Differential"}
    ask = c.SendTokenList(version=2, replace=replace, tokens=tokens)
    return Step(ask, "SendLocalList", sent, {"status": answer}, **more)


def roots(kind, word):
    listed = {"status": "Accepted", "certificateHashData": [HASHES]}
    return (
        Step(
            c.InstallCertificate(kind=kind, certificate_pem=PEM),
            "InstallCertificate",
            {"certificateType": word, "certificate": PEM},
            ACCEPTED,
        ),
        Step(c.ListCertificates(kinds=(kind,)), "GetInstalledCertificateIds", {"certificateType": word}, listed),
    )


def trigger(message, *then, answer="Accepted", **more):
    return Step(c.TriggerMessage(message=message), "TriggerMessage", {"requestedMessage": message}, {"status": answer},
                then=then, **more)  # fmt: skip


SEQUENCES = {
    "TC_010": (Step(START, "RemoteStartTransaction", STARTED, ACCEPTED, then=(status("Preparing"),)),),
    "TC_011_1": (Step(START, "RemoteStartTransaction", STARTED, ACCEPTED),),
    "TC_011_2": (Step(START, "RemoteStartTransaction", STARTED, ACCEPTED, then=(status("Available"),)),),
    "TC_012": (Step(c.StopSession(transaction_id="77"), "RemoteStopTransaction", {"transactionId": 77}, ACCEPTED),),
    "TC_013": (Step(c.ResetStation(immediate=True), "Reset", {"type": "Hard"}, ACCEPTED),),
    "TC_014": (Step(c.ResetStation(), "Reset", {"type": "Soft"}, ACCEPTED),),
    "TC_017_1": (Step(c.UnlockConnector(evse=1), "UnlockConnector", {"connectorId": 1}, {"status": "Unlocked"}),),
    "TC_017_2": (
        Step(c.UnlockConnector(evse=1), "UnlockConnector", {"connectorId": 1}, {"status": "NotSupported"},
             **refused("NotSupported")),
    ),
    "TC_018_1": (
        Step(c.UnlockConnector(evse=1), "UnlockConnector", {"connectorId": 1}, {"status": "Unlocked"},
             then=(status("Finishing"), status("Available"))),
    ),
    "TC_019_1": (
        Step(c.GetSettings(), "GetConfiguration", {"key": None}, KEYS),
    ),
    "TC_019_2": (
        Step(c.GetSettings(names=("SupportedFeatureProfiles",)), "GetConfiguration",
             {"key": ["SupportedFeatureProfiles"]}, {"configurationKey": []}),
    ),
    "TC_021": (
        Step(c.SetSetting(name="MeterValueSampleInterval", value="30"), "ChangeConfiguration",
             {"key": "MeterValueSampleInterval", "value": "30"}, ACCEPTED),
    ),
    "TC_026": (Step(START, "RemoteStartTransaction", STARTED, {"status": "Rejected"}, **refused("Rejected")),),
    "TC_028": (
        Step(c.StopSession(transaction_id="77"), "RemoteStopTransaction", {"transactionId": 77},
             {"status": "Rejected"}, **refused("Rejected")),
    ),
    "TC_030": (
        Step(c.UnlockConnector(evse=1), "UnlockConnector", {}, {"status": "UnlockFailed"}, **refused("UnlockFailed")),
    ),
    "TC_031": (
        Step(c.UnlockConnector(evse=9), "UnlockConnector", {"connectorId": 9}, {"status": "NotSupported"},
             **refused("NotSupported")),
    ),
    "TC_040_1": (
        Step(c.SetSetting(name="Nonsense", value="1"), "ChangeConfiguration", {"key": "Nonsense"},
             {"status": "NotSupported"}, **refused("NotSupported")),
    ),
    "TC_040_2": (
        Step(c.SetSetting(name="MeterValueSampleInterval", value="-1"), "ChangeConfiguration", {"value": "-1"},
             {"status": "Rejected"}, **refused("Rejected")),
    ),
    "TC_042_1": (Step(c.GetTokenListVersion(), "GetLocalListVersion", {}, {"listVersion": -1}),),
    "TC_042_2": (Step(c.GetTokenListVersion(), "GetLocalListVersion", {}, {"listVersion": 0}),),
    "TC_043_1": (token_list("NotSupported", **refused("NotSupported")),),
    "TC_043_3": (token_list("Failed", **refused("Failed")),),
    "TC_043_4": (token_list("Accepted"),),
    "TC_043_5": (token_list("Accepted", replace=False),),
    "TC_044_1": (
        Step(UPDATE, "UpdateFirmware", UPDATED, {}, work="done",
             then=tuple(map(firmware, ("Downloading", "Downloaded", "Installing", "Installed")))),
    ),
    "TC_044_2": (
        Step(UPDATE, "UpdateFirmware", UPDATED, {}, work="failed", reason="DownloadFailed",
             then=tuple(map(firmware, ("Downloading", "DownloadFailed")))),
    ),
    "TC_044_3": (
        Step(UPDATE, "UpdateFirmware", UPDATED, {}, work="failed", reason="InstallationFailed",
             then=tuple(map(firmware, ("Downloading", "Downloaded", "Installing", "InstallationFailed")))),
    ),
    "TC_045_1": (
        Step(c.GetLog(url=URL), "GetDiagnostics", {"location": URL},
             {"fileName": "diagnostics.zip"}, work="done",
             then=tuple(("DiagnosticsStatusNotification", {"status": each}) for each in ("Uploading", "Uploaded"))),
    ),
    "TC_046": (reserve("Accepted", then=(status("Reserved"),)),),
    "TC_047": (reserve("Accepted", then=(status("Reserved"), status("Available"))),),
    "TC_048_1": (reserve("Faulted", **refused("Faulted")),),
    "TC_048_2": (reserve("Occupied", **refused("Occupied")),),
    "TC_048_3": (reserve("Unavailable", **refused("Unavailable")),),
    "TC_048_4": (reserve("Rejected", **refused("Rejected")),),
    "TC_049": (reserve("Accepted", evse=None),),
    "TC_051": (
        reserve("Accepted", then=(status("Reserved"),)),
        Step(c.CancelReservation(reservation_id=5), "CancelReservation", {"reservationId": 5}, ACCEPTED,
             then=(status("Available"),)),
    ),
    "TC_052": (
        Step(c.CancelReservation(reservation_id=5), "CancelReservation", {"reservationId": 5},
             {"status": "Rejected"}, **refused("Rejected")),
    ),
    "TC_054": (
        trigger("MeterValues", ("MeterValues", {"connectorId": 1, "meterValue": [
            {"timestamp": moment(), "sampledValue": [{"value": "1", "context": "Trigger"}]}]})),
        trigger("Heartbeat", ("Heartbeat", {})),
        trigger("StatusNotification", status("Available")),
        trigger("DiagnosticsStatusNotification", ("DiagnosticsStatusNotification", {"status": "Idle"})),
        trigger("FirmwareStatusNotification", firmware("Idle")),
    ),
    "TC_055": (trigger("MeterValues", answer="Rejected", **refused("Rejected")),),
    "TC_056": (
        Step(c.SetChargingProfile(profile=profile("session_default"), evse=1), "SetChargingProfile",
             {"connectorId": 1, "csChargingProfiles": {"chargingProfilePurpose": "TxDefaultProfile"}}, ACCEPTED),
    ),
    "TC_057": (
        Step(c.SetChargingProfile(profile=profile("session", transaction_id="77"), evse=1), "SetChargingProfile",
             {"csChargingProfiles": {"chargingProfilePurpose": "TxProfile", "transactionId": 77}}, ACCEPTED),
    ),
    "TC_059": (
        Step(c.StartSession(token=TOKEN, remote_start_id=11, evse=1, profile=profile("session")),
             "RemoteStartTransaction",
             {"chargingProfile": {"chargingProfilePurpose": "TxProfile", "transactionId": None}}, ACCEPTED),
    ),
    "TC_061": (Step(c.ClearTokenCache(), "ClearCache", {}, ACCEPTED),),
    "TC_066": (
        Step(c.GetCompositeSchedule(duration_s=300, evse=1), "GetCompositeSchedule",
             {"connectorId": 1, "duration": 300}, ACCEPTED),
    ),
    "TC_067": (
        Step(c.ClearChargingProfiles(profile_id=7), "ClearChargingProfile", {"id": 7}, ACCEPTED),
        Step(c.ClearChargingProfiles(evse=1, purpose="session_default"), "ClearChargingProfile",
             {"id": None, "connectorId": 1, "chargingProfilePurpose": "TxDefaultProfile"}, ACCEPTED),
    ),
    "TC_073": (
        Step(c.ChangePassword(password="a" * 40), "ChangeConfiguration",
             {"key": "AuthorizationKey", "value": "a" * 40}, ACCEPTED),
    ),
    "TC_075_1": roots("manufacturer_root", "ManufacturerRootCertificate"),
    "TC_075_2": roots("csms_root", "CentralSystemRootCertificate"),
    "TC_076": (
        *roots("manufacturer_root", "ManufacturerRootCertificate")[1:],
        Step(c.DeleteCertificate(certificate=NAMED), "DeleteCertificate", {"certificateHashData": HASHES}, ACCEPTED),
    ),
    "TC_079": (
        Step(c.GetLog(url=URL, kind="security", request_id=9), "GetLog",
             {"logType": "SecurityLog", "requestId": 9, "log": {"remoteLocation": URL}},
             {"status": "Accepted", "filename": "s.log"}, then=(log("Uploading"), log("Uploaded")), work="done"),
    ),
    "TC_080": (
        Step(SIGNED, "SignedUpdateFirmware", SIGNED_SENT, ACCEPTED, work="done", then=tuple(map(signed_firmware, (
            "Downloading", "Downloaded", "SignatureVerified", "Installing", "InstallRebooting", "Installed")))),
    ),
    "TC_081": (
        Step(SIGNED, "SignedUpdateFirmware", SIGNED_SENT, ACCEPTED, work="failed", reason="InvalidSignature",
             then=tuple(map(signed_firmware, ("Downloading", "Downloaded", "InvalidSignature")))),
    ),
    "TC_083": (
        Step(c.SetSetting(name="SecurityProfile", value="2"), "ChangeConfiguration",
             {"key": "SecurityProfile", "value": "2"}, ACCEPTED),
        Step(c.ResetStation(immediate=True), "Reset", {"type": "Hard"}, ACCEPTED),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SEQUENCES)
async def test_sequence(network, program, name):
    identity = f"OHM-{secrets.token_hex(4)}"
    async with Scripted(network.station(identity), "ocpp1.6") as station:
        await follow(program, station, identity, SEQUENCES[name])
