"""How values look on every page: icons, state badges, figures with units, times in the site's zone."""

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from uuid import UUID

from django import template
from django.http import QueryDict
from django.templatetags.static import static
from django.utils import timezone
from django.utils.dates import MONTHS_3
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from ohmstead.access.models import Role
from ohmstead.charging.models import MeterReading, Session
from ohmstead.network.models import Command
from ohmstead.web.console import command_steps, looks, operation_words, right_words, role_words, token_words, words
from ohmstead.web.console.figures import figure
from ohmstead.web.console.zones import zone_of

register = template.Library()


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """Kept: a page shows hundreds of the same sixty."""
    sprite = static("vendor/icons.svg")
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', sprite, name)


@register.simple_tag
def badge(look: words.Look) -> SafeString:
    return _badge(look.css, look.icon, str(look.word))


@lru_cache(maxsize=1_000)
def _badge(css: str, icon_name: str, word: str) -> SafeString:
    return format_html('<span class="badge state-{}">{}{}</span>', css, icon(icon_name), word)


def _badge_of(look: Callable[[str], words.Look]) -> Callable[[str], SafeString]:
    def shown(state: str) -> SafeString:
        return badge(look(state))

    return shown


for _name, _look in looks.BADGES.items():
    register.simple_tag(_badge_of(_look), name=_name)
for _name, _look in looks.LOOKED_AT.items():
    register.filter(_name, looks.word_of(_look))
for _name, _table in looks.NAMED.items():
    register.filter(_name, looks.named_in(_table))


@register.filter
def kind_title(kind: str) -> str:
    """What a command row asked for."""
    return operation_words.kind_title(kind)


@register.filter
def kind_word(kind: str) -> str:
    """Of a token."""
    return token_words.kind_word(kind)


@register.filter
def steps(row: Command) -> list[command_steps.Step]:
    return command_steps.steps(row)


@register.filter
def translated(text: str) -> str:
    """A sentence that is said outside the templates."""
    return gettext(text)


@register.filter
def at(values: dict[str, str], key: str) -> str:
    return values.get(key, "")


@register.filter
def plug_css(state: str) -> str:
    return words.plug_look(state).css


@register.filter
def plug_icon(state: str) -> SafeString:
    return icon(words.plug_look(state).icon)


@register.filter
def flag_sentence(flag: str) -> str:
    return gettext(words.flag_sentence(flag))


@register.filter
def as_json(value: object) -> str:
    """For a data attribute, where it is escaped like any text."""
    return json.dumps(value)


@register.filter
def role_word(name: str) -> str:
    return str(role_words.ROLE_WORDS[Role(name)][0])


@register.filter
def right_word(name: str) -> str:
    return right_words.right_word(name)


@register.simple_tag
def session_duration(session: Session) -> str:
    until = session.ended_at or session.last_event_at
    return duration(until - session.started_at) if until and session.started_at else "–"


@register.simple_tag
def phases(reading: MeterReading) -> str:
    """Currents of the phases that were measured."""
    measured = [reading.current_l1_a, reading.current_l2_a, reading.current_l3_a]
    return " / ".join(figure(a, 1) for a in measured if a is not None) or "–"


@register.filter
def plug_standard(name: str) -> str:
    return words.plug_standard(name)


@register.filter
def security_profile(number: int) -> str:
    return str(words.SECURITY_PROFILES.get(number, number))


@register.filter
def kilo(value: float | Decimal | None, digits: int = 1) -> str:
    """W as kW, Wh as kWh, without the unit."""
    return "–" if value is None else figure(Decimal(str(value)) / 1000, digits)


@register.filter
def kw(value: float | None) -> str:
    return "–" if value is None else f"{kilo(value)} kW"


@register.filter
def kwh(value: Decimal | float | None) -> str:
    return "–" if value is None else f"{kilo(value, 2)} kWh"


@register.filter
def whole(value: float | None) -> str:
    return "–" if value is None else figure(value, 0)


@register.filter
def percent(value: float | None) -> str:
    return "–" if value is None else f"{whole(value)} %"


@register.filter
def duration(value: timedelta | int | None) -> str:
    """Hours and minutes; seconds only below a minute."""
    if value is None:
        return "–"
    seconds = int(value.total_seconds()) if isinstance(value, timedelta) else int(value)
    if seconds < 60:
        return gettext("%(seconds)d s") % {"seconds": seconds}
    hours, minutes = divmod(seconds // 60, 60)
    if not hours:
        return gettext("%(minutes)d min") % {"minutes": minutes}
    return gettext("%(hours)d h %(minutes)02d min") % {"hours": hours, "minutes": minutes}


@register.filter
def minutes(value: int) -> str:
    """As people say a limit: 45 minutes, 2 hours, 14 days."""
    if value >= 1440 and value % 1440 == 0:
        return ngettext("%(number)d day", "%(number)d days", value // 1440) % {"number": value // 1440}
    if value >= 60 and value % 60 == 0:
        return ngettext("%(number)d hour", "%(number)d hours", value // 60) % {"number": value // 60}
    return ngettext("%(number)d minute", "%(number)d minutes", value) % {"number": value}


@register.simple_tag
def moment(at: datetime | None, zone: str = "UTC", style: str = "short") -> SafeString:
    """A time at the site; UTC on hover. `short` leaves out the day when it is today, `long` adds zone and seconds."""
    if at is None:
        return SafeString("–")
    local = at.astimezone(zone_of(zone or "UTC"))
    today = timezone.now().astimezone(local.tzinfo).date()
    if style == "long":
        text = f"{_day(local)} {local.year}, {local:%H:%M:%S} {local.tzname()}"
    elif local.date() == today:
        text = f"{local:%H:%M}"
    else:
        text = f"{_day(local)}{'' if local.year == today.year else f' {local.year}'}, {local:%H:%M}"
    return _time(at.astimezone(UTC), text, "seconds")


def _day(at: datetime) -> str:
    return f"{at.day} {str(MONTHS_3[at.month]).title()}"


def _time(utc: datetime, text: str, precision: str) -> SafeString:
    """Without Django's format strings: they took a tenth of the time of a list of sessions."""
    title = f"{_day(utc)} {utc.year}, {utc:%H:%M:%S} UTC"
    return SafeString(
        f'<time datetime="{utc.isoformat(timespec=precision)}" title="{escape(title)}">{escape(text)}</time>'
    )


@register.simple_tag
def clock_time(at: datetime, zone: str = "UTC") -> SafeString:
    """Time of day with seconds, for logs."""
    local = at.astimezone(zone_of(zone or "UTC"))
    return _time(at.astimezone(UTC), f"{local:%H:%M:%S}", "milliseconds")


@register.simple_tag
def site_options(sites: Iterable[tuple[UUID, str]], chosen: object = "") -> SafeString:
    """Hundreds of sites to choose from, without hundreds of turns of a template's loop."""
    selected = str(chosen or "")
    return SafeString(
        "".join(
            f'<option value="{key}"{" selected" if str(key) == selected else ""}>{escape(name)}</option>'
            for key, name in sites
        )
    )


@register.simple_tag
def query_with(query: QueryDict, **changes: object) -> str:
    """The page's query string with some values replaced, from the first page on; an empty value removes its key."""
    changed = query.copy()
    for place in ("after", "before"):
        changed.pop(place, None)
    for key, value in changes.items():
        changed.pop(key, None)
        if value not in (None, ""):
            changed[key] = str(value)
    text = changed.urlencode()
    return f"?{text}" if text else "?"


@register.filter
def indented_json(value: object) -> str:
    """Indented, to be escaped like any text."""
    return json.dumps(value, indent=2, ensure_ascii=False)
