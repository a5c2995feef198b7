"""Signing up and in by a code, and what a driver keeps with us."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


def ask(organisation, email="ada@example.org", *, place="192.0.2.1", now=NOW, **more):
    from ohmstead.drivers import sign_in_codes

    return sign_in_codes.ask(organisation, email, place=place, now=now, **more)


def redeem(asked, code=None, now=NOW):
    from ohmstead.drivers import sign_in_codes

    return sign_in_codes.redeem_code(asked.id, asked.code if code is None else code, now=now)


def refused():
    from ohmstead.drivers.errors import CodeRefused

    return pytest.raises(CodeRefused)


def test_a_code_opens_a_new_account_and_then_the_same_one(organisation):
    from ohmstead.drivers.accounts import open_account

    user, driver, is_new = open_account(redeem(ask(organisation, " Cleo@Example.org ")), language="de")
    assert (user.email, driver.email, driver.language, is_new) == ("cleo@example.org", "cleo@example.org", "de", True)
    assert not user.has_usable_password()
    again, same, is_new = open_account(redeem(ask(organisation, "cleo@example.org")))
    assert (again, same, is_new) == (user, driver, False)


def test_a_driver_the_operator_entered_becomes_the_accounts(organisation, ada):
    from ohmstead.drivers.accounts import open_account

    user, driver, _ = open_account(redeem(ask(organisation, ada.email)))
    assert (driver.pk, driver.name, driver.user) == (ada.pk, "Ada Fast", user)


def test_an_operator_may_also_be_a_driver_and_stays_one_person(organisation):
    from ohmstead.access.models import User
    from ohmstead.drivers.accounts import become_driver

    oscar = User.objects.create_user("oscar@town.example", "a long enough secret", name="Oscar")
    driver = become_driver(oscar, organisation)
    assert (driver.user, driver.name) == (oscar, "Oscar")
    assert become_driver(oscar, organisation) == driver


def test_a_code_is_used_once(organisation):
    asked = ask(organisation)
    redeem(asked)
    with refused():
        redeem(asked)


def test_code_and_link_are_one_and_used_once(organisation):
    from ohmstead.drivers import sign_in_codes

    asked = ask(organisation)
    assert sign_in_codes.link_holds(asked.secret, NOW)
    sign_in_codes.redeem_link(asked.secret, now=NOW)
    assert not sign_in_codes.link_holds(asked.secret, NOW)
    with refused():
        redeem(asked)
    with refused():
        sign_in_codes.redeem_link(asked.secret, now=NOW)


def test_a_code_is_too_old_after_fifteen_minutes(organisation):
    asked = ask(organisation)
    with refused():
        redeem(asked, now=NOW + timedelta(minutes=15))


def test_after_five_wrong_codes_the_right_one_comes_too_late(organisation):
    asked = ask(organisation)
    wrong = "000000" if asked.code != "000000" else "111111"
    for _ in range(5):
        with refused():
            redeem(asked, wrong)
    with refused():
        redeem(asked)


def test_a_code_typed_with_spaces_is_the_code(organisation):
    asked = ask(organisation)
    assert redeem(asked, f" {asked.code[:3]} {asked.code[3:]} ").email == "ada@example.org"


def test_to_one_address_five_mails_an_hour_go_and_the_answer_stays_the_same(organisation):
    asked = [ask(organisation, place=f"192.0.2.{n}") for n in range(6)]
    assert [each.code is None for each in asked] == [False] * 5 + [True]
    assert ask(organisation, now=NOW + timedelta(minutes=61)).code is not None


def test_one_place_cannot_ask_for_everybody(organisation):
    from ohmstead.drivers.errors import TooManyCodes

    for number in range(30):
        ask(organisation, f"driver{number}@example.org")
    with pytest.raises(TooManyCodes):
        ask(organisation, "one.more@example.org")
    assert ask(organisation, "one.more@example.org", place="192.0.2.2").code


def test_neither_code_nor_link_is_kept(organisation):
    from ohmstead.drivers.models import SignInCode

    asked = ask(organisation)
    kept = " ".join(str(value) for value in SignInCode.objects.values().get().values())
    assert asked.code not in kept.replace(str(asked.id), "")
    assert asked.secret not in kept
    assert "192.0.2.1" not in kept


@pytest.mark.parametrize("email", ["", "ada", "ada@", "a\0da@", "ada@example.org, ben@example.org"])
def test_what_is_no_address_gets_no_code(organisation, email):
    with refused():
        ask(organisation, email)


def test_a_switched_off_account_stays_closed(organisation):
    from ohmstead.access.models import User
    from ohmstead.drivers.accounts import open_account
    from ohmstead.drivers.errors import AccountRefused

    User.objects.create_user("ada@example.org", None, is_active=False)
    with pytest.raises(AccountRefused):
        open_account(redeem(ask(organisation)))


def test_a_proved_new_address_becomes_the_accounts(organisation, ada):
    from ohmstead.drivers.accounts import change_email, open_account
    from ohmstead.drivers.models import CodePurpose
    from ohmstead.drivers.sign_in_codes import redeem_link

    user, driver, _ = open_account(redeem(ask(organisation)))
    asked = ask(organisation, "ada@new.example", purpose=CodePurpose.CHANGE_EMAIL, user=user)
    assert change_email(redeem_link(asked.secret, now=NOW)) == "ada@example.org"
    user.refresh_from_db()
    driver.refresh_from_db()
    assert (user.email, driver.email) == ("ada@new.example", "ada@new.example")


def test_an_address_of_somebody_else_is_not_taken_over(organisation):
    from ohmstead.access.models import User
    from ohmstead.drivers.accounts import change_email, open_account
    from ohmstead.drivers.errors import AccountRefused
    from ohmstead.drivers.models import CodePurpose
    from ohmstead.drivers.sign_in_codes import redeem_link

    User.objects.create_user("ben@example.org", None)
    user, _, _ = open_account(redeem(ask(organisation)))
    asked = ask(organisation, "ben@example.org", purpose=CodePurpose.CHANGE_EMAIL, user=user)
    with pytest.raises(AccountRefused):
        change_email(redeem_link(asked.secret, now=NOW))
    user.refresh_from_db()
    assert user.email == "ada@example.org"


def test_a_code_to_change_an_address_signs_nobody_in(organisation):
    from ohmstead.drivers.accounts import open_account
    from ohmstead.drivers.models import CodePurpose

    user, _, _ = open_account(redeem(ask(organisation)))
    asked = ask(organisation, "new@example.org", purpose=CodePurpose.CHANGE_EMAIL, user=user)
    with refused():
        redeem(asked)


def test_the_domain_of_a_proved_address_lets_into_its_group(organisation):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.drivers.accounts import open_account
    from ohmstead.drivers.models import GroupDomain
    from ohmstead.drivers.people import create_group

    staff = create_group(organisation, "Staff", by=SYSTEM)
    GroupDomain.objects.create(organisation=organisation, group=staff, domain="firm.example")
    _, inside, _ = open_account(redeem(ask(organisation, "a@firm.example")))
    _, outside, _ = open_account(redeem(ask(organisation, "a@notfirm.example")))
    assert list(inside.groups.all()) == [staff]
    assert not outside.groups.exists()


def test_the_first_vehicle_is_the_main_one_until_another_is(ada):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.drivers import keeping
    from ohmstead.drivers.keeping import CarFacts

    first = keeping.add_vehicle(ada, CarFacts("Zoe", battery_kwh=Decimal(52), plugs=["IEC_62196_T2"]), by=SYSTEM)
    second = keeping.add_vehicle(ada, CarFacts("Van"), by=SYSTEM)
    assert (first.is_main, second.is_main) == (True, False)
    keeping.make_main(second, by=SYSTEM)
    first.refresh_from_db()
    assert not first.is_main
    keeping.remove_vehicle(second, by=SYSTEM)
    first.refresh_from_db()
    assert first.is_main


@pytest.mark.parametrize(
    "facts",
    [{"name": " "}, {"name": "Car", "plugs": ["HOSE"]}, {"name": "Car", "battery_kwh": Decimal(-1)}],
    ids=["no name", "unknown plug", "negative battery"],
)
def test_a_vehicle_that_cannot_be_is_refused(ada, facts):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.drivers import keeping
    from ohmstead.drivers.errors import AccountRefused
    from ohmstead.drivers.keeping import CarFacts

    with pytest.raises(AccountRefused):
        keeping.add_vehicle(ada, CarFacts(**facts), by=SYSTEM)
    assert not ada.vehicles.exists()


def test_a_consent_has_a_history_and_autocharge_follows_it(ada):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.drivers import keeping
    from ohmstead.drivers.models import Consent, ConsentKind
    from ohmstead.drivers.queries import consents_now

    for given in (True, True, False):
        keeping.set_consent(ada, ConsentKind.AUTOCHARGE, given, wording="My car may be recognised.", by=SYSTEM)
        assert ada.autocharge is given
    assert list(Consent.objects.order_by("at").values_list("given", flat=True)) == [True, False]
    assert consents_now(ada) == {"autocharge": False}


def test_a_consent_taken_back_recognises_nothing_any_more(ada):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.drivers import keeping
    from ohmstead.drivers.actions import create_token
    from ohmstead.drivers.models import ConsentKind
    from ohmstead.station.tokens import TokenKind

    town, known = ada.organisation, {"by": SYSTEM, "driver": ada}
    create_token(town, "02005E00ABCD", kind=TokenKind.MAC_ADDRESS, **known)
    create_token(town, kind=TokenKind.PLATE, plate="HILL42", **known)
    for kind in (ConsentKind.AUTOCHARGE, ConsentKind.PLATES):
        keeping.set_consent(ada, kind, True, wording="", by=SYSTEM)
        keeping.set_consent(ada, kind, False, wording="", by=SYSTEM)
    assert not ada.tokens.filter(status="valid").exists()
    assert not ada.tokens.exclude(plate="").exists()


def test_the_catalogue_holds_believable_cars():
    from ohmstead.drivers.catalogue import cars
    from ohmstead.drivers.rules.cars import PLUGS

    found = cars()
    assert len(found) > 60
    for car in found.values():
        assert 10 < car.battery_kwh < 150
        assert 3 < car.max_ac_kw <= 22
        assert car.max_dc_kw is None or 20 < car.max_dc_kw <= 350
        assert car.plugs
        assert set(car.plugs) <= set(PLUGS)
        assert (car.max_dc_kw is None) <= (not any("COMBO" in plug or plug == "CHADEMO" for plug in car.plugs))
    assert found["renault-zoe-r135"].name == "Renault Zoe R135"
