"""A site as a form: everything is text, and what cannot be used is said beside its field."""

from collections.abc import Iterable
from typing import Any, Final

from django.http import HttpRequest

from ohmstead.network.errors import BadValues
from ohmstead.network.models import Site
from ohmstead.network.rules import opening_text
from ohmstead.network.rules.opening import Hours, Span, Weekly
from ohmstead.network.rules.problems import Problem, Unusable
from ohmstead.network.rules.sheet import with_point
from ohmstead.web.console.entries import Entries

FIELDS: Final = (
    "name", "address", "postal_code", "city", "country", "latitude", "longitude",
    "time_zone", "access_notes", "help_phone", "visibility",
)  # fmt: skip
_DAYS: Final = range(1, 8)
_SPARE_ROWS: Final = 2


def posted(request: HttpRequest) -> tuple[Entries, list[dict[str, str]]]:
    """The texts, and the rows of exceptional openings and closings."""
    days = tuple(f"day_{weekday}" for weekday in _DAYS)
    entries = Entries.posted(request, (*FIELDS, "open", *days))
    columns = [request.POST.getlist(name) for name in ("exception", "begins", "ends")]
    rows = [
        {"kind": kind, "begins": begins, "ends": ends}
        for kind, begins, ends in zip(*columns, strict=False)
        if begins or ends
    ]
    return entries, rows


def blank() -> Entries:
    return Entries({"open": "always", "visibility": "public"})


def of_site(site: Site) -> tuple[Entries, list[dict[str, str]]]:
    entries = Entries.of(site, FIELDS)
    hours = site.hours
    entries.values["open"] = "always" if hours.always else "weekly"
    entries.values |= {f"day_{day}": opening_text.day_text(hours.weekly, day) for day in _DAYS}
    return entries, [*_rows("closed", hours.closings), *_rows("open", hours.openings)]


def _rows(kind: str, spans: Iterable[Span]) -> list[dict[str, str]]:
    return [
        {
            "kind": kind,
            "begins": span.begins.isoformat(timespec="minutes"),
            "ends": span.ends.isoformat(timespec="minutes"),
        }
        for span in spans
    ]


def with_spare(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return [*rows, *({"kind": "closed", "begins": "", "ends": ""} for _ in range(_SPARE_ROWS))]


def values(entries: Entries, rows: list[dict[str, str]]) -> dict[str, Any]:
    """What the action takes. Raises BadValues for hours that mean nothing."""
    found: dict[str, Any] = {name: entries.values[name] for name in FIELDS}
    for name in ("latitude", "longitude"):
        found[name] = with_point(entries.values[name]) or None
    return found | {"opening": _hours(entries, rows)}


def _hours(entries: Entries, rows: list[dict[str, str]]) -> Hours:
    problems: dict[str, Problem] = {}
    weekly: list[Weekly] = []
    always = entries.values["open"] != "weekly"
    for weekday in _DAYS if not always else ():
        try:
            weekly += opening_text.day_stretches(weekday, entries.values[f"day_{weekday}"])
        except Unusable as unusable:
            problems[f"day_{weekday}"] = unusable.problem
    spans: dict[str, list[Span]] = {"open": [], "closed": []}
    for row in rows:
        try:
            spans["open" if row["kind"] == "open" else "closed"].append(opening_text.span(row["begins"], row["ends"]))
        except Unusable as unusable:
            problems["exceptions"] = unusable.problem
    hours = Hours(always, tuple(weekly), tuple(spans["open"]), tuple(spans["closed"]))
    if not problems:
        try:
            return opening_text.checked(hours)
        except Unusable as unusable:
            problems["opening"] = unusable.problem
    raise BadValues(problems)
