"""Conversions to the units we keep: Wh, W, A, V, degrees Celsius, Hz."""

from decimal import Decimal

WH_PER_KWH = Decimal(1000)


def wh_from_kwh(kwh: Decimal) -> Decimal:
    return kwh * WH_PER_KWH


def celsius_from_kelvin(kelvin: float) -> float:
    return kelvin - 273.15


def celsius_from_fahrenheit(fahrenheit: float) -> float:
    return (fahrenheit - 32.0) / 1.8
