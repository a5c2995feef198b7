"""A 2.0.1 station with one EVSE, and the shared states its scenarios begin with."""

import secrets

from tests.line.scripted import Scripted, moment

EVSE = {"id": 1, "connectorId": 1}


def rfid(uid):
    return {"idToken": uid, "type": "ISO14443"}


def meter(register_wh, context, *, at_s=0, signed=False):
    sample = {"value": register_wh, "context": context, "measurand": "Energy.Active.Import.Register"}
    if signed:
        data = {"signedMeterData": "T0NNRnx7fXx7fQ==", "signingMethod": "ECDSA-secp256r1-SHA256"}
        sample["signedMeterValue"] = {**data, "encodingMethod": "OCMF", "publicKey": "MFkw"}
    return {"timestamp": moment(at_s), "sampledValue": [sample]}


class Post(Scripted):
    """One EVSE, one transaction at a time; half an hour passes in it, a minute an event."""

    def __init__(self, address, **options):
        super().__init__(address, "ocpp2.0.1", **options)
        self.transaction_id, self.seq_no, self.at_s = secrets.token_hex(8), 0, -1_800

    async def event(self, kind, trigger, *, token=None, meters=None, evse=EVSE, **info):
        payload = {
            "eventType": kind,
            "timestamp": moment(self.at_s),
            "triggerReason": trigger,
            "seqNo": self.seq_no,
            "transactionInfo": {"transactionId": self.transaction_id, **info},
            "evse": evse,
        }
        self.seq_no, self.at_s = self.seq_no + 1, self.at_s + 60
        if token:
            payload["idToken"] = rfid(token)
        if meters:
            payload["meterValue"] = meters
        return await self.call("TransactionEvent", payload)

    async def plug(self, state):
        """Both ways in which a 2.0.1 station tells the state of a connector."""
        payload = {"timestamp": moment(self.at_s), "connectorStatus": state, "evseId": 1, "connectorId": 1}
        assert await self.call("StatusNotification", payload) == {}
        assert await self.notify("Connector", "AvailabilityState", state) == {}

    async def notify(self, component, variable, value, *, trigger="Delta", **more):
        event = {
            "eventId": self.seq_no,
            "timestamp": moment(),
            "trigger": trigger,
            "actualValue": value,
            "eventNotificationType": "HardWiredNotification",
            "component": {"name": component, "evse": EVSE},
            "variable": {"name": variable},
            **more,
        }
        return await self.call("NotifyEvent", {"generatedAt": moment(), "seqNo": 0, "eventData": [event]})

    async def authorise(self, token, status="Accepted"):
        answer = await self.call("Authorize", {"idToken": rfid(token)})
        assert answer["idTokenInfo"]["status"] == status
        return answer["idTokenInfo"]

    # the shared states of the diagrams

    async def connected_before_session(self):
        await self.plug("Occupied")
        begin = [meter(1_000, "Transaction.Begin", at_s=self.at_s)]
        await self.event("Started", "CablePluggedIn", chargingState="EVConnected", meters=begin)

    async def energy_transfer(self, token):
        await self.connected_before_session()
        await self.authorise(token)
        answer = await self.event("Updated", "Authorized", token=token)
        assert answer["idTokenInfo"]["status"] == "Accepted"
        await self.event("Updated", "ChargingStateChanged", chargingState="Charging")

    async def connected_after_session(self, token):
        answer = await self.event("Updated", "StopAuthorized", token=token)
        assert answer["idTokenInfo"]["status"] == "Accepted"
        await self.event("Updated", "ChargingStateChanged", chargingState="EVConnected")

    async def disconnected(self, meters=None):
        await self.plug("Available")
        await self.event(
            "Ended",
            "EVCommunicationLost",
            chargingState="Idle",
            stoppedReason="EVDisconnected",
            meters=meters or [meter(6_000, "Transaction.End", at_s=self.at_s)],
        )
