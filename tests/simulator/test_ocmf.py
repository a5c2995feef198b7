"""Signed readings verify with a library that is not ours."""

from datetime import UTC, datetime

import pytest
from pyocmf import OCMF, PublicKey
from pyocmf.exceptions import PyOCMFError

from ohmstead.simulator.ocmf import SignedReading, signer_of

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


@pytest.mark.parametrize("other", [(2, "OHM-1"), (1, "OHM-2")], ids=["another seed", "another station"])
def test_every_meter_has_its_own_key_and_keeps_it(other: tuple[int, str]) -> None:
    assert signer_of(1, "OHM-1", "M1").public_key_hex == signer_of(1, "OHM-1", "M1").public_key_hex
    assert signer_of(1, "OHM-1", "M1").public_key_hex != signer_of(*other, "M1").public_key_hex
