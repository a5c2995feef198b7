"""How sites, plugs and places look."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.safestring import SafeString

from ohmstead.network.models import Site
from ohmstead.web.console import words
from ohmstead.web.console.entries import Entries
from ohmstead.web.templatetags.ohmstead import badge

register = template.Library()


@register.simple_tag
def open_badge(site: Site, now: datetime | None = None) -> SafeString:
    return badge(words.OPEN if site.is_open(now or timezone.now()) else words.CLOSED)


@register.filter
def weekday_name(number: int) -> str:
    """1 is Monday."""
    return str(WEEKDAYS[number - 1])


@register.filter
def days(form: Entries) -> list[tuple[int, str, str, str]]:
    """(number, field, what was typed, what is wrong) of each weekday."""
    fields = [(number, f"day_{number}") for number in range(1, 8)]
    return [(number, name, form.values.get(name, ""), form.errors.get(name, "")) for number, name in fields]


@register.filter
def coordinate(degrees: float) -> str:
    """With a point in every language, as maps and vehicles take it."""
    return f"{degrees:.5f}"


@register.filter
def phone(number: str) -> str:
    return "".join(character for character in number if character in "+0123456789")
