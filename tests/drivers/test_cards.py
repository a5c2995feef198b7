"""Cards: ordered, activated by their printed number, adopted, found again, merged."""

from datetime import UTC, datetime

import pytest

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def actor():
    from ohmstead.access.actors import SYSTEM

    return SYSTEM


def card(organisation, uid, **fields):
    from ohmstead.drivers.actions import create_token

    return create_token(organisation, uid, by=actor(), **fields)


def test_a_card_is_activated_by_its_printed_number(organisation, ada):
    from ohmstead.drivers.cards import activate_card, order_cards

    order_cards(organisation, [("OHM 1000-17", "04A25C10203040")], by=actor())
    token = activate_card(organisation, "ohm1000 17", ada, by=actor())
    assert (token.driver, token.status) == (ada, "valid")


@pytest.mark.parametrize("number", ["OHM 99", "", "OHM 1"])
def test_a_number_nobody_waits_for_is_refused_in_the_same_words(organisation, ada, ben, number):
    from ohmstead.drivers.cards import activate_card, order_cards
    from ohmstead.drivers.errors import NotThisToken

    order_cards(organisation, [("OHM 1", "CARD1")], by=actor(), driver=ben)
    with pytest.raises(NotThisToken, match=r"^No card with this number waits to be activated\.$"):
        activate_card(organisation, number, ada, by=actor())


def test_one_bad_card_of_a_delivery_stores_none(organisation):
    from ohmstead.drivers.cards import order_cards
    from ohmstead.drivers.errors import TokenRefused

    with pytest.raises(TokenRefused, match="printed number OHM1"):
        order_cards(organisation, [("OHM 1", "CARD1"), ("ohm-1", "CARD2")], by=actor())
    assert not organisation.tokens.exists()


def test_a_card_read_backwards_is_found_and_refused(organisation):
    from ohmstead.drivers.errors import TokenRefused

    card(organisation, "04A25C10")
    with pytest.raises(TokenRefused, match="bytes in the other order"):
        card(organisation, "10:5C:A2:04")


@pytest.mark.parametrize(
    "text", ["04:a2:5c:10", "105CA204", "ohm 1", "Ada", "ada@example.org", "blue card", "B-AB 123"]
)
def test_a_card_is_found_by_all_that_names_it(organisation, ada, text):
    from ohmstead.drivers.queries import search_drivers, search_tokens

    mine = card(organisation, "04A25C10", driver=ada, printed_number="OHM 1", label="Blue card", plate="B AB 123")
    card(organisation, "CARD9", label="Someone else's")
    assert list(search_tokens(organisation, text)) == [mine]
    assert list(search_drivers(organisation, text)) == [ada]


def test_an_unknown_card_is_adopted_and_no_longer_unknown(organisation, ada):
    from ohmstead.drivers.cards import adopt
    from ohmstead.drivers.queries import unknown_cards

    sighting = seen(organisation, "04A25C10")
    assert list(unknown_cards(organisation, NOON)) == [sighting]
    token = adopt(sighting, by=actor(), driver=ada, label="Ada's")
    assert (token.canonical_uid, token.driver, str(token)) == ("04A25C10", ada, "Ada's")
    assert list(unknown_cards(organisation, NOON)) == []


def test_a_known_card_that_a_reader_turns_round_joins_its_driver(organisation, ada):
    from ohmstead.drivers.cards import adopt

    known = card(organisation, "04A25C10", driver=ada, label="Ada's")
    twin = adopt(seen(organisation, "105CA204"), by=actor())
    assert (twin.driver, twin.label, twin.parent_uid) == (ada, "Ada's", known.canonical_uid)


def test_merging_keeps_what_either_knew(organisation, ada):
    from ohmstead.drivers.actions import merge_tokens

    kept = card(organisation, "04A25C10")
    other = card(organisation, "OHM1", printed_number="OHM 1", driver=ada)
    merge_tokens(kept, other, by=actor())
    kept.refresh_from_db()
    assert (kept.driver, kept.printed_number) == (ada, "OHM1")
    assert list(organisation.tokens.all()) == [kept]


def test_blocking_keeps_the_reason(organisation):
    from ohmstead.drivers.actions import block_token, unblock_token

    token = card(organisation, "CARD1")
    block_token(token, by=actor(), reason="lost on a train")
    assert token.blocked_because == "lost on a train"
    unblock_token(token, by=actor(), reason="found")
    assert token.blocked_because == ""


@pytest.mark.parametrize(
    ("kind", "uid", "said"),
    [
        pytest.param("emaid", "DE-8AA", "no contract id", id="contract"),
        pytest.param("emaid", "NL-TNM-000122045-X", "check digit is wrong", id="contract with a wrong digit"),
        pytest.param("mac_address", "02005E00", "12 digits", id="car"),
        pytest.param("plate", "", "three letters", id="plate"),
        pytest.param("rfid", " :- ", "at least one letter", id="card"),
    ],
)
def test_what_is_no_token_is_refused_in_words(organisation, kind, uid, said):
    from ohmstead.drivers.errors import TokenRefused
    from ohmstead.station.tokens import TokenKind

    with pytest.raises(TokenRefused, match=said):
        card(organisation, uid, kind=TokenKind(kind))
    assert not organisation.tokens.exists()


def test_apps_guests_and_plates_have_uids_nobody_can_guess(organisation):
    from ohmstead.station.tokens import TokenKind

    uids = {
        card(organisation, "", kind=kind, plate=plate).uid
        for kind, plate in [(TokenKind.APP, ""), (TokenKind.GUEST, ""), (TokenKind.PLATE, "B-AB 123")]
    }
    assert len(uids) == 3
    assert all(len(uid) == 19 for uid in uids)  # OCPP 1.6 takes 20


class TestAutocharge:
    def test_a_car_is_learned_from_a_charge_the_driver_confirms(self, organisation, ada):
        from ohmstead.drivers.autocharge import forget_cars, learn_car
        from ohmstead.drivers.people import change_driver

        change_driver(ada, by=actor(), autocharge=True)
        token = learn_car(ada, seen(organisation, "02005E00ABCD", kind="mac_address"), by=actor())
        assert (token.driver, token.kind) == (ada, "mac_address")
        assert forget_cars(ada, by=actor()) == 1
        assert not organisation.tokens.exists()

    def test_without_consent_none_is_learned(self, organisation, ada):
        from ohmstead.drivers.autocharge import learn_car
        from ohmstead.drivers.errors import TokenRefused

        with pytest.raises(TokenRefused, match="not agreed"):
            learn_car(ada, seen(organisation, "02005E00ABCD", kind="mac_address"), by=actor())

    def test_a_card_is_no_car(self, organisation, ada):
        from ohmstead.drivers.autocharge import learn_car
        from ohmstead.drivers.errors import TokenRefused
        from ohmstead.drivers.people import change_driver

        change_driver(ada, by=actor(), autocharge=True)
        with pytest.raises(TokenRefused, match="no car"):
            learn_car(ada, seen(organisation, "04A25C10"), by=actor())


def seen(organisation, uid, kind="rfid"):
    from ohmstead.drivers.models import Sighting
    from ohmstead.network.models import Station

    station, _ = Station.objects.get_or_create(organisation=organisation, identity="CS-1")
    return Sighting.objects.create(
        organisation=organisation,
        canonical_uid=uid,
        uid=uid,
        station=station,
        kind=kind,
        verdict="unknown",
        first_at=NOON,
        last_at=NOON,
        minute_at=NOON,
    )
