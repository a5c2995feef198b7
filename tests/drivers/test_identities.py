from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from ohmstead.drivers.rules import identities
from ohmstead.drivers.rules.movement import distance_km, too_far_apart
from ohmstead.station.tokens import PresentedToken, TokenKind, canonical_uid, emaid_check_digit
from ohmstead.wire.hearing import Hearing
from ohmstead.wire.tokens import presented

BERLIN, HAMBURG = (52.52, 13.405), (53.551, 9.993)


@pytest.mark.parametrize(
    ("contract", "digit"),
    [("NLTNM000122045", "U"), ("DE83DUIEN83QGZ", "D")],  # printed in the field's own documents
)
def test_the_check_digit_of_a_contract(contract, digit):
    assert emaid_check_digit(contract) == digit


@pytest.mark.parametrize(
    ("spelt", "compared"),
    [
        pytest.param("nl-tnm-000122045-u", "NLTNM000122045", id="with separators and digit"),
        pytest.param("NLTNM000122045", "NLTNM000122045", id="without"),
        pytest.param("NL-TNM-000122045-X", "NLTNM000122045X", id="a wrong digit is no digit"),
        pytest.param("04:a2 5c-10", "04A25C10", id="a card"),
    ],
)
def test_spellings(spelt, compared):
    assert canonical_uid(spelt) == compared


def test_a_contract_is_written_with_its_digit():
    assert identities.contract_id_with_digit("NLTNM000122045") == "NL-TNM-000122045-U"


@pytest.mark.parametrize(
    ("uid", "turned"),
    [
        pytest.param("04:A2:5C:10", "105CA204", id="four bytes"),
        pytest.param("04a25c10203040", "403020105CA204", id="seven bytes"),
        pytest.param("E0040150ABCDEF12", "12EFCDAB500104E0", id="ISO 15693"),
        pytest.param("04A2A204", None, id="reads the same"),
        pytest.param("CARD0001", None, id="no hexadecimal"),
        pytest.param("04A25C", None, id="no card has three bytes"),
    ],
)
def test_bytes_read_backwards(uid, turned):
    assert identities.read_backwards(uid) == turned


@pytest.mark.parametrize(
    ("read", "known", "alike"),
    [
        pytest.param("BAB123", "BAB123", True, id="same"),
        pytest.param("8AB123", "BAB123", True, id="8 for B"),
        pytest.param("B0B1I3", "BOB1I3", True, id="0 for O"),
        pytest.param("8A8123", "BAB123", False, id="two characters"),
        pytest.param("BAB124", "BAB123", False, id="not look-alikes"),
        pytest.param("BAB12", "BAB123", False, id="one is missing"),
    ],
)
def test_plates_alike(read, known, alike):
    assert identities.plates_alike(read, known) is alike
    assert (known in identities.plate_look_alikes(read)) is alike


def test_distance():
    assert distance_km(BERLIN, HAMBURG) == pytest.approx(255, abs=3)


@pytest.mark.parametrize(("minutes", "copied"), [(10, True), (74, True), (80, False), (300, False)])
def test_nobody_drives_faster_than_200_km_per_hour(minutes, copied):
    noon = datetime(2026, 5, 4, 12, tzinfo=UTC)
    assert too_far_apart(BERLIN, noon, HAMBURG, noon + timedelta(minutes=minutes)) is copied


def test_a_car_in_the_place_of_a_card_is_a_car():
    car = presented("VID:02005E00abcd", TokenKind.RFID, Hearing(UUID(int=1), 1, 0, datetime(2026, 5, 4, tzinfo=UTC)))
    assert car == PresentedToken("02005E00abcd", TokenKind.MAC_ADDRESS)
