"""Measurands and units: what a sampled value measures and how it becomes ours."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Final, NamedTuple

from ohmstead.kit.units import celsius_from_fahrenheit, celsius_from_kelvin
from ohmstead.wire.hearing import Hearing

REGISTER: Final = "Energy.Active.Import.Register"


class Shape(Enum):
    """How values of several phases come together."""

    SUMMED = 1  # the value of all phases, or the sum of the phases
    PHASED = 2  # one field for each line
    PLAIN = 3


class Quantity(NamedTuple):
    """`fields`: of each line where there are three, else one. `units` gives the exponent of ten that leads to ours."""

    fields: tuple[str, ...]
    shape: Shape
    units: Mapping[str | None, int]
    exact: bool = False


_ENERGY: Final = {None: 0, "Wh": 0, "kWh": 3, "MWh": 6}
_POWER: Final = {None: 0, "W": 0, "kW": 3, "MW": 6, "VA": 0, "kVA": 3}
_CURRENT: Final = {None: 0, "A": 0, "mA": -3}
_VOLTAGE: Final = {None: 0, "V": 0, "kV": 3, "mV": -3}
_TEMPERATURE: Final = {None: 0, "Celsius": 0, "Celcius": 0, "C": 0, "°C": 0, "K": 0, "Fahrenheit": 0}
_SHARE: Final = {None: 0, "Percent": 0, "%": 0}
_FREQUENCY: Final = {None: 0, "Hertz": 0, "Hz": 0}

QUANTITIES: Final[dict[str, Quantity]] = {
    REGISTER: Quantity(("register_wh",), Shape.SUMMED, _ENERGY, exact=True),
    "Energy.Active.Export.Register": Quantity(("export_register_wh",), Shape.SUMMED, _ENERGY, exact=True),
    "Power.Active.Import": Quantity(("power_w",), Shape.SUMMED, _POWER),
    "Power.Offered": Quantity(("offered_power_w",), Shape.SUMMED, _POWER),
    "Current.Import": Quantity(("current_l1_a", "current_l2_a", "current_l3_a"), Shape.PHASED, _CURRENT),
    "Voltage": Quantity(("voltage_l1_v", "voltage_l2_v", "voltage_l3_v"), Shape.PHASED, _VOLTAGE),
    "SoC": Quantity(("soc_percent",), Shape.PLAIN, _SHARE),
    "Temperature": Quantity(("temperature_c",), Shape.PLAIN, _TEMPERATURE),
    "Frequency": Quantity(("frequency_hz",), Shape.PLAIN, _FREQUENCY),
}
_POWER_IN_ENERGY_UNITS: Final = {"wh": 0, "kwh": 3}
usual_number: Final = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,12})?").fullmatch  # nearly all there is
_MAX_TEXT: Final = 32
_MAX_VALUE: Final = Decimal("1e15")
_MAX_PLACES: Final = 12


def exponent_of(quantity: Quantity, unit: str | None, hearing: Hearing) -> int | None:
    """The power of ten that leads from the unit sent to ours; None for a unit we do not know."""
    exponent = quantity.units.get(unit)
    if exponent is not None:
        return exponent
    assert unit is not None  # every table knows "no unit"
    folded = unit.strip().lower()
    if not folded:
        return 0
    if quantity.units is _POWER and folded in _POWER_IN_ENERGY_UNITS:
        hearing.mend("power_in_energy_unit", "A power came in a unit of energy; it was read as power.", unit)
        return _POWER_IN_ENERGY_UNITS[folded]
    for known, exponent in quantity.units.items():
        if known is not None and known.lower() == folded:
            hearing.mend("unit_spelling", "The unit is not spelt as the standard spells it.", unit)
            return exponent
    hearing.mend("unit_unknown", "The unit is unknown; the value is kept as sent.", unit)
    return None


def exact_number(value: str | float, hearing: Hearing) -> Decimal | None:
    """None, with a mend, for what is no number or cannot be a measurement."""
    if type(value) is str and usual_number(value):
        return Decimal(value)
    try:
        number = Decimal(value if isinstance(value, str) else repr(value))
        if len(str(value)) <= _MAX_TEXT and -_MAX_VALUE <= number <= _MAX_VALUE and _is_plain(value, number):
            return number
    except InvalidOperation:
        if isinstance(value, str) and value.count(",") == 1 and "." not in value:
            hearing.mend("decimal_comma", "A number was written with a comma.", value)
            return exact_number(value.replace(",", "."), hearing)
    hearing.mend("value_unreadable", "The value is no number that can be true; it is kept as sent.", value)
    return None


def _is_plain(value: str | float, number: Decimal) -> bool:
    """Exponents make short texts of endless numbers, and Python reads 1_000."""
    if isinstance(value, str) and "e" not in value and "E" not in value:
        return "_" not in value
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and -_MAX_PLACES - 8 <= exponent <= _MAX_PLACES + 8


def plain_number(value: str | float, hearing: Hearing) -> float | None:
    if type(value) is str and usual_number(value):
        return float(value)
    if type(value) is float and -1e15 <= value <= 1e15:
        return value
    number = exact_number(value, hearing)
    return None if number is None else float(number)


def in_celsius(degrees: float, unit: str | None) -> float:
    match (unit or "").strip().lower():
        case "k":
            return celsius_from_kelvin(degrees)
        case "fahrenheit":
            return celsius_from_fahrenheit(degrees)
    return degrees
