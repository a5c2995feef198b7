"""Each bad habit, as it appears on the wire."""

from typing import Any

import pytest

from ohmstead.simulator.quirks import QUIRKS, habit_of
from ohmstead.simulator.scenario import load


def values(value: str = "12345", **more: Any) -> dict[str, Any]:
    sampled = {"value": value, "measurand": "Energy.Active.Import.Register", "unit": "Wh"} | more
    return {"meterValue": [{"timestamp": "2026-11-22T12:00:00.000Z", "sampledValue": [sampled]}]}


def first(payload: dict[str, Any]) -> dict[str, Any]:
    return payload["meterValue"][0]["sampledValue"][0]


STAMPED = {"timestamp": "2026-11-22T12:00:00.000Z"}


@pytest.mark.parametrize(
    ("quirk", "action", "said", "expected"),
    [
        (
            "kwh_without_unit",
            "MeterValues",
            values(),
            {"value": "12.345", "measurand": "Energy.Active.Import.Register"},
        ),
        ("kwh_with_unit", "MeterValues", values(), {"value": "12.345", "unit": "kWh"}),
        ("no_measurand", "MeterValues", values(), {"value": "12345", "unit": "Wh"}),
        ("unknown_measurand", "MeterValues", values(measurand="Power.Offered"), {"measurand": "Power.Factory.Setting"}),
        ("times_without_zone", "StatusNotification", STAMPED, {"timestamp": "2026-11-22T12:00:00.000"}),
        ("times_nine_digits", "StatusNotification", STAMPED, {"timestamp": "2026-11-22T12:00:00.000123456+00:00"}),
        ("year_1970_at_boot", "StatusNotification", STAMPED, {"timestamp": "1970-01-01T00:00:07Z"}),
        ("clock_ahead", "StatusNotification", STAMPED, {"timestamp": "2026-11-22T12:07:00.000Z"}),
        ("lower_case_tags", "Authorize", {"idTag": "04AB"}, {"idTag": "04ab"}),
        ("huge_transaction_id", "MeterValues", {"transactionId": 5}, {"transactionId": 9223372036854775807}),
        ("forgets_transaction_id", "StopTransaction", {"transactionId": 5}, {"transactionId": -1}),
        ("error_code_error", "StatusNotification", {"errorCode": "GroundFailure"}, {"errorCode": "Error"}),
        ("error_code_error", "StatusNotification", {"errorCode": "NoError"}, {"errorCode": "NoError"}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_habit(quirk: str, action: str, said: dict[str, Any], expected: dict[str, Any]) -> None:
    written = QUIRKS[quirk](action, said)
    shown = first(written) if "meterValue" in written else written
    assert {name: shown.get(name) for name in expected} == expected


def test_what_a_habit_leaves_out_is_gone() -> None:
    assert "unit" not in first(QUIRKS["kwh_without_unit"]("MeterValues", values()))
    assert "measurand" not in first(QUIRKS["no_measurand"]("MeterValues", values()))


def test_a_habit_changes_a_copy() -> None:
    said = values()
    QUIRKS["kwh_with_unit"]("MeterValues", said)
    assert said == values()


def test_habits_add_up() -> None:
    habit = habit_of(("times_without_zone", "lower_case_tags"))
    assert habit
    assert habit("Authorize", {"idTag": "AB"} | STAMPED) == {"idTag": "ab", "timestamp": "2026-11-22T12:00:00.000"}
    assert habit_of(("long_serial",)) is None


def test_f2_one_station_has_a_serial_longer_than_the_standard_allows() -> None:
    (station,) = [planned for planned in load("quirks").stations if "long_serial" in planned.model.quirks]
    assert len(station.nameplate.serial) > 25
