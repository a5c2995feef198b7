"""Signed readings verify with a library that is not ours."""

from base64 import b64decode
from datetime import UTC, datetime

import pytest
from pyocmf import OCMF, PublicKey
from pyocmf.exceptions import PyOCMFError

from ohmstead.simulator import sessions
from ohmstead.simulator.ocmf import SignedReading, signer_of
from ohmstead.station.tokens import PresentedToken
from tests.simulator.scripted_csms import Csms
from tests.simulator.simulated import fleet_at, saloon

AT = datetime(2026, 11, 22, 12, 30, 15, 250_000, tzinfo=UTC)
READING = SignedReading(page=7, kind="ended", at=AT, register_wh=123_456, token_uid="04A1B2C3")


def verified(text: str, key_hex: str) -> bool:
    return OCMF.from_string(text, strict=True).verify_signature(PublicKey.from_string(key_hex))


def test_a_signed_reading_verifies() -> None:
    signer = signer_of(1, "OHM-1", "M1")
    text = signer.sign(READING)
    assert verified(text, signer.public_key_hex)
    reading = OCMF.from_string(text).payload.RD[0]
    assert str(reading.RV) == "123.456"
    assert reading.RU == "kWh"


def test_a_changed_register_does_not_verify() -> None:
    signer = signer_of(1, "OHM-1", "M1")
    text = signer.sign(READING).replace("123.456", "923.456")
    try:
        assert not verified(text, signer.public_key_hex)
    except PyOCMFError:
        pass


def test_another_meters_key_does_not_verify() -> None:
    text = signer_of(1, "OHM-1", "M1").sign(READING)
    try:
        assert not verified(text, signer_of(1, "OHM-2", "M2").public_key_hex)
    except PyOCMFError:
        pass


@pytest.mark.parametrize("identity", ["S16", "S201"])
async def test_both_ends_of_a_session_verify_as_the_network_gets_them(csms: Csms, identity: str) -> None:
    async with fleet_at(csms, more=", signed: true") as fleet:
        station = fleet.stations[identity]
        evse = station.evses[0]
        card = PresentedToken("04A1B2C3")
        sessions.plug(station, evse, saloon())
        await sessions.present(station, evse, card)
        await csms.until(lambda: evse.meter.flow.power_w)
        await sessions.present(station, evse, card)
        await csms.until(lambda: not station.outbox.stored)
        key_hex = signer_of(fleet.options.seed, identity, f"M{station.nameplate.serial}").public_key_hex
    if identity == "S16":
        data = csms.calls("StopTransaction")[0]["transactionData"]
        texts = [value["value"] for one in data for value in one["sampledValue"] if value.get("format") == "SignedData"]
    else:
        told = [m for e in csms.calls("TransactionEvent") for m in e.get("meterValue", [])]
        signed = [v["signedMeterValue"] for m in told for v in m["sampledValue"] if "signedMeterValue" in v]
        texts = [b64decode(one["signedMeterData"]).decode() for one in signed]
        assert b64decode(signed[0]["publicKey"]).decode().endswith(key_hex)
    assert [OCMF.from_string(text).payload.RD[0].TX.value for text in texts] == ["B", "E"]
    assert all(verified(text, key_hex) for text in texts)


@pytest.mark.parametrize("other", [(2, "OHM-1"), (1, "OHM-2")], ids=["another seed", "another station"])
def test_every_meter_has_its_own_key_and_keeps_it(other: tuple[int, str]) -> None:
    assert signer_of(1, "OHM-1", "M1").public_key_hex == signer_of(1, "OHM-1", "M1").public_key_hex
    assert signer_of(1, "OHM-1", "M1").public_key_hex != signer_of(*other, "M1").public_key_hex
