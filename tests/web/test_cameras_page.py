"""Cameras in the console, and the address they send to."""

import re

import pytest

PAGE = "/console/cameras"


@pytest.fixture
def address(operator, network):
    """Of a camera that was just added."""
    plug = network.free.evses.first()
    made = operator.post(PAGE, {"name": "Gate", "evses": [str(plug.pk)]})
    return re.search(r"<code>http://[^/]+(/hooks/plates/[\w-]+)</code>", made.text)[1]


@pytest.fixture
def customer(network):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.drivers.actions import create_token
    from ohmstead.drivers.people import create_driver
    from ohmstead.station.tokens import TokenKind

    driver = create_driver(network.hill, "Ada Fast", by=SYSTEM)
    return create_token(network.hill, by=SYSTEM, kind=TokenKind.PLATE, plate="BOB123", driver=driver)


def test_a_camera_tells_of_a_customer_and_the_operator_sees_it(operator, stranger, address, customer):
    sent = stranger.post(address, {"plateText": "B0B123", "plateConfidence": 0.9}, content_type="application/json")
    assert (sent.status_code, sent.json()) == (200, {"status": "heard"})
    page = operator.get(PAGE).text
    assert "Ada Fast" in page
    assert "taken for BOB123" in page


def test_a_stranger_is_answered_like_a_customer(stranger, address):
    sent = stranger.post(address, {"plateText": "XYZ999", "plateConfidence": 0.9}, content_type="application/json")
    assert sent.json() == {"status": "heard"}


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b"", 400, "neither XML nor JSON"),
        (b"<a><b></a>", 400, "XML is broken"),
        (b'{"plate"', 400, "JSON is broken"),
        (b"<" * 8_000_001, 413, "larger than 8 MB"),
    ],
)
def test_a_bad_message_is_answered_clearly_and_shown(operator, stranger, address, body, status, said):
    sent = stranger.post(address, body, content_type="application/octet-stream")
    assert (sent.status_code, said in sent.json()["error"]) == (status, True)
    assert said in operator.get(PAGE).text


def test_an_address_nobody_gave_out_is_no_camera(stranger, network):
    assert stranger.post("/hooks/plates/guess", b"{}", content_type="application/json").status_code == 404
    assert stranger.get("/hooks/plates/guess").status_code == 405


def test_a_wrong_car_is_noted(operator, stranger, network, address, customer):
    from ohmstead.charging.models import PlateOffer

    stranger.post(address, {"plateText": "BOB123", "plateConfidence": 0.9}, content_type="application/json")
    operator.post(f"/console/plate-offers/{PlateOffer.objects.get().pk}/wrong")
    assert "not my car" in operator.get("/console/tokens").text


def test_a_removed_cameras_address_is_dead(operator, stranger, network, address):
    camera = network.hill.cameras.get()
    assert operator.post(f"{PAGE}/{camera.pk}/remove").status_code == 302
    assert stranger.post(address, b"{}", content_type="application/json").status_code == 404


@pytest.mark.parametrize("fields", [{"name": "Gate"}, {"name": " "}])
def test_a_camera_without_name_or_plug_is_refused(operator, network, fields):
    answer = operator.post(PAGE, fields)
    assert (answer.status_code, "at least one plug" in answer.text) == (422, True)
    assert not network.hill.cameras.exists()


def test_a_neighbours_plug_is_not_watched(operator, network):
    plug = network.foreign.evses.first()
    assert plug is not None
    assert operator.post(PAGE, {"name": "Gate", "evses": [str(plug.pk)]}).status_code == 422
