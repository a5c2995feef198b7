"""A driver finds a plug, starts, follows, stops; with and without an account, never two starts from two taps."""

import pytest

from tests.web.little_network import session

KEY = "0123456789abcdef"


@pytest.fixture
def guest(network, stranger):
    return stranger


def begin(browser, code="HILL-1-1", key=KEY):
    return browser.post(f"/q/{code}/start", {"key": key})


def starts():
    from ohmstead.network.models import Command

    return Command.objects.filter(kind="StartSession").order_by("asked_at")


def began(start, **more):
    """The session that came of a start."""
    wish = start.command
    return session(
        start.station,
        token_id=start.app_start.token_id,
        token_uid=wish["token"]["uid"],
        remote_start_id=wish["remote_start_id"],
        started_at=start.asked_at,
        **more,
    )


def test_sites_with_their_free_plugs_are_the_first_page(guest):
    page = guest.get("/").text
    assert "Hill Energy" in page
    assert "Market" in page
    assert "3 free" in page
    assert "/sites/" in page


def test_a_site_tells_its_plugs(guest, network):
    page = guest.get(f"/sites/{network.market.pk}").text
    for words in ("HILL-1-1", "3 of 5 free", "Type 2", "22 kW", "In use", "Out of order"):
        assert words in page


def test_private_sites_are_for_their_group(guest, network, browser_of):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.drivers.arrivals import welcome
    from ohmstead.drivers.people import create_group, join_group

    network.market.visibility = "private"
    network.market.save()
    address = f"/sites/{network.market.pk}"
    assert guest.get(address).status_code == 404
    reader = browser_of("reader")
    assert reader.get(address).status_code == 404
    group = create_group(network.hill, "Staff", by=SYSTEM, sites=[network.market])
    join_group(group, welcome(network.hill, network.people["reader"], by=SYSTEM), by=SYSTEM)
    assert reader.get(address).status_code == 200
    assert "Market" in reader.get("/").text


@pytest.mark.parametrize("code", ["HILL-1-1", "hill-1-1", " HILL-1-1 "])
def test_the_code_on_a_plug_opens_its_page_without_login(guest, code):
    found = guest.get("/q", {"code": code}, follow=True)
    assert found.status_code == 200
    for words in ("HILL-1-1", "Start charging", "the operator has set no price", "no account needed"):
        assert words in found.text


def test_a_station_with_two_plugs_asks_which(guest):
    page = guest.get("/q/HILL-1").text
    assert "Which plug?" in page
    assert "/q/HILL-1-2" in page


@pytest.mark.parametrize("code", ["VALE-1-1", "NOWHERE-1", "HILL-1-9", "<script>", "%00"])
def test_a_forged_or_wrong_code_says_so_and_does_nothing(guest, code):
    answer = guest.get(f"/q/{code}")
    assert answer.status_code == 404
    assert "There is no plug" in answer.text
    assert "<script>" not in answer.text
    assert begin(guest, code).status_code == 404
    assert not starts().exists()


def test_a_guest_starts_follows_and_stops(guest, network):
    answer = begin(guest)
    asked = starts().get()
    assert asked.station == network.free
    assert asked.command["token"]["kind"] == "guest"
    assert "Asking the station" in guest.get(answer.headers["Location"]).text
    asked.state = "accepted"
    asked.save()
    waits = guest.get(answer.headers["Location"]).text
    assert "Plug in now" in waits
    assert "seconds left" in waits
    running = began(asked)
    assert guest.get(answer.headers["Location"]).headers["Location"] == f"/charging/{running.pk}"
    assert guest.get("/charging").headers["Location"] == f"/charging/{running.pk}"
    follows = guest.get(f"/charging/{running.pk}").text
    for words in ("5.50", "11.0 kW", "Stop charging"):
        assert words in follows
    guest.post(f"/charging/{running.pk}/stop")
    from ohmstead.network.models import Command

    assert Command.objects.get(kind="StopSession").command["transaction_id"] == running.transaction_id
    assert "Stopping" in guest.get(f"/charging/{running.pk}").text
    running.state, running.ended_at = "ended", running.last_event_at
    running.save()
    done = guest.get(f"/charging/{running.pk}").text
    assert "Done" in done
    assert "Stop charging" not in done


def test_two_taps_make_one_start_and_two_stops_one_stop(guest, network):
    from ohmstead.network.models import Command

    assert begin(guest).headers["Location"] == begin(guest).headers["Location"]
    assert begin(guest, key="another page, same plug").headers["Location"] == begin(guest).headers["Location"]
    running = began(starts().get())
    for _ in range(2):
        guest.post(f"/charging/{running.pk}/stop")
    assert Command.objects.filter(kind="StopSession").count() == 1


def test_a_start_that_failed_can_be_tried_again(guest):
    begin(guest)
    starts().update(state="rejected")
    failed = guest.get(begin(guest).headers["Location"]).text
    assert "The station said no." in failed
    assert "Try again" in failed
    begin(guest, key="the page opened again")
    assert starts().count() == 2


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("HILL-2-1", "Somebody else is charging here."),
        ("HILL-3-1", "This plug is out of service."),
        ("HILL-4-1", "This station cannot be reached right now."),
    ],
)
def test_a_plug_that_cannot_charge_says_why_before_the_station_is_asked(guest, code, words):
    answer = begin(guest, code)
    assert answer.status_code == 409
    assert words in answer.text
    assert not starts().exists()


def test_who_has_an_account_charges_as_a_driver(browser_of, network):
    from ohmstead.drivers.models import Driver

    reader = browser_of("reader")
    begin(reader)
    token = starts().get().app_start.token
    assert token.kind == "app"
    assert token.driver == Driver.objects.get(user=network.people["reader"])
    running = began(starts().get())
    assert reader.get(f"/charging/{running.pk}").status_code == 200


def test_where_guests_may_not_charge_they_are_asked_to_sign_in(guest, network):
    network.hill.guests_may_charge = False
    network.hill.save()
    assert "Sign in to charge" in guest.get("/q/HILL-1-1").text
    assert "Guests cannot charge here" in begin(guest).text
    assert not starts().exists()


def test_another_persons_charge_is_nobodys_business(guest, network, browser_of):
    from django.test import Client

    begin(guest)
    start = starts().get()
    running = began(start)
    for other in (Client(headers={"host": "localhost"}), browser_of("operator")):
        begin(other, "HILL-2-2")
        for address in (f"/starts/{start.app_start.pk}", f"/charging/{running.pk}"):
            assert other.get(address).status_code == 404
        assert other.post(f"/charging/{running.pk}/stop").status_code == 404


def test_a_forged_guest_cookie_is_nobody(guest, network):
    begin(guest)
    running = began(starts().get())
    guest.cookies["guest"] = str(starts().get().app_start.token_id)
    assert guest.get(f"/charging/{running.pk}").status_code == 404


def test_the_host_name_says_whose_drivers_they_are(network):
    from django.test import Client, override_settings

    network.vale.driver_host = "charge.vale.example"
    network.vale.save()
    with override_settings(ALLOWED_HOSTS=["*"]):
        assert "Vale Power" in Client(headers={"host": "Charge.Vale.example"}).get("/").text
        assert "Hill Energy" in Client(headers={"host": "elsewhere.example"}).get("/").text
    with override_settings(OHMSTEAD_DEFAULT_ORGANISATION="vale"):
        assert "Vale Power" in Client(headers={"host": "localhost"}).get("/").text


def test_a_station_that_drops_out_is_told_while_the_charge_goes_on(guest, network):
    begin(guest)
    running = began(starts().get())
    network.free.online = False
    network.free.save()
    page = guest.get(f"/charging/{running.pk}").text
    assert "Station not connected" in page
    stopped = guest.post(f"/charging/{running.pk}/stop", follow=True).text
    assert "The station cannot be reached now." in stopped


def test_an_installation_without_an_organisation_answers(database):
    from django.test import Client

    assert Client(headers={"host": "localhost"}).get("/").status_code == 404
