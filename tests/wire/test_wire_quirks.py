"""The table of model quirks: each row with the model it was met on, its effect, and the record of it."""

from typing import Any

import pytest

from ohmstead import wire
from ohmstead.wire import Dialect
from ohmstead.wire.quirks import KWH_BESIDE_SIGNATURE, KWH_CALLED_WH, TAG_WITH_SERIAL
from tests.wire.conftest import ask, tell

ENERGY = "Energy.Active.Import.Register"


def codes(mask: int) -> list[str]:
    return [quirk.code for quirk in wire.quirks_in(mask)]


@pytest.mark.parametrize(
    ("vendor", "model", "firmware", "found"),
    [
        pytest.param("KEBA AG", "P30", "1.14", ["kwh_beside_signature", "tag_with_serial"], id="f3 KEBA"),
        pytest.param("OpenEVSE", "WiFi", "v4.2.2", ["kwh_called_wh"], id="OpenEVSE before 5"),
        pytest.param("OpenEVSE", "WiFi", "5.0.0", [], id="OpenEVSE 5"),
        pytest.param("OpenEVSE", "WiFi", None, [], id="OpenEVSE of unknown firmware"),
        pytest.param("Growatt", "Thor 22", None, ["local_time_without_zone"], id="f1 Growatt"),
        pytest.param("Growatt", "THOR_11AS-S", None, ["local_time_without_zone", "register_per_session"], id="m6 Thor"),
        pytest.param("EN+", "AC7000-AE-25", "1", ["no_ping"], id="c3 EN+"),
        pytest.param("Elmec", "EVduty", "1", ["no_ping"], id="c3 EVduty"),
        pytest.param("abb", "CDT_TACW11::NET_WIFI", "TAC3Z91::V1.8.21", ["no_probing"], id="c6 ABB Terra AC"),
        pytest.param("ABB", "Terra 54", None, [], id="ABB, another model"),
        pytest.param("Alfen BV", "ICU Eve", "4.1", [], id="a model without a row"),
        pytest.param("Kebab", "x" * 10_000, None, ["kwh_beside_signature", "tag_with_serial"], id="an endless model"),
        pytest.param(None, None, None, [], id="nothing known"),
    ],
)
def test_a_model_gets_its_rows(vendor: str | None, model: str | None, firmware: str | None, found: list[str]):
    assert codes(wire.quirk_mask(vendor, model, firmware)) == found


def test_every_bit_means_one_thing():
    by_bit = {quirk.bit: quirk.code for quirk in wire.QUIRKS}
    assert len(set(by_bit.values())) == len(by_bit)
    assert all(by_bit[quirk.bit] == quirk.code and quirk.sentence for quirk in wire.QUIRKS)
    assert all(bit.bit_count() == 1 and bit < 1 << 62 for bit in by_bit)  # the journal keeps them in a bigint


def test_c3_a_station_without_ping_is_known():
    assert wire.has_no_ping(wire.quirk_mask("EN+", "AC7000", None))
    assert not wire.has_no_ping(wire.quirk_mask("ABB", "TAC", None))


def test_c6_a_station_that_must_not_be_probed_is_known():
    assert wire.avoids_probing(wire.quirk_mask("ABB", "TACW22", None))
    assert not wire.avoids_probing(0)


def test_m6_how_long_a_register_counts_is_a_property_of_the_model():
    assert wire.register_scope(wire.quirk_mask("Growatt", "THOR_11AS", None)) == "session"
    assert wire.register_scope(0) == "lifetime"


def mend_codes(mends: tuple[wire.Mend, ...]) -> list[str]:
    return [mend.code for mend in mends]


@pytest.mark.parametrize("sample", [{"value": "361"}, {"value": "361", "measurand": ENERGY, "unit": "Wh"}])
def test_kwh_called_wh(sample: dict[str, Any], meter_values):
    (event,), mends = meter_values([sample], quirks=KWH_CALLED_WH)
    assert event.readings[0].register_wh == 361_000
    assert mend_codes(mends) == ["kwh_called_wh"]
    (event,), mends = meter_values([sample])
    assert (event.readings[0].register_wh, mends) == (361, ())


def test_kwh_called_wh_leaves_what_is_called_kwh(meter_values):
    (event,), mends = meter_values([{"value": "361", "measurand": ENERGY, "unit": "kWh"}], quirks=KWH_CALLED_WH)
    assert (event.readings[0].register_wh, mends) == (361_000, ())


def test_kwh_beside_signature():
    """As a KEBA P30 ends a 2.0.1 transaction: the plain register in Wh, the signed one in kWh without a unit."""
    signed = {"signedMeterData": "T0NNRg==", "signingMethod": "ECC256", "encodingMethod": "OCMF", "publicKey": "MD=="}
    values = [
        {"timestamp": "2026-11-22T09:59:41.364+0000", "sampledValue": [{"value": 2133854.3}]},
        {
            "timestamp": "2026-11-22T09:59:41.000+0000",
            "sampledValue": [{"value": 2133.8543, "signedMeterValue": signed}],
        },
    ]
    payload = {"evseId": 1, "meterValue": values}
    (event,), mends = tell(Dialect.V201, "MeterValues", payload, quirks=KWH_BESIDE_SIGNATURE)
    assert [float(reading.register_wh) for reading in event.readings] == [2133854.3, 2133854.3]
    assert mend_codes(mends) == ["kwh_beside_signature"]


@pytest.mark.parametrize(
    ("dialect", "payload"),
    [
        pytest.param(Dialect.V16, {"idTag": "04A1B2C3_17300042"}, id="1.6"),
        pytest.param(Dialect.V201, {"idToken": {"idToken": "04A1B2C3_17300042", "type": "ISO14443"}}, id="2.0.1"),
    ],
)
def test_f3_keba_appends_its_serial_to_the_card(dialect: Dialect, payload: dict[str, Any]):
    asked = ask(dialect, "Authorize", payload, quirks=TAG_WITH_SERIAL)
    assert asked.token is not None
    assert asked.token.uid == "04A1B2C3"
    assert asked.mends[0].raw == "04A1B2C3_17300042"
    other = ask(dialect, "Authorize", payload)
    assert other.token is not None
    assert (other.token.uid, other.mends) == ("04A1B2C3_17300042", ())


BOOT = {"chargePointVendor": "Someone", "chargePointModel": "Something"}


@pytest.mark.parametrize(
    ("changes", "field", "value", "code"),
    [
        pytest.param({"chargePointSerialNumber": "3N" + "0" * 31}, "serial", "3N" + "0" * 31, "text_too_long",
                     id="f2 Schneider: serial of 33"),
        pytest.param({"chargePointModel": "Grizzl-E Smart Connect"}, "model", "Grizzl-E Smart Connect", "text_too_long",
                     id="f2 Grizzl-E: model of 22"),
        pytest.param({"chargePointVendor": None}, "vendor", "", "field_missing", id="f2 no vendor"),
        pytest.param({"firmwareVersion": 12}, "firmware", "12", "text_expected", id="a number for a text"),
        pytest.param({"meterType": None}, "meter_type", None, None, id="null for nothing"),
        pytest.param({"madeUp": 1}, "vendor", "Someone", "field_unknown", id="an unknown field"),
        pytest.param({"ICCID": "89"}, "iccid", "89", "field_spelling", id="a field misspelt"),
        pytest.param({"iccid": {"a": 1}}, "iccid", None, "field_unreadable", id="an optional field of nonsense"),
        pytest.param({"iccid": "8\x009"}, "iccid", "89", "nul_character", id="a NUL character"),
    ],
)  # fmt: skip
def test_every_station_is_forgiven(changes: dict[str, Any], field: str, value: object, code: str | None):
    (event,), mends = tell(Dialect.V16, "BootNotification", {**BOOT, **changes})
    assert getattr(event, field) == value
    assert mend_codes(mends) == ([code] if code else [])


def test_a_day_of_odd_values_in_one_message_is_taken_and_recorded_once():
    """Numbers where 1.6 wants texts, eight of them each minute of a day."""
    values = [
        {"timestamp": "2026-11-22T09:00:00Z", "sampledValue": [{"value": minute + line} for line in range(8)]}
        for minute in range(1440)
    ]
    stop = {"transactionId": 7, "meterStop": 1, "timestamp": "2026-11-22T10:00:00Z", "transactionData": values}
    (event,), mends = tell(Dialect.V16, "StopTransaction", stop)
    assert len(event.readings) == 1440
    assert mend_codes(mends) == ["text_expected"]


def test_f2_an_empty_vendor_needs_no_mend():
    (event,), mends = tell(Dialect.V16, "BootNotification", {**BOOT, "chargePointVendor": ""})
    assert (event.vendor, mends) == ("", ())


@pytest.mark.parametrize(
    ("changes", "error_code", "mended"),
    [
        pytest.param({"errorCode": "Error"}, "Error", ["word_unknown"], id="f2 a word outside the list"),
        pytest.param({"errorCode": "noerror"}, None, ["word_spelling"], id="f2 another case"),
        pytest.param({"errorCode": None}, None, ["field_missing"], id="none at all"),
        pytest.param({"errorCode": "GroundFailure"}, "GroundFailure", [], id="a word of the list"),
        pytest.param({"connectorId": "1", "errorCode": "NoError"}, None, ["number_expected"], id="a text for a number"),
    ],
)
def test_a_status_is_understood(changes: dict[str, Any], error_code: str | None, mended: list[str]):
    (event,), mends = tell(Dialect.V16, "StatusNotification", {"connectorId": 1, "status": "Faulted", **changes})
    assert (event.error_code, event.evse, mend_codes(mends)) == (error_code, 1, mended)
