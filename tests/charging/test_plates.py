"""A customer's plate at a camera, and the charge that begins when the plug goes in."""

import json
from datetime import timedelta

import pytest

from ohmstead.kit.clock import FakeClock

from .voices import NOON, minute


def actor():
    from ohmstead.access.actors import SYSTEM

    return SYSTEM


@pytest.fixture
def plugs(organisation):
    from ohmstead.network.models import Evse, Site, Station

    site = Site.objects.create(organisation=organisation, name="Yard")
    station = Station.objects.create(
        organisation=organisation, site=site, identity="CS-9", admission="accepted", online=True, gateway="gw-1"
    )
    return [Evse.objects.create(station=station, number=number, state="available") for number in (1, 2)]


@pytest.fixture
def camera(plugs):
    from ohmstead.charging.plates import add_camera

    return add_camera(plugs[0].station.site, "Gate", plugs, by=actor())[0]


@pytest.fixture
def ada(organisation):
    return customer(organisation, "BOB123")


def customer(organisation, plate):
    from ohmstead.drivers.actions import create_token
    from ohmstead.drivers.people import create_driver
    from ohmstead.station.tokens import TokenKind

    driver = create_driver(organisation, plate, by=actor())
    return create_token(organisation, by=actor(), kind=TokenKind.PLATE, plate=plate, driver=driver)


def reads(camera, plate, at=0, confidence=0.95, **said):
    from ohmstead.charging.plates import heard

    body = json.dumps({"plateText": plate, "plateConfidence": confidence, **said}).encode()
    return heard(camera, "application/json", body, minute(at))


def plug_in(evse, at):
    evse.state, evse.state_at = "preparing", minute(at)
    evse.save()


def start(at):
    from ohmstead.charging.plates import start_plugged

    return start_plugged(FakeClock(minute(at)))


def states():
    from ohmstead.charging.models import PlateOffer

    return sorted(PlateOffer.objects.values_list("state", flat=True))


def starts():
    from ohmstead.network.models import Command

    return [(row.command["token"]["uid"], row.command["evse"]) for row in Command.objects.filter(kind="StartSession")]


@pytest.mark.parametrize(
    ("read", "confidence", "offered"),
    [
        pytest.param("B-OB 123", 0.95, [True], id="the customer"),
        pytest.param("B0B123", 0.95, [False], id="0 for O"),
        pytest.param("808123", 0.95, [], id="too much guessed"),
        pytest.param("BOB124", 0.95, [], id="another car"),
        pytest.param("BOB123", 0.84, [], id="not sure enough"),
    ],
)
def test_who_is_offered_a_charge(camera, ada, read, confidence, offered):
    assert [offer.exact for offer in reads(camera, read, confidence=confidence)] == offered


def test_of_two_look_alikes_nobody_is_chosen(camera, organisation):
    customer(organisation, "BOB123")
    customer(organisation, "80B123")
    assert reads(camera, "B0B123") == []


def test_strangers_and_old_news_leave_no_trace(camera, ada):
    reads(camera, "STRANGER")
    reads(camera, "BOB123", datetime=int((NOON - timedelta(minutes=6)).timestamp() * 1000))
    assert states() == []


def test_the_charge_begins_when_the_plug_goes_in(camera, ada, plugs):
    reads(camera, "BOB123")
    assert start(1) == 0
    plug_in(plugs[1], 2)
    start(2)
    assert (states(), starts()) == (["started"], [(ada.uid, 2)])
    start(3)
    assert len(starts()) == 1


def test_a_plug_that_was_in_before_is_another_car(camera, ada, plugs):
    plug_in(plugs[0], -5)
    reads(camera, "BOB123")
    start(1)
    assert starts() == []


def test_two_cars_at_once_are_not_guessed(camera, ada, organisation, plugs):
    customer(organisation, "CAR456")
    reads(camera, "BOB123")
    reads(camera, "CAR456", at=1)
    plug_in(plugs[0], 2)
    start(2)
    assert starts() == []


def test_an_offer_ends_when_nobody_plugs_in(camera, ada, plugs):
    reads(camera, "BOB123")
    start(11)
    assert states() == ["expired"]
    plug_in(plugs[0], 12)
    start(12)
    assert starts() == []


def test_a_car_that_stands_there_is_told_of_once(camera, ada):
    reads(camera, "BOB123")
    reads(camera, "BOB123", at=8)
    start(12)
    assert states() == ["open"]


def test_the_decision_holds_for_plates_too(camera, ada, plugs):
    ada.driver.may_pay = False
    ada.driver.save()
    reads(camera, "BOB123")
    plug_in(plugs[0], 1)
    start(1)
    assert (states(), starts()) == (["refused"], [])


def test_a_wrong_match_raises_an_alarm_once(camera, ada):
    from ohmstead.charging.plates import report_wrong
    from ohmstead.drivers.models import Alarm

    (offer,) = reads(camera, "B0B123")
    for _ in range(2):
        report_wrong(offer, by=actor(), now=minute(5))
    assert [alarm.kind for alarm in Alarm.objects.all()] == ["wrong_plate"]
    assert states() == ["wrong"]


def test_readings_are_forgotten_after_the_cameras_hours(camera, ada):
    from ohmstead.charging.plates import forget_old

    reads(camera, "BOB123")
    start(11)
    forget_old(minute(60 * 24))
    assert states() == ["expired"]
    forget_old(minute(60 * 24 + 11))
    assert states() == []


def test_what_was_wrong_with_a_message_is_kept_for_the_operator(camera):
    from ohmstead.charging.plates import heard
    from ohmstead.charging.rules.plates import NotUnderstood

    with pytest.raises(NotUnderstood):
        heard(camera, "text/xml", b"<a/>", NOON)
    camera.refresh_from_db()
    assert camera.trouble == "The XML names no licensePlate."


def test_a_camera_watches_plugs_of_its_own_site(organisation, plugs):
    from ohmstead.charging.plates import CameraRefused, add_camera
    from ohmstead.network.models import Site

    with pytest.raises(CameraRefused, match="its own site"):
        add_camera(Site.objects.create(organisation=organisation, name="Other"), "Gate", plugs, by=actor())
