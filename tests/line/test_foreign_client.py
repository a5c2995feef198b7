"""The charge point client of the PyPI package `ocpp` boots, authorises, charges and stops: a peer we did not write."""

import asyncio
import contextlib
import secrets
import ssl

import pytest
import websockets
from ocpp.v16 import ChargePoint as ChargePoint16
from ocpp.v16 import call as call16
from ocpp.v21 import ChargePoint as ChargePoint21
from ocpp.v21 import call as call21
from ocpp.v201 import ChargePoint as ChargePoint201
from ocpp.v201 import call as call201

from tests.line.scripted import moment
from tests.line.security import door

PROFILES = [0, 1, 2, 3]


@contextlib.asynccontextmanager
async def connected(client, subprotocol, entrance, identity):
    context: ssl.SSLContext | None = entrance.context
    headers = {"Authorization": entrance.authorization} if entrance.authorization else {}
    protocols = [websockets.Subprotocol(subprotocol)]
    async with websockets.connect(
        entrance.address, subprotocols=protocols, additional_headers=headers, ssl=context
    ) as socket:
        charge_point = client(identity, socket)
        listening = asyncio.create_task(charge_point.start())
        try:
            yield charge_point
        finally:
            listening.cancel()


@pytest.mark.parametrize("profile", PROFILES)
async def test_1_6_client_charges(network, profile):
    identity = f"OHM-{secrets.token_hex(4)}"
    card = network.card("04A1B2C3")
    entrance = door(network, identity, profile)
    async with connected(ChargePoint16, "ocpp1.6", entrance, identity) as station:
        boot = await station.call(call16.BootNotification(charge_point_model="Post", charge_point_vendor="Example"))
        assert boot.status == "Accepted"
        assert (await station.call(call16.Authorize(id_tag=card))).id_tag_info["status"] == "Accepted"
        begin = call16.StartTransaction(connector_id=1, id_tag=card, meter_start=12_345, timestamp=moment(-1_800))
        started = await station.call(begin)
        assert started.id_tag_info["status"] == "Accepted"
        sample = {"timestamp": moment(-900), "sampledValue": [{"value": "15000"}]}
        await station.call(
            call16.MeterValues(connector_id=1, transaction_id=started.transaction_id, meter_value=[sample])
        )
        end = call16.StopTransaction(meter_stop=19_845, timestamp=moment(), transaction_id=started.transaction_id)
        await station.call(end)
    [session] = network.settled(1, state="ended")
    assert session.energy_wh == 7_500


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize(
    ("client", "call", "subprotocol"),
    [
        pytest.param(ChargePoint201, call201, "ocpp2.0.1", id="2.0.1"),
        pytest.param(ChargePoint21, call21, "ocpp2.1", id="2.1"),
    ],
)
async def test_2_x_client_charges(network, client, call, subprotocol, profile):
    identity = f"OHM-{secrets.token_hex(4)}"
    card = network.card("04A1B2C3")
    entrance = door(network, identity, profile)
    token = {"id_token": card, "type": "ISO14443"}
    transaction_id = secrets.token_hex(8)

    def event(kind, trigger, seq_no, at_s, register_wh, context, **more):
        sample = {"value": register_wh, "context": context}
        return call.TransactionEvent(
            event_type=kind,
            timestamp=moment(at_s),
            trigger_reason=trigger,
            seq_no=seq_no,
            transaction_info={"transaction_id": transaction_id, **more},
            evse={"id": 1, "connector_id": 1},
            id_token=token,
            meter_value=[{"timestamp": moment(at_s), "sampled_value": [sample]}],
        )

    async with connected(client, subprotocol, entrance, identity) as station:
        boot = call.BootNotification(charging_station={"model": "Post", "vendor_name": "Example"}, reason="PowerUp")
        assert (await station.call(boot)).status == "Accepted"
        assert (await station.call(call.Authorize(id_token=token))).id_token_info["status"] == "Accepted"
        begin = event("Started", "Authorized", 0, -1_800, 12_345, "Transaction.Begin")
        assert (await station.call(begin)).id_token_info["status"] == "Accepted"
        await station.call(event("Updated", "MeterValuePeriodic", 1, -900, 15_000, "Sample.Periodic"))
        await station.call(event("Ended", "StopAuthorized", 2, 0, 19_845, "Transaction.End", stopped_reason="Local"))
    [session] = network.settled(1, state="ended")
    assert session.energy_wh == 7_500
