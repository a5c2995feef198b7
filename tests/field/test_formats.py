"""F1-F4: clocks, texts and identifiers as real stations write them."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.field.box import Box, sample
from tests.line.scripted import moment

CARD = "04A1B2C3"


@pytest.fixture
def card(network):
    return network.card(CARD)


def just_now(at):
    return abs(datetime.now(UTC) - at) < timedelta(seconds=30)


async def start_at(station, card, timestamp, **more):
    told = {"connectorId": 1, "idTag": card, "meterStart": 1_000, "timestamp": timestamp, **more}
    return (await station.call("StartTransaction", told))["transactionId"]


def local_without_zone():
    return (datetime.now(UTC) + timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M:%S")


@pytest.mark.parametrize(
    ("vendor", "write", "code"),
    [
        pytest.param("ABB", lambda: "2022-02-29T08:15:00Z", "time_impossible", id="ABB 29 February 2022"),
        pytest.param("Growatt", local_without_zone, "time_without_zone", id="Growatt, no zone"),
        pytest.param("Example", lambda: "1970-01-01T00:00:12Z", "clock_not_set", id="1970 before boot"),
        pytest.param("EVerest", lambda: "", "time_empty", id="empty"),
        pytest.param("Example", lambda: moment(8 * 3_600), "clock_drift", id="8 hours ahead until synchronised"),
        pytest.param("Example", lambda: moment(3 * 86_400), "clock_in_future", id="days ahead"),
    ],
)
async def test_f1_a_time_that_cannot_be_true_becomes_the_arrival_and_is_shown(network, card, vendor, write, code):
    written = write()
    async with Box(network.station()) as station:
        await station.boot(chargePointVendor=vendor)
        started = await start_at(station, card, written)
        again = await start_at(station, card, written)
        status = {"connectorId": 1, "status": "Charging", "errorCode": "NoError", "timestamp": written}
        await station.call("StatusNotification", status)
        reading = {"timestamp": written, "sampledValue": [sample(2_000)]}
        await station.meter(started, reading)
        [session] = network.settled(1, state="running", energy_wh=1_000)
        network.folded()
        assert again == started
        assert just_now(session.started_at)
        assert [just_now(reading.at) for reading in network.readings(station.url)] == [True]
        assert network.evses(station.url) == {1: "charging"}
        await station.stop(started, meter=2_500, at_s=1)
    [session] = network.settled(1, state="ended", energy_wh=1_500)
    assert session.ended_at >= session.started_at
    assert "clock_backwards" not in session.flags
    assert network.deviations(station.url)[code] == written


async def test_f1_two_starts_of_a_station_without_a_clock_are_two_sessions(network, card):
    address = network.station()
    ids = []
    for _ in range(2):
        async with Box(address) as station:
            ids.append(await start_at(station, card, "1970-01-01T00:00:12Z"))
            await station.stop(ids[-1], meter=2_000)
            network.settled(len(ids), state="ended", energy_wh=1_000)
    assert len(set(ids)) == 2


async def test_f2_over_long_and_odd_texts_are_taken_and_shown(network):
    serial = "3N204250690D1B1T1201410007012345X"
    assert len(serial) == 33
    said = {"chargePointVendor": "", "chargePointModel": "GRS-10-24-DB-12345678-X", "chargePointSerialNumber": serial}
    async with Box(network.station()) as station:
        await station.boot(**said)
        await station.status("Available", errorCode="Error")
        network.folded()
    row = network.at(station.url)
    assert (row.vendor, row.model, row.serial) == ("", said["chargePointModel"], serial)
    assert network.evses(station.url) == {1: "available"}
    found = network.deviations(station.url)
    assert found["text_too_long"] in (serial, said["chargePointModel"])
    assert found["word_unknown"] == "Error"


async def test_f2_a_text_of_any_length_and_kind_harms_nobody(network):
    hostile = "<script>alert(1)</script>\u0000" + "x" * 5_000
    async with Box(network.station()) as station:
        await station.boot(chargePointModel=hostile, firmwareVersion=hostile)
        await station.status("Available", info=hostile, vendorErrorCode=hostile)
        network.folded()
    row = network.at(station.url)
    assert (len(row.model), len(row.firmware), "\x00" in row.model) == (64, 64, False)
    assert network.evses(station.url) == {1: "available"}
    assert network.quarantined() == 0


@pytest.mark.parametrize("spelt", ["04a1b2c3", "04:A1:B2:C3", "04-a1-b2-c3"])
async def test_f3_tags_compare_without_case(network, card, spelt):
    async with Box(network.station()) as station:
        assert (await station.call("Authorize", {"idTag": spelt}))["idTagInfo"]["status"] == "Accepted"
        started = await station.start(spelt)
        await station.stop(started, idTag=spelt)
    [session] = network.settled(1, state="ended")
    assert (session.token_uid, session.token.uid) == (CARD, CARD)


async def test_f3_keba_appends_its_serial_and_serves_16_points_behind_one_identity(network, card):
    cards = [network.card(f"05{number:06X}") for number in range(16)]
    async with Box(network.station()) as station:
        await station.boot(chargePointVendor="Keba AG", chargePointModel="KC-P30", chargePointSerialNumber="17619300")
        started = [
            await station.start(f"{uid.lower()}_17619300", connector=number)
            for number, uid in enumerate(cards, start=1)
        ]
        for number in range(1, 17):
            await station.status("Charging", connector=number)
        network.settled(16, state="running")
        await station.stop(started[4], idTag=f"{cards[4]}_17619300")
        network.settled(1, state="ended", evse=5, token_uid=cards[4])
        network.folded()
    assert {session.token_uid for session in network.sessions()} == set(cards)
    assert network.evses(station.url) == dict.fromkeys(range(1, 17), "charging")
    assert network.deviations(station.url)["tag_with_serial"].endswith("_17619300")


def utc(pattern):
    return lambda at: at.strftime(pattern)


@pytest.mark.parametrize(
    "write",
    [
        pytest.param(utc("%Y-%m-%dT%H:%M:%SZ"), id="no fraction"),
        pytest.param(utc("%Y-%m-%dT%H:%M:%S.123456789Z"), id="nine digits"),
        pytest.param(utc("%Y-%m-%dT%H:%M:%S.5Z"), id="one digit"),
        pytest.param(utc("%Y%m%dT%H%M%SZ"), id="basic form"),
        pytest.param(lambda at: (at + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%S+02:00"), id="an offset"),
        pytest.param(lambda at: (at - timedelta(hours=10)).strftime("%Y-%m-%dT%H:%M:%S-10"), id="hours west"),
        pytest.param(lambda at: (at + timedelta(hours=5.5)).strftime("%Y-%m-%dT%H:%M:%S.250+0530"), id="half hours"),
    ],
)
async def test_f4_every_legal_form_of_a_time_is_read_and_needs_no_mend(network, card, write):
    at = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    async with Box(network.station()) as station:
        await start_at(station, card, write(at))
        [session] = network.settled(1, state="running")
        network.folded()
    assert at <= session.started_at < at + timedelta(seconds=1)
    assert network.deviations(station.url) == {}
