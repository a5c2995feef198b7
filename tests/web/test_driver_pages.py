"""Drivers, cards, groups and reservations as operators see them."""

from datetime import timedelta

import pytest

LISTS = ("/console/drivers", "/console/tokens", "/console/driver-groups", "/console/reservations")


def actor():
    from ohmstead.access.actors import SYSTEM

    return SYSTEM


@pytest.fixture
def ada(network):
    from ohmstead.drivers.people import create_driver

    return create_driver(network.hill, "Ada Fast", by=actor(), email="ada@example.org")


@pytest.fixture
def card(network, ada):
    return new_card(network.hill, "04A25C10", driver=ada, printed_number="OHM 1", plate="B AB 123")


def new_card(organisation, uid, **fields):
    from ohmstead.drivers.actions import create_token

    return create_token(organisation, uid, by=actor(), **fields)


def seen(organisation, station, uid="0BADCAFE"):
    from django.utils import timezone

    from ohmstead.drivers.models import Sighting

    now = timezone.now()
    return Sighting.objects.create(
        organisation=organisation,
        canonical_uid=uid,
        uid=uid,
        station=station,
        kind="rfid",
        verdict="unknown",
        first_at=now,
        last_at=now,
        minute_at=now,
    )


def reserve(evse, token):
    from django.utils import timezone

    from ohmstead.charging.reservations import reserve_plug

    now = timezone.now()
    return reserve_plug(evse, token, now, now + timedelta(minutes=30), now=now, by=actor())


@pytest.mark.parametrize("page", LISTS)
def test_an_empty_list_says_what_to_do(operator, page):
    answer = operator.get(page)
    assert answer.status_code == 200
    assert 'class="empty"' in answer.text


@pytest.mark.parametrize("page", LISTS)
def test_only_who_looks_after_drivers_sees_them(browser_of, page):
    assert browser_of("support").get(page).status_code == 200
    assert browser_of("technician").get(page).status_code == 403
    assert page not in browser_of("technician").get("/console/").text


@pytest.mark.parametrize("text", ["ada", "ada@example.org", "04:a2:5c:10", "ohm1", "b-ab 123", "105ca204"])
def test_a_driver_is_found_by_all_that_names_her(operator, network, card, text):
    new_card(network.hill, "CARD9", label="Ben's")
    assert "Ada Fast" in operator.get("/console/drivers", {"q": text}).text
    found = operator.get("/console/tokens", {"q": text}).text
    assert "04A25C10" in found
    assert "CARD9" not in found


def test_a_driver_is_added_and_changed(operator, network):
    wish = {"name": "Ben Slow", "email": "BEN@example.org", "phone": "", "needs": "", "note": ""}
    operator.post("/console/drivers/add", wish)
    driver = network.hill.drivers.get()
    assert (str(driver), driver.email) == ("Ben Slow", "ben@example.org")
    operator.post(f"/console/drivers/{driver.pk}/edit", wish | {"name": "Ben Quick"})
    driver.refresh_from_db()
    assert (driver.name, driver.may_pay) == ("Ben Quick", False)


@pytest.mark.parametrize(
    ("change", "sentence"), [({"name": "", "email": ""}, "needs a name"), ({"email": "nowhere"}, "no e-mail address")]
)
def test_a_bad_driver_is_told_and_not_made(operator, network, change, sentence):
    wish = {"name": "Ben", "email": "", "phone": "", "needs": "", "note": ""} | change
    answer = operator.post("/console/drivers/add", wish)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert not network.hill.drivers.exists()


def test_a_card_is_blocked_with_its_reason_and_let_charge_again(operator, card):
    page = f"/console/tokens/{card.pk}"
    assert "Say why" in operator.post(f"{page}/block", {"reason": " "}, follow=True).text
    assert "lost on a train" in operator.post(f"{page}/block", {"reason": "lost on a train"}, follow=True).text
    card.refresh_from_db()
    assert card.status == "blocked"
    operator.post(f"{page}/unblock")
    card.refresh_from_db()
    assert card.status == "valid"


def test_an_unknown_card_is_adopted_with_one_click(operator, network):
    sighting = seen(network.hill, network.free)
    assert "0BADCAFE" in operator.get("/console/tokens").text
    answer = operator.post(f"/console/unknown-cards/{sighting.pk}/adopt", follow=True)
    assert "Whose is it?" in answer.text
    assert network.hill.tokens.get().canonical_uid == "0BADCAFE"
    assert operator.post(f"/console/unknown-cards/{sighting.pk}/adopt").status_code == 404


def test_a_card_is_added_for_a_driver_and_a_bad_one_is_told(operator, network, ada):
    wish = {"uid": "04A2", "kind": "rfid", "driver": str(ada.pk)}
    operator.post("/console/tokens/add", wish)
    assert network.hill.tokens.get().driver == ada
    answer = operator.post("/console/tokens/add", wish)
    assert (answer.status_code, "exists already" in answer.text) == (422, True)


def test_a_group_has_limits_and_sites_and_members(operator, network, ada):
    wish = {
        "name": "Staff",
        "kind": "employees",
        "energy_kwh": "120,5",
        "hours": "10",
        "sites": [str(network.market.pk)],
    }
    operator.post("/console/driver-groups/add", wish)
    group = network.hill.driver_groups.get()
    assert (group.energy_wh_per_month, group.minutes_per_month, group.kind) == (120_500, 600, "employees")
    assert list(group.sites.all()) == [network.market]
    operator.post(f"/console/drivers/{ada.pk}/join", {"group": str(group.pk), "manages": "on"})
    assert ada.memberships.get().manages
    operator.post(f"/console/drivers/{ada.pk}/leave/{group.pk}")
    assert not ada.memberships.exists()


@pytest.mark.parametrize("value", ["-1", "many", "NaN", "1e9"])
def test_a_bad_limit_is_told_and_makes_no_group(operator, network, value):
    answer = operator.post("/console/driver-groups/add", {"name": "Staff", "energy_kwh": value})
    assert (answer.status_code, "from 0 to 30,000" in answer.text) == (422, True)
    assert not network.hill.driver_groups.exists()


def test_a_reservation_is_listed_and_cancelled(operator, network, card):
    reservation = reserve(network.free.evses.first(), card)
    assert "Ada Fast" in operator.get("/console/reservations").text
    operator.post(f"/console/reservations/{reservation.pk}/cancel")
    reservation.refresh_from_db()
    assert reservation.state == "cancelled"


def test_a_neighbours_things_do_not_exist(operator, network):
    from ohmstead.drivers.people import create_driver, create_group

    theirs = create_driver(network.vale, "Vera Vale", by=actor())
    token = new_card(network.vale, "VALECARD", driver=theirs)
    group = create_group(network.vale, "Valers", by=actor())
    sighting = seen(network.vale, network.foreign)
    gone = [f"/console/drivers/{theirs.pk}", f"/console/tokens/{token.pk}", f"/console/driver-groups/{group.pk}"]
    assert [operator.get(page).status_code for page in gone] == [404] * 3
    assert operator.post(f"/console/unknown-cards/{sighting.pk}/adopt").status_code == 404
    for page in LISTS:
        text = operator.get(page).text
        assert not [name for name in ("Vera", "VALECARD", "Valers", "0BADCAFE") if name in text]


def test_what_a_station_sends_is_escaped(operator, network):
    seen(network.hill, network.free, "<script>alert(1)</script>")
    assert "<script>alert" not in operator.get("/console/tokens").text


def test_more_rows_cost_no_more_queries(operator, network, queries_of):
    from ohmstead.drivers.people import create_driver, create_group, join_group

    def fill(number):
        driver = create_driver(network.hill, f"Driver {number}", by=actor())
        new_card(network.hill, f"CARD{number}", driver=driver)
        join_group(
            create_group(network.hill, f"Group {number}", by=actor(), sites=[network.market]), driver, by=actor()
        )
        seen(network.hill, network.free, f"STRANGER{number}")

    fill(0)
    few = [queries_of(lambda page=page: operator.get(page)) for page in LISTS]
    for number in range(1, 6):
        fill(number)
    assert [queries_of(lambda page=page: operator.get(page)) for page in LISTS] == few
