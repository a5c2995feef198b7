"""OCPP 2.0.1: the public test sequences that an operator begins, through the API, desk, gateway and worker.

Blocks A to H and P; the others stand in files of their own.
"""

import secrets

import pytest

from ohmstead.station import commands as c
from ohmstead.station.tokens import PresentedToken, TokenKind
from tests.line.asked import ACCEPTED, REQUEST_ID, SOON, Step, follow
from tests.line.post import Post
from tests.line.scripted import moment

TOKEN = PresentedToken(uid="04E1A1", kind=TokenKind.RFID)
ID_TOKEN = {"idToken": "04E1A1", "type": "ISO14443"}
PASSWORD = "Ohm-Password-1234567"
OFFLINE = {"component": {"name": "OCPPCommCtrlr"}, "variable": {"name": "OfflineThreshold"}}


def rejected(word):
    return {"state": "rejected", "reason": word}


def plug(state):
    payload = {"timestamp": moment(), "connectorStatus": state, "evseId": 1, "connectorId": 1}
    return "StatusNotification", payload


def noticed(value):
    event = {
        "component": {"name": "Connector", "evse": {"id": 1, "connectorId": 1}},
        "variable": {"name": "AvailabilityState"},
        "eventId": 1,
        "timestamp": moment(),
        "trigger": "Delta",
        "actualValue": value,
        "eventNotificationType": "HardWiredNotification",
    }
    return "NotifyEvent", {"generatedAt": moment(), "seqNo": 0, "eventData": [event]}


def password(word, **more):
    name = {"component": {"name": "SecurityCtrlr"}, "variable": {"name": "BasicAuthPassword"}}
    sent = {"setVariableData": [{**name, "attributeValue": PASSWORD}]}
    ask = c.ChangePassword(password=PASSWORD)
    return Step(ask, "SetVariables", sent, {"setVariableResult": [{**name, "attributeStatus": word}]}, **more)


def read(*names):
    places = [dict(zip(("component", "variable"), ({"name": part} for part in name.split(".")), strict=True))
              for name in names]  # fmt: skip
    results = [{**place, "attributeStatus": "Accepted", "attributeValue": "1"} for place in places]
    ask = c.ReadVariables(variables=tuple(c.AttributeName(name=name) for name in names))
    return Step(ask, "GetVariables", {"getVariableData": places}, {"getVariableResult": results})


def write(*pairs):
    values = tuple(c.AttributeValue(name=name, value=value) for name, value in pairs)
    places = [dict(zip(("component", "variable"), ({"name": part} for part in name.split(".")), strict=True))
              for name, _ in pairs]  # fmt: skip
    sent = [{**place, "attributeValue": value} for place, (_, value) in zip(places, pairs, strict=True)]
    results = [{**place, "attributeStatus": "Accepted"} for place in places]
    return Step(
        c.WriteVariables(values=values), "SetVariables", {"setVariableData": sent}, {"setVariableResult": results}
    )


def reported(number, *, more):
    data = {**OFFLINE, "variableAttribute": [{"value": "1"}],
            "variableCharacteristics": {"dataType": "integer", "supportsMonitoring": False}}  # fmt: skip
    return "NotifyReport", {"requestId": REQUEST_ID, "generatedAt": moment(), "seqNo": number, "tbc": more,
                            "reportData": [data]}  # fmt: skip


def inventory(extent, word):
    then = (reported(0, more=True), reported(1, more=False))
    return Step(c.GetInventory(extent=extent), "GetBaseReport", {"reportBase": word}, ACCEPTED, then=then, work="done",
                reports=2)  # fmt: skip


def reset(word, sent, *, answer="Accepted", then=(), **asked):
    return Step(c.ResetStation(**asked), "Reset", {"type": word, **sent}, {"status": answer}, then=then)


NETWORK = c.SetNetworkProfile(slot=1, url="wss://charge.example/ocpp", security_profile=2)
NETWORK_SENT = {
    "configurationSlot": 1,
    "connectionData": {"ocppCsmsUrl": "wss://charge.example/ocpp", "ocppTransport": "JSON", "ocppVersion": "OCPP20",
                       "messageTimeout": 30, "ocppInterface": "Wired0", "securityProfile": 2},
}  # fmt: skip
START = c.StartSession(token=TOKEN, remote_start_id=11)
STARTED = {"idToken": ID_TOKEN, "remoteStartId": 11}
CUSTOM = c.GetReport(variables=(c.VariableName(name="EVSE.AvailabilityState", evse=1),), conditions=("active",))


def start(*, evse=None, then=()):
    ask = c.StartSession(token=TOKEN, remote_start_id=11, evse=evse)
    return Step(ask, "RequestStartTransaction", {**STARTED, "evseId": evse}, ACCEPTED, then=then)


def transaction_status(answer, *, transaction_id="t-1"):
    ask = c.GetSessionStatus(transaction_id=transaction_id)
    return Step(ask, "GetTransactionStatus", {"transactionId": transaction_id}, answer)


def trigger(message, *then, answer="Accepted", evse=None, **more):
    sent = {"requestedMessage": message, "evse": {"id": evse} if evse else None}
    return Step(c.TriggerMessage(message=message, evse=evse), "TriggerMessage", sent, {"status": answer}, then=then,
                **more)  # fmt: skip


def measured():
    sample = {"value": 1000.0, "context": "Trigger"}
    return "MeterValues", {"evseId": 1, "meterValue": [{"timestamp": moment(), "sampledValue": [sample]}]}


def availability(operative, *, evse=None, connector=None, answer="Accepted"):
    where = {"id": evse, "connectorId": connector} if evse else None
    sent = {"operationalStatus": "Operative" if operative else "Inoperative", "evse": where}
    state = "Available" if operative else "Unavailable"
    return Step(c.ChangeAvailability(operative=operative, evse=evse, connector=connector), "ChangeAvailability", sent,
                {"status": answer}, then=(plug(state), noticed(state)))  # fmt: skip


def reserve(answer, *then, evse=None, connector_type=None, group=None, **more):
    token = PresentedToken(uid="04E1A1", kind=TokenKind.RFID, group_uid=group)
    ask = c.ReserveEvse(reservation_id=5, token=token, expires_at=SOON, evse=evse, connector_type=connector_type)
    sent = {"id": 5, "idToken": ID_TOKEN, "evseId": evse, "connectorType": connector_type}
    if group:
        sent["groupIdToken"] = {"idToken": group}
    return Step(ask, "ReserveNow", sent, {"status": answer}, then=then, **more)


RESERVED = (plug("Reserved"), noticed("Reserved"))
CANCEL = c.CancelReservation(reservation_id=5)
CANCELLED = Step(CANCEL, "CancelReservation", {"reservationId": 5}, ACCEPTED, then=(plug("Available"),))
LISTED = c.ListedToken(token=TOKEN, verdict="accepted")


def token_list(*tokens, replace=True):
    sent = {"versionNumber": 3, "updateType": "Full" if replace else "Differential"}
    return Step(c.SendTokenList(version=3, replace=replace, tokens=tokens), "SendLocalList", sent, ACCEPTED)


def list_version(number):
    return Step(c.GetTokenListVersion(), "GetLocalListVersion", {}, {"versionNumber": number})


RESERVATION_ENDED = "ReservationStatusUpdate", {"reservationId": 5, "reservationUpdateStatus": "Removed"}
IDLE_LOG = "LogStatusNotification", {"status": "Idle"}
IDLE_FIRMWARE = "FirmwareStatusNotification", {"status": "Idle"}
RUNNING, ENDED = {"ongoingIndicator": True}, {"ongoingIndicator": False}

SEQUENCES = {
    "TC_A_09": (password("Accepted"),),
    "TC_A_10": (password("Rejected", state="rejected"),),
    "TC_A_19": (
        Step(NETWORK, "SetNetworkProfile", NETWORK_SENT, ACCEPTED),
        write(("OCPPCommCtrlr.NetworkConfigurationPriority", "1")),
        reset("Immediate", {"evseId": None}, immediate=True),
    ),
    "TC_B_06": (read("OCPPCommCtrlr.OfflineThreshold"),),
    "TC_B_07": (read("OCPPCommCtrlr.OfflineThreshold", "AuthCtrlr.AuthorizeRemoteStart"),),
    "TC_B_08": (read("A.B1", "A.B2", "A.B3", "A.B4"), read("A.B5")),
    "TC_B_09": (write(("OCPPCommCtrlr.OfflineThreshold", "123")),),
    "TC_B_10": (write(("OCPPCommCtrlr.OfflineThreshold", "123"), ("AuthCtrlr.AuthorizeRemoteStart", "false")),),
    "TC_B_12": (inventory("configuration", "ConfigurationInventory"),),
    "TC_B_13": (inventory("full", "FullInventory"),),
    "TC_B_14": (inventory("summary", "SummaryInventory"),),
    "TC_B_18": (
        Step(CUSTOM, "GetReport", {"componentCriteria": ["Active"], "componentVariable": [
            {"component": {"name": "EVSE", "evse": {"id": 1}}, "variable": {"name": "AvailabilityState"}}]},
            ACCEPTED, then=(reported(0, more=False),), work="done", reports=1),
    ),
    "TC_B_20": (reset("OnIdle", {"evseId": None}),),
    "TC_B_21": (reset("OnIdle", {"evseId": None}, answer="Scheduled"),),
    "TC_B_22": (reset("Immediate", {"evseId": None}, immediate=True),),
    "TC_B_25": (reset("OnIdle", {"evseId": 1}, evse=1),),
    "TC_B_26": (reset("OnIdle", {"evseId": 1}, evse=1, answer="Scheduled"),),
    "TC_B_27": (reset("Immediate", {"evseId": 1}, evse=1, immediate=True),),
    "TC_B_42": (Step(NETWORK, "SetNetworkProfile", NETWORK_SENT, ACCEPTED),),
    "TC_B_44": (Step(NETWORK, "SetNetworkProfile", NETWORK_SENT, {"status": "Failed"}, **rejected("Failed")),),
    "TC_C_37": (Step(c.ClearTokenCache(), "ClearCache", {}, ACCEPTED),),
    "TC_C_38": (Step(c.ClearTokenCache(), "ClearCache", {}, {"status": "Rejected"}, **rejected("Rejected")),),
    "TC_D_01": (token_list(LISTED),),
    "TC_D_02": (token_list(LISTED, replace=False),),
    "TC_D_03": (token_list(c.ListedToken(token=TOKEN), replace=False),),
    "TC_D_04": (token_list(),),
    "TC_D_08": (list_version(3),),
    "TC_D_09": (list_version(0),),
    "TC_E_21": (
        Step(c.StopSession(transaction_id="t-1"), "RequestStopTransaction", {"transactionId": "t-1"}, ACCEPTED),
    ),
    "TC_E_29": (transaction_status({**RUNNING, "messagesInQueue": True}),),
    "TC_E_30": (transaction_status({**RUNNING, "messagesInQueue": False}),),
    "TC_E_31": (transaction_status({**ENDED, "messagesInQueue": True}),),
    "TC_E_33": (transaction_status({"messagesInQueue": True}, transaction_id=None),),
    "TC_E_34": (transaction_status({"messagesInQueue": False}, transaction_id=None),),
    "TC_F_01": (start(evse=1),),
    "TC_F_02": (start(),),
    "TC_F_03": (start(then=(plug("Occupied"),)),),
    "TC_F_04": (start(then=(plug("Available"),)),),
    "TC_F_06": (
        Step(c.UnlockConnector(evse=1), "UnlockConnector", {"evseId": 1, "connectorId": 1}, {"status": "Unlocked"}),
    ),
    "TC_F_11": (trigger("MeterValues", measured(), evse=1),),
    "TC_F_12": (trigger("MeterValues", measured()),),
    "TC_F_13": (trigger("TransactionEvent", evse=1),),
    "TC_F_14": (trigger("TransactionEvent"),),
    "TC_F_15": (trigger("LogStatusNotification", IDLE_LOG),),
    "TC_F_18": (trigger("FirmwareStatusNotification", IDLE_FIRMWARE),),
    "TC_F_20": (trigger("Heartbeat", ("Heartbeat", {})),),
    "TC_F_23": (trigger("StatusNotification", plug("Available"), evse=1),),
    "TC_F_24": (trigger("StatusNotification", plug("Occupied"), evse=1),),
    "TC_F_27": (trigger("LogStatusNotification", answer="NotImplemented", **rejected("NotImplemented")),),
    "TC_G_03": (availability(False, evse=1),),
    "TC_G_04": (availability(True, evse=1),),
    "TC_G_05": (availability(False),),
    "TC_G_06": (availability(True),),
    "TC_G_07": (availability(False, evse=1, connector=1),),
    "TC_G_08": (availability(True, evse=1, connector=1),),
    "TC_G_11": (availability(False, evse=1, answer="Scheduled"),),
    "TC_G_14": (availability(False, answer="Scheduled"),),
    "TC_G_17": (availability(False, evse=1, connector=1, answer="Scheduled"),),
    "TC_H_01": (reserve("Accepted", *RESERVED, evse=1),),
    "TC_H_07": (reserve("Accepted", *RESERVED, RESERVATION_ENDED, plug("Available"), evse=1),),
    "TC_H_08": (reserve("Accepted", *RESERVED),),
    "TC_H_14": (reserve("Accepted", *RESERVED),),
    "TC_H_15": (reserve("Accepted", *RESERVED, connector_type="cType2"),),
    "TC_H_17": (reserve("Accepted", *RESERVED, evse=1), CANCELLED),
    "TC_H_19": (reserve("Accepted", *RESERVED, evse=1, group="GROUP-1"),),
    "TC_H_20": (reserve("Accepted", *RESERVED, plug("Faulted"), noticed("Faulted"), RESERVATION_ENDED, evse=1),),
    "TC_H_22": (reserve("Rejected", evse=1, **rejected("Rejected")),),
}  # fmt: skip


@pytest.mark.parametrize("name", SEQUENCES)
async def test_sequence(network, program, name):
    identity = f"OHM-{secrets.token_hex(4)}"
    async with Post(network.station(identity)) as station:
        await follow(program, station, identity, SEQUENCES[name])
