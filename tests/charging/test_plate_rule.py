"""What cameras send: three makers, and much that is none of them."""

import json
from datetime import UTC, datetime

import pytest

from ohmstead.charging.rules.plates import NotUnderstood, readings
from tests.conftest import shared

AXIS = {
    "packetCounter": "5",
    "capture_timestamp": "1772461884000",
    "plateText": "B AB-123",
    "plateCountry": "DEU",
    "plateConfidence": "0.91",
    "carState": "new",
}
HIKVISION = (
    '<EventNotificationAlert xmlns="http://www.hikvision.com/ver20/XMLSchema"><eventType>ANPR</eventType>'
    "<dateTime>2026-03-02T14:51:24+01:00</dateTime>"
    "<ANPR><licensePlate>{plate}</licensePlate><confidenceLevel>{confidence}</confidenceLevel></ANPR>"
    "</EventNotificationAlert>"
)


def found(content_type, body):
    return [(each.plate, each.confidence_percent) for each in readings(content_type, body)]


def test_the_vendors_own_examples():
    vectors = shared("vectors/anpr-webhooks")
    assert found("application/xml", (vectors / "hikvision-isapi-anpr.xml").read_bytes()) == [("GKW5KE2", 93.0)]
    assert found("application/json", (vectors / "plate-recognizer-stream.json").read_bytes()) == [("9JUB11", 83.9)]


def test_axis():
    (reading,) = readings("application/json", json.dumps(AXIS).encode())
    assert (reading.plate, reading.confidence_percent) == ("BAB123", 91.0)
    assert reading.read_at == datetime(2026, 3, 2, 14, 31, 24, tzinfo=UTC)


def test_hikvision_in_parts_with_pictures():
    body = (
        b'--x\r\nContent-Disposition: form-data; name="detectionPicture.jpg"\r\n\r\n\xff\xd8\r\n'
        b'--x\r\nContent-Disposition: form-data; name="anpr.xml"\r\nContent-Type: text/xml\r\n\r\n'
        + HIKVISION.format(plate="GKW 5KE2", confidence=93).encode()
        + b"\r\n--x--\r\n"
    )
    assert found("multipart/form-data; boundary=x", body) == [("GKW5KE2", 93.0)]


@pytest.mark.parametrize("plate", ["unknown plate that is much too long", "", "-", "无车牌"[:2]])
def test_a_car_without_a_readable_plate_is_no_reading(plate):
    assert found("text/xml", HIKVISION.format(plate=plate, confidence=90).encode()) == []


@pytest.mark.parametrize(
    ("confidence", "percent"), [("", 0.0), ("high", 0.0), ("250", 100.0), ("-3", 0.0), ("NaN", 0.0)]
)
def test_a_confidence_that_is_none_counts_as_none(confidence, percent):
    assert found("text/xml", HIKVISION.format(plate="GKW5KE2", confidence=confidence).encode()) == [
        ("GKW5KE2", percent)
    ]


@pytest.mark.parametrize(
    ("content_type", "body", "said"),
    [
        pytest.param("text/plain", b"", "neither XML nor JSON", id="empty"),
        pytest.param("text/xml", b"<a><b></a>", "XML is broken", id="broken XML"),
        pytest.param("text/xml", b"<a/>", "no licensePlate", id="other XML"),
        pytest.param("text/xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "document type", id="entities"),
        pytest.param("text/xml", b"<a>" * 40, "nested too deeply", id="deep XML"),
        pytest.param("application/json", b'{"data": ', "JSON is broken", id="broken JSON"),
        pytest.param("application/json", b'{"data": {}}', "none that", id="other JSON"),
        pytest.param("application/json", b'{"a":' * 100_000, "JSON is broken", id="deep JSON"),
        pytest.param("multipart/form-data", b"--x\r\n\r\n{}", "told apart", id="no boundary"),
        pytest.param("image/jpeg", b"\xff\xd8\xff", "neither XML nor JSON", id="a picture alone"),
        pytest.param("text/xml", b"<" * 8_000_001, "larger than 8 MB", id="too large"),
    ],
)
def test_what_is_not_understood_is_said(content_type, body, said):
    with pytest.raises(NotUnderstood, match=said):
        readings(content_type, body)
