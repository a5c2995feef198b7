"""Meter values of every kind become one reading per moment, in our units."""

from decimal import Decimal
from typing import Any

import pytest

from ohmstead.station.readings import ReadingContext
from ohmstead.wire import Dialect
from tests.wire.conftest import tell

p = pytest.param

ENERGY = "Energy.Active.Import.Register"


def only(told: Any) -> Any:
    (event,), _ = told
    (reading,) = event.readings
    return reading


@pytest.mark.parametrize(
    ("sample", "field", "value"),
    [
        p({"value": "12345"}, "register_wh", Decimal(12345), id="m4 without measurand"),
        p({"value": "12.345", "measurand": ENERGY, "unit": "kWh"}, "register_wh", Decimal("12345"), id="kWh"),
        p({"value": "1", "measurand": ENERGY, "location": "Inlet"}, "register_wh", Decimal(1), id="m4 inlet"),
        p({"value": "1,5", "measurand": ENERGY}, "register_wh", Decimal("1.5"), id="decimal comma"),
        p({"value": " 15 ", "measurand": ENERGY}, "register_wh", Decimal(15), id="blanks"),
        p({"value": "7", "measurand": "Energy.Active.Export.Register"}, "export_register_wh", Decimal(7), id="export"),
        p({"value": "7.4", "measurand": "Power.Active.Import", "unit": "kW"}, "power_w", 7400.0, id="kW"),
        p({"value": "3500", "measurand": "Power.Active.Import", "unit": "Wh"}, "power_w", 3500.0, id="m5 power in Wh"),
        p({"value": "11", "measurand": "Power.Offered", "unit": "kW"}, "offered_power_w", 11000.0, id="offered"),
        p({"value": "16", "measurand": "Current.Import", "phase": "L2"}, "current_l2_a", 16.0, id="current"),
        p({"value": "16", "measurand": "Current.Import"}, "current_l1_a", 16.0, id="current of one phase"),
        p({"value": "231", "measurand": "Voltage", "phase": "L3-N"}, "voltage_l3_v", 231.0, id="voltage"),
        p({"value": "55", "measurand": "SoC", "unit": "Percent", "location": "EV"}, "soc_percent", 55.0, id="SoC"),
        p({"value": "50.02", "measurand": "Frequency", "unit": "Hz"}, "frequency_hz", 50.02, id="m5 Hz"),
        p({"value": "50.02", "measurand": "Frequency", "unit": "Hertz"}, "frequency_hz", 50.02, id="Hertz"),
        p({"value": "21", "measurand": "Temperature", "unit": "Celcius"}, "temperature_c", 21.0, id="Celcius"),
        p({"value": "68", "measurand": "Temperature", "unit": "Fahrenheit"}, "temperature_c", 20.0, id="Fahrenheit"),
        p({"value": "273.15", "measurand": "Temperature", "unit": "K"}, "temperature_c", 0.0, id="Kelvin"),
    ],
)  # fmt: skip
def test_a_value_comes_in_our_units(sample: dict[str, Any], field: str, value: object, meter_values):
    reading = only(meter_values([sample]))
    assert getattr(reading, field) == pytest.approx(value) if isinstance(value, float) else value
    assert reading.more is None


@pytest.mark.parametrize(
    ("sample", "key", "kept"),
    [
        p({"value": "3", "measurand": "Energy.Reactive.Import.Register", "unit": "varh"},
                     "Energy.Reactive.Import.Register", {"value": "3", "unit": "varh"}, id="reactive energy"),
        p({"value": "3", "measurand": "Power.Active.Import", "unit": "horses"},
                     "Power.Active.Import", {"value": "3", "unit": "horses"}, id="m5 unknown unit"),
        p({"value": "3", "measurand": "Made.Up", "phase": "L1", "location": "EV"},
                     "Made.Up/L1@EV", {"value": "3"}, id="m5 unknown measurand"),
        p({"value": "400", "measurand": "Voltage", "phase": "L1-L2", "unit": "V"},
                     "Voltage/L1-L2", {"value": "400", "unit": "V"}, id="between the phases"),
        p({"value": "32", "measurand": "Current.Offered"}, "Current.Offered", {"value": "32"}, id="offered current"),
        p({"value": "many", "measurand": "SoC"}, "SoC", {"value": "many"}, id="no number"),
    ],
)  # fmt: skip
def test_what_has_no_column_is_kept_as_sent(sample: dict[str, Any], key: str, kept: dict[str, Any], meter_values):
    reading = only(meter_values([sample]))
    assert reading.more == {key: kept}


def phases(measurand: str, *values: str, **more: str) -> list[dict[str, str]]:
    return [
        {"value": value, "measurand": measurand, "phase": f"L{line}", **more} for line, value in enumerate(values, 1)
    ]


def test_m4_energy_per_phase_sums_to_the_register(meter_values):
    assert only(meter_values(phases(ENERGY, "100", "200.5", "300"))).register_wh == Decimal("600.5")
    assert only(meter_values(phases(ENERGY, "100"))).register_wh == 100


def test_m4_the_total_wins_over_the_phases_and_they_are_kept(meter_values):
    reading = only(meter_values([*phases(ENERGY, "1", "2", "3"), {"value": "60", "measurand": ENERGY}]))
    assert reading.register_wh == 60
    assert reading.more == {f"{ENERGY}/L{line}": {"value": str(line)} for line in (1, 2, 3)}


def test_power_per_phase_sums(meter_values):
    assert only(meter_values(phases("Power.Active.Import", "1.1", "1.2", "1.3", unit="kW"))).power_w == pytest.approx(
        3600
    )


def test_the_register_at_the_outlet_wins_over_the_mains(meter_values):
    reading = only(
        meter_values([{"value": "9", "measurand": ENERGY, "location": "Inlet"}, {"value": "5", "measurand": ENERGY}])
    )
    assert reading.register_wh == 5
    assert reading.more == {f"{ENERGY}@Inlet": {"value": "9"}}


def test_a_begin_value_repeated_in_every_sample_never_hides_the_current_one(meter_values):
    begin = {"value": "157440", "measurand": ENERGY, "context": "Transaction.Begin"}
    now = {"value": "163630", "measurand": ENERGY, "context": "Sample.Periodic"}
    for samples in ([now, begin], [begin, now]):
        reading = only(meter_values(samples))
        assert (reading.register_wh, reading.context) == (163630, ReadingContext.PERIODIC)


def test_the_context_is_that_of_the_register(meter_values):
    assert only(meter_values([{"value": "1"}])).context is ReadingContext.PERIODIC
    assert only(meter_values([{"value": "1", "context": "Transaction.Begin"}])).context is ReadingContext.BEGIN
    assert only(meter_values([{"value": "1", "context": "Sample.Clock"}])).context is ReadingContext.CLOCK
    assert only(meter_values([{"value": "1", "context": "Made.Up"}])).context is ReadingContext.OTHER


def test_m2_a_batch_without_energy_says_nothing_of_it(meter_values):
    assert only(meter_values([{"value": "50", "measurand": "SoC"}])).register_wh is None


def test_m5_an_empty_list_of_samples_is_taken(meter_values):
    (event,), mends = meter_values([])
    assert event.readings == ()
    assert [mend.code for mend in mends] == ["list_too_short"]


def test_signed_data_of_1_6_is_kept_to_the_byte(meter_values):
    text = 'OCMF|{"FV":"1.0","RD":[{"RV":1.50}]}|{"SD":"30\\u00e4=="}'
    reading = only(meter_values([{"value": text, "format": "SignedData", "context": "Transaction.Begin"}]))
    assert reading.signed == (text,)
    assert (reading.register_wh, reading.context) == (None, ReadingContext.BEGIN)


@pytest.mark.parametrize("dialect", [Dialect.V201, Dialect.V21])
def test_values_of_2_x(dialect: Dialect):
    signed = {"signedMeterData": "T0NNRnx7fQ==", "signingMethod": "ECDSA-secp256r1-SHA256", "encodingMethod": "OCMF",
              "publicKey": "MFk="}  # fmt: skip
    samples = [
        {"value": 1.5, "measurand": ENERGY, "unitOfMeasure": {"unit": "Wh", "multiplier": 3},
         "signedMeterValue": signed},
        {"value": 110.0, "measurand": "Power.Active.Import", "unitOfMeasure": {"unit": "kW", "multiplier": -1}},
        {"value": 0.1, "measurand": "Energy.Active.Export.Register"},
        {"value": 1.0, "measurand": "SoC", "unitOfMeasure": {"unit": "Percent", "multiplier": 400}},
    ]  # fmt: skip
    payload = {"evseId": 2, "meterValue": [{"timestamp": "2026-11-22T10:00:00Z", "sampledValue": samples}]}
    (event,), mends = tell(dialect, "MeterValues", payload)
    (reading,) = event.readings
    assert (reading.register_wh, reading.export_register_wh, reading.power_w) == (1500, Decimal("0.1"), 11000.0)
    assert reading.signed == ("T0NNRnx7fQ==",)
    assert reading.more == {
        "signatures": [{"signingMethod": "ECDSA-secp256r1-SHA256", "encodingMethod": "OCMF", "publicKey": "MFk="}],
        "SoC": {"value": 1.0, "unit": "Percent", "multiplier": 400},
    }
    assert [mend.code for mend in mends] == ["multiplier_implausible"]
