"""How values look in the drivers' app."""

from decimal import Decimal

from django import template
from django.utils.formats import number_format

register = template.Library()


@register.filter
def kw0(power_w: float) -> str:
    """Rated power: 22 kW, 3.7 kW."""
    power_kw = round(power_w / 1000, 1)
    return f"{number_format(power_kw, 0 if power_kw == int(power_kw) else 1)} kW"


@register.filter
def unlocalised(value: float) -> str:
    """A coordinate as a program reads it."""
    return f"{value:.6f}"


@register.filter
def plain_kwh(energy_wh: Decimal | None) -> str:
    """As a number field takes it."""
    return "" if energy_wh in (None, "") else f"{Decimal(energy_wh) / 1000:.3f}".rstrip("0").rstrip(".")
