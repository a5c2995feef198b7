"""OCPP 2.0.1: sequences that an operator begins, about firmware, certificates, monitoring, logs and customers."""

import secrets
from decimal import Decimal

import pytest

from ohmstead.station import commands as c
from ohmstead.station.tokens import PresentedToken, TokenKind
from tests.line.asked import ACCEPTED, REQUEST_ID, SOON, SOON_AS_SENT, Step, follow
from tests.line.post import Post
from tests.line.scripted import moment

TOKEN = PresentedToken(uid="04E1A1", kind=TokenKind.RFID)
URL = "http://files.example/station-files/x/"
PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
HASHES = {"hashAlgorithm": "SHA256", "issuerNameHash": "aa", "issuerKeyHash": "bb", "serialNumber": "01"}
NAMED = c.CertificateId(hash_algorithm="SHA256", issuer_name_hash="aa", issuer_key_hash="bb", serial_number="01")
KINDS = {
    "csms_root": "CSMSRootCertificate",
    "manufacturer_root": "ManufacturerRootCertificate",
    "mobility_operator_root": "MORootCertificate",
    "v2g_chain": "V2GCertificateChain",
    "v2g_root": "V2GRootCertificate",
}


def rejected(word):
    return {"state": "rejected", "reason": word}


# firmware and logs

UPDATE = c.UpdateFirmware(url=URL, retrieve_at=SOON, signature="c2ln", signing_certificate_pem=PEM)
FIRMWARE = {"location": URL, "retrieveDateTime": SOON_AS_SENT, "signature": "c2ln", "signingCertificate": PEM}


def update(*words, work="running", answer="Accepted", ask=UPDATE, **more):
    then = tuple(("FirmwareStatusNotification", {"status": word, "requestId": REQUEST_ID}) for word in words)
    outcome = {"reason": words[-1]} if work == "failed" else {}
    return Step(ask, "UpdateFirmware", {"firmware": FIRMWARE}, {"status": answer}, then=then, work=work,
                **outcome, **more)  # fmt: skip


LATER = c.UpdateFirmware(url=URL, retrieve_at=SOON, install_at=SOON, signature="c2ln", signing_certificate_pem=PEM)
PUBLISH = c.PublishFirmware(url=URL, md5="d" * 32)
INSTALLED = ("Downloading", "Downloaded", "SignatureVerified", "Installing", "InstallRebooting", "Installed")


def publish(*words, work):
    said = [{"status": word, "requestId": REQUEST_ID} for word in words]
    for each in said:
        if each["status"] == "Published":
            each["location"] = ["http://controller.example/1"]
    then = tuple(("PublishFirmwareStatusNotification", each) for each in said)
    outcome = {"reason": words[-1]} if work == "failed" else {}
    return Step(PUBLISH, "PublishFirmware", {"location": URL, "checksum": "d" * 32}, ACCEPTED, then=then, work=work,
                **outcome)  # fmt: skip


def unpublish(word, **more):
    return Step(
        c.UnpublishFirmware(md5="d" * 32), "UnpublishFirmware", {"checksum": "d" * 32}, {"status": word}, **more
    )


def log(*words, kind="diagnostics", answer="Accepted", work="", **more):
    then = tuple(("LogStatusNotification", {"status": word, "requestId": REQUEST_ID}) for word in words)
    sent = {"logType": {"diagnostics": "DiagnosticsLog", "security": "SecurityLog"}[kind],
            "log": {"remoteLocation": URL}}  # fmt: skip
    return Step(c.GetLog(url=URL, kind=kind), "GetLog", sent, {"status": answer}, then=then, work=work, **more)


# certificates


def install(kind, answer="Accepted", **more):
    sent = {"certificateType": KINDS[kind], "certificate": PEM}
    ask = c.InstallCertificate(kind=kind, certificate_pem=PEM)
    return Step(ask, "InstallCertificate", sent, {"status": answer}, **more)


def listed(*kinds):
    chain = [{"certificateType": KINDS[kind], "certificateHashData": HASHES} for kind in kinds or KINDS]
    sent = {"certificateType": [KINDS[kind] for kind in kinds] if kinds else None}
    return Step(c.ListCertificates(kinds=kinds), "GetInstalledCertificateIds", sent,
                {"status": "Accepted", "certificateHashDataChain": chain})  # fmt: skip


NONE_LISTED = Step(
    c.ListCertificates(kinds=("csms_root",)),
    "GetInstalledCertificateIds",
    {},
    {"status": "NotFound"},
    reason="NotFound",
)


def delete(answer="Accepted", **more):
    ask = c.DeleteCertificate(certificate=NAMED)
    return Step(ask, "DeleteCertificate", {"certificateHashData": HASHES}, {"status": answer}, **more)


# monitoring and customers

POWER = c.VariableName(name="ChargingStation.Power")
PLACE = {"component": {"name": "ChargingStation"}, "variable": {"name": "Power"}}
WATCH = c.Monitor(variable=POWER, kind="upper_threshold", value=Decimal(9), severity=4)
WATCHED = {**PLACE, "type": "UpperThreshold", "severity": 4}
MONITORING = {"id": 1, "transaction": False, "value": 9, "type": "UpperThreshold", "severity": 4}
MONITORS = ("NotifyMonitoringReport", {"requestId": REQUEST_ID, "seqNo": 0, "generatedAt": moment(),
            "monitor": [{**PLACE, "variableMonitoring": [MONITORING]}]})  # fmt: skip


def monitors(sent, *, empty=False, **asked):
    later = {} if empty else {"then": (MONITORS,), "work": "done", "reports": 1}
    answer = {"status": "EmptyResultSet" if empty else "Accepted"}
    return Step(c.GetMonitors(**asked), "GetMonitoringReport", sent, answer, **later)


def watch(*results):
    ask = c.SetMonitors(monitors=(WATCH,) * len(results))
    sent = {"setMonitoringData": [{"value": 9.0, **WATCHED}] * len(results)}
    answer = {"setMonitoringResult": [{"status": word, "id": n, **WATCHED} for n, word in enumerate(results)]}
    return Step(ask, "SetVariableMonitoring", sent, answer)


def unwatch(*numbers, word="Accepted", **more):
    answer = {"clearMonitoringResult": [{"id": number, "status": word} for number in numbers]}
    ask = c.ClearMonitors(monitor_ids=numbers)
    return Step(ask, "ClearVariableMonitoring", {"id": list(numbers)}, answer, **more)


def level(severity, answer="Accepted", **more):
    return Step(
        c.SetMonitoringLevel(severity=severity),
        "SetMonitoringLevel",
        {"severity": severity},
        {"status": answer},
        **more,
    )


def customer(data, sent, *, report=True, answer="Accepted", work="done", **asked):
    said = {"requestId": REQUEST_ID, "seqNo": 0, "generatedAt": moment(), "data": data}
    then = (("NotifyCustomerInformation", said),) if answer == "Accepted" else ()
    more = {"work": work, "reports": 1} if answer == "Accepted" else rejected(answer)
    ask = c.GetCustomerInformation(report=report, **asked)
    return Step(ask, "CustomerInformation", {"report": report, **sent}, {"status": answer}, then=then, **more)


OF_TOKEN = {"idToken": {"idToken": "04E1A1", "type": "ISO14443"}}
CLEARED_LIST = Step(
    c.SendTokenList(version=4, replace=False, tokens=(c.ListedToken(token=TOKEN),)),
    "SendLocalList",
    {"updateType": "Differential", "versionNumber": 4},
    ACCEPTED,
)

SEQUENCES = {
    "TC_L_01": (update(*INSTALLED, work="done"),),
    "TC_L_02": (
        update("Downloading", "Downloaded", "SignatureVerified", "InstallScheduled", *INSTALLED[3:], work="done",
               ask=LATER),
    ),
    "TC_L_03": (update("DownloadScheduled", *INSTALLED, work="done"),),
    "TC_L_04": (update(answer="RevokedCertificate", work="", **rejected("RevokedCertificate")),),
    "TC_L_05": (update(answer="InvalidCertificate", work="", **rejected("InvalidCertificate")),),
    "TC_L_06": (update("Downloading", "Downloaded", "InvalidSignature", work="failed"),),
    "TC_L_07": (update("Downloading", "DownloadFailed", work="failed"),),
    "TC_L_08": (update(*INSTALLED[:4], "InstallVerificationFailed", work="failed"),),
    "TC_L_09": (update(*INSTALLED[:4], "InstallationFailed", work="failed"),),
    "TC_L_10": (update("Downloading"), update(*INSTALLED, answer="AcceptedCanceled", work="done")),
    "TC_L_11": (update("Downloading"), update(answer="Rejected", work="", **rejected("Rejected"))),
    "TC_L_13": (update("DownloadScheduled", *INSTALLED, work="done"),),
    "TC_L_17": (publish("Downloading", "Downloaded", "ChecksumVerified", "Published", work="done"),),
    "TC_L_19": (publish("Downloading", "Downloaded", "InvalidChecksum", work="failed"),),
    "TC_L_20": (publish("Downloading", "Downloaded", "PublishFailed", work="failed"),),
    "TC_L_21": (unpublish("Unpublished"),),
    "TC_L_22": (unpublish("NoFirmware", **rejected("NoFirmware")),),
    "TC_L_23": (unpublish("DownloadOngoing"),),
    "TC_L_24": (publish("Downloading", "DownloadFailed", work="failed"),),
    "TC_M_01": (install("csms_root"),),
    "TC_M_02": (install("manufacturer_root"),),
    "TC_M_03": (install("v2g_root"),),
    "TC_M_04": (install("mobility_operator_root"),),
    "TC_M_05": (install("csms_root", "Failed", **rejected("Failed")),),
    "TC_M_12": (listed("csms_root"),),
    "TC_M_13": (listed("manufacturer_root"),),
    "TC_M_14": (listed("v2g_root"),),
    "TC_M_15": (listed("v2g_chain"),),
    "TC_M_16": (listed("mobility_operator_root"),),
    "TC_M_17": (listed("csms_root", "manufacturer_root"),),
    "TC_M_18": (listed(),),
    "TC_M_19": (NONE_LISTED,),
    "TC_M_20": (listed("csms_root"), delete()),
    "TC_M_21": (install("csms_root"), listed("csms_root"), delete("Failed", **rejected("Failed"))),
    "TC_N_01": (
        monitors({"monitoringCriteria": ["DeltaMonitoring"]}, kinds=("delta",), empty=True),
        monitors({"monitoringCriteria": ["ThresholdMonitoring"]}, kinds=("threshold",)),
    ),
    "TC_N_02": (monitors({"componentVariable": [PLACE], "monitoringCriteria": None}, variables=(POWER,)),),
    "TC_N_03": (
        monitors({"componentVariable": [PLACE], "monitoringCriteria": ["ThresholdMonitoring"]}, variables=(POWER,),
                 kinds=("threshold",)),
    ),
    "TC_N_05": (
        Step(c.SetMonitoringBase(base="all"), "SetMonitoringBase", {"monitoringBase": "All"}, ACCEPTED),
    ),
    "TC_N_08": (watch("Accepted"),),
    "TC_N_09": (watch("Accepted", "Accepted"),),
    "TC_N_16": (level(4),),
    "TC_N_17": (level(4, "Rejected", **rejected("Rejected")),),
    "TC_N_18": (unwatch(1, 2, 3), unwatch(4)),
    "TC_N_25": (log("Uploading", "Uploaded", work="done"),),
    "TC_N_27": (customer("name: Ann", {"clear": False, **OF_TOKEN}, token=TOKEN),),
    "TC_N_28": (customer("", {"clear": False, **OF_TOKEN}, token=TOKEN),),
    "TC_N_29": (customer("", {"clear": False}, token=TOKEN, answer="Rejected"),),
    "TC_N_30": (customer("name: Ann", {"clear": True, **OF_TOKEN}, token=TOKEN, erase=True),),
    "TC_N_31": (customer("", {"clear": True, **OF_TOKEN}, token=TOKEN, erase=True),),
    "TC_N_32": (customer("", {"clear": True}, token=TOKEN, erase=True, report=False),),
    "TC_N_34": (log(answer="Rejected", **rejected("Rejected")),),
    "TC_N_35": (log("Uploading", "Uploaded", kind="security", work="done"),),
    "TC_N_36": (
        log("Uploading", work="running"),
        log("Uploading", "Uploaded", answer="AcceptedCanceled", work="done"),
    ),
    "TC_N_44": (unwatch(1, word="Rejected", state="rejected"),),
    "TC_N_46": (customer("name: Ann", {"clear": True}, token=TOKEN, erase=True), CLEARED_LIST),
    "TC_N_47": (monitors({"monitoringCriteria": None, "componentVariable": None}),),
    "TC_N_60": (
        monitors({"monitoringCriteria": ["DeltaMonitoring"]}, variables=(POWER,), kinds=("delta",), empty=True),
        monitors({"monitoringCriteria": ["ThresholdMonitoring"]}, variables=(POWER,), kinds=("threshold",)),
    ),
    "TC_N_62": (
        customer("x", {"clear": True, "customerIdentifier": "OpenChargeAlliance"}, customer="OpenChargeAlliance",
                 erase=True),
    ),
    "TC_N_63": (customer("x", {"clear": True, "customerCertificate": HASHES}, certificate=NAMED, erase=True),),
}  # fmt: skip


@pytest.mark.parametrize("name", SEQUENCES)
async def test_sequence(network, program, name):
    identity = f"OHM-{secrets.token_hex(4)}"
    async with Post(network.station(identity)) as station:
        await follow(program, station, identity, SEQUENCES[name])
