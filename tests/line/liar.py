"""A station that writes markup wherever its version of OCPP lets it write a word."""

import asyncio
import json

from tests.line.scripted import Scripted, moment
from tests.web.unsafe import MARKUP

H = MARKUP


def said(tag):
    """`tag`, three letters, says later where a text came from."""
    return H + tag


class Liar(Scripted):
    """Answers what it is asked by `answers`, and everything else with a hostile error."""

    answers: dict = {}

    def __init__(self, address, subprotocol):
        super().__init__(address, subprotocol, lenient=True)
        self.answered: set[str] = set()

    async def __aenter__(self):
        await super().__aenter__()
        self._answering = asyncio.create_task(self._answer())
        return self

    async def __aexit__(self, *_):
        self._answering.cancel()
        await super().__aexit__()

    async def _answer(self):
        while True:
            message_id, action, payload = await self.asked.get()
            answer = self.answers.get(action)
            if answer is None:
                await self.socket.send(json.dumps([4, message_id, "InternalError", said("err"), {"why": said("why")}]))
            else:
                await self.socket.send(json.dumps([3, message_id, answer]))
                for name, more in self.afterwards(action, payload):
                    await self.tell(name, more)
            self.answered.add(action)

    def afterwards(self, action, payload):
        return ()

    async def tell(self, action, payload, message_id=None):
        """Whatever is answered."""
        try:
            return await self.call(action, payload, message_id=message_id)
        except Exception:  # an error answer is an answer
            return None


class Liar16(Liar):
    answers = {
        "GetConfiguration": {
            "configurationKey": [{"key": said("key"), "readonly": False, "value": said("val")}],
            "unknownKey": [said("unk")],
        },
        "ChangeConfiguration": {"status": said("chg")},
        "GetDiagnostics": {"fileName": said("dia")},
        "GetLog": {"status": "Accepted", "filename": said("log")},
        "DataTransfer": {"status": "Accepted", "data": said("dat")},
        "Reset": {"status": said("rst")},
        "GetInstalledCertificateIds": {
            "status": "Accepted",
            "certificateHashData": [
                {
                    "hashAlgorithm": "SHA256",
                    "issuerNameHash": H,
                    "issuerKeyHash": H,
                    "serialNumber": said("ser"),
                }
            ],
        },
    }

    def __init__(self, address):
        super().__init__(address, "ocpp1.6")

    async def speak(self):
        boot = {
            "chargePointVendor": said("ven"),
            "chargePointModel": said("mod"),
            "chargePointSerialNumber": said("sno"),
            "chargeBoxSerialNumber": said("box"),
            "firmwareVersion": said("fwv"),
            "iccid": said("icc"),
            "imsi": said("ims"),
            "meterType": said("mtt"),
            "meterSerialNumber": said("mts"),
        }
        await self.call("BootNotification", boot)
        fault = {"connectorId": 1, "status": "Faulted", "errorCode": "OtherError", "info": said("inf")}
        await self.tell("StatusNotification", {**fault, "vendorId": said("vid"), "vendorErrorCode": said("vec")})
        await self.tell("StatusNotification", {"connectorId": 2, "status": said("sts"), "errorCode": said("eco")})
        await self.tell("Authorize", {"idTag": said("tag")})
        start = {"connectorId": 1, "idTag": said("tag"), "meterStart": 100, "timestamp": moment(-600)}
        started = await self.call("StartTransaction", start)
        sampled = {"value": said("mea"), "measurand": H, "unit": H, "format": "SignedData", "context": H, "phase": H}
        meters = [{"timestamp": moment(-500), "sampledValue": [sampled, {"value": "200"}]}]
        which = {"connectorId": 1, "transactionId": started["transactionId"]}
        await self.tell("MeterValues", {**which, "meterValue": meters})
        stop = {"transactionId": started["transactionId"], "meterStop": 300, "timestamp": moment(-10)}
        await self.tell("StopTransaction", {**stop, "reason": said("rea"), "idTag": said("tag")})
        await self.tell("DataTransfer", {"vendorId": said("dtv"), "messageId": said("dtm"), "data": said("dtd")})
        await self.tell("DiagnosticsStatusNotification", {"status": H})
        await self.tell("FirmwareStatusNotification", {"status": H})
        await self.tell("LogStatusNotification", {"status": H, "requestId": 1})
        security = {"type": said("sec"), "timestamp": moment(), "techInfo": said("tec")}
        await self.tell("SecurityEventNotification", security)
        await self.tell("SignCertificate", {"csr": said("csr")})
        await self.tell(said("act"), {said("fld"): said("pay")}, message_id=said("mid"))
        await self.socket.send(f"{H} is no JSON")


class Liar201(Liar):
    answers = {
        "Reset": {"status": "Rejected", "statusInfo": {"reasonCode": said("rc1"), "additionalInfo": said("ai1")}},
        "GetBaseReport": {"status": "Accepted"},
        "GetMonitoringReport": {"status": "Accepted"},
        "GetDisplayMessages": {"status": "Accepted"},
        "CustomerInformation": {"status": "Accepted"},
        "GetChargingProfiles": {"status": "Accepted"},
        "GetLog": {"status": "Accepted", "filename": said("lg2")},
        "DataTransfer": {"status": "Accepted", "data": {said("dk2"): said("dv2")}},
        "GetVariables": {
            "getVariableResult": [
                {
                    "attributeStatus": "Accepted",
                    "attributeValue": said("gv2"),
                    "component": {"name": said("gc2")},
                    "variable": {"name": said("gn2")},
                }
            ]
        },
    }

    def __init__(self, address):
        super().__init__(address, "ocpp2.0.1")

    def afterwards(self, action, payload):
        request = {"requestId": payload.get("requestId", 1), "generatedAt": moment(), "seqNo": 0, "tbc": False}
        place = {
            "component": {"name": said("cn2"), "instance": said("ci2"), "evse": {"id": 1}},
            "variable": {"name": said("vn2"), "instance": said("vi2")},
        }
        match action:
            case "GetBaseReport":
                value = {"type": "Actual", "value": said("av2"), "mutability": "ReadWrite"}
                about = {"dataType": "OptionList", "supportsMonitoring": True, "unit": H, "valuesList": said("vl2")}
                data = [{**place, "variableAttribute": [value], "variableCharacteristics": about}]
                yield "NotifyReport", {**request, "reportData": data}
            case "GetMonitoringReport":
                monitor = {"id": 1, "transaction": False, "value": 1, "type": "UpperThreshold", "severity": 3}
                yield "NotifyMonitoringReport", {**request, "monitor": [{**place, "variableMonitoring": [monitor]}]}
            case "GetDisplayMessages":
                text = {"format": "HTML", "content": said("dsp"), "language": H}
                message = {"id": 1, "priority": "InFront", "message": text, "transactionId": H}
                yield "NotifyDisplayMessages", {"requestId": request["requestId"], "messageInfo": [message]}
            case "CustomerInformation":
                yield "NotifyCustomerInformation", {**request, "data": said("cus")}

    async def speak(self):
        about = {
            "vendorName": said("vn3"),
            "model": said("mo3"),
            "serialNumber": said("sn3"),
            "firmwareVersion": said("fv3"),
            "modem": {"iccid": said("ic3"), "imsi": said("im3")},
            "customData": {"vendorId": said("cd3"), said("ck3"): said("cv3")},
        }
        await self.call("BootNotification", {"reason": "PowerUp", "chargingStation": about})
        plug = {"timestamp": moment(), "connectorStatus": "Faulted", "evseId": 1, "connectorId": 1}
        await self.tell("StatusNotification", plug)
        event = {
            "eventId": 1,
            "timestamp": moment(),
            "trigger": "Alerting",
            "actualValue": said("ne1"),
            "techCode": said("ne2"),
            "techInfo": said("ne3"),
            "transactionId": said("ne4"),
            "eventNotificationType": "HardWiredNotification",
            "component": {"name": said("ne5"), "evse": {"id": 1}},
            "variable": {"name": said("ne6")},
        }
        await self.tell("NotifyEvent", {"generatedAt": moment(), "seqNo": 0, "eventData": [event]})
        session = {
            "triggerReason": "Authorized",
            "transactionInfo": {"transactionId": said("tid")},
            "idToken": {
                "idToken": said("idt"),
                "type": "ISO14443",
                "additionalInfo": [{"additionalIdToken": H, "type": H}],
            },
            "evse": {"id": 1, "connectorId": 1},
        }
        signed = {"signedMeterData": said("smd"), "signingMethod": H, "encodingMethod": H, "publicKey": H}
        sampled = {"value": 100, "signedMeterValue": signed, "location": H, "phase": H, "measurand": H}
        meters = [{"timestamp": moment(-60), "sampledValue": [sampled]}]
        at = {"timestamp": moment(-60), "seqNo": 0, "meterValue": meters}
        await self.tell("TransactionEvent", {**session, **at, "eventType": "Started"})
        ended = {"timestamp": moment(-10), "seqNo": 1, "eventType": "Ended", "triggerReason": H}
        info = {"transactionId": said("tid"), "stoppedReason": said("str")}
        await self.tell("TransactionEvent", {**session, **ended, "transactionInfo": info})
        await self.tell("DataTransfer", {"vendorId": said("dv3"), "messageId": said("dm3"), "data": {said("dk3"): H}})
        security = {"type": said("se3"), "timestamp": moment(), "techInfo": said("te3")}
        await self.tell("SecurityEventNotification", security)
        await self.tell("LogStatusNotification", {"status": H})
        await self.tell("FirmwareStatusNotification", {"status": H, "requestId": 1})
        where = {"status": "Published", "location": [f"javascript:{said('loc')}"], "requestId": 1}
        await self.tell("PublishFirmwareStatusNotification", where)
        limit = {"chargingLimitSource": H, "isGridCritical": True}
        await self.tell("NotifyChargingLimit", {"chargingLimit": limit, "evseId": 1})
        await self.tell(said("ac3"), {said("fl3"): said("pa3")}, message_id=said("mi3"))
