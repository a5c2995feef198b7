"""A table of sites against the sites there are. An empty cell changes nothing. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ohmstead.network.rules import opening_text
from ohmstead.network.rules.opening import Hours
from ohmstead.network.rules.problems import Problem, Unusable
from ohmstead.network.rules.sheet import Change, Plan, Row, with_point
from ohmstead.network.rules.site_facts import checked_site

COLUMNS: Final = (
    "name", "address", "postal_code", "city", "country", "latitude", "longitude",
    "time_zone", "opening_hours", "access_notes", "help_phone", "visibility",
)  # fmt: skip
NEEDED: Final = ("name",)

type Known = Mapping[str, Mapping[str, Any]]  # name in capitals -> stored values, `opening` as Hours


def plan_sites(rows: Sequence[Row], known: Known) -> Plan:
    plan = Plan()
    lines: dict[str, int] = {}
    for row in rows:
        name = row.cells.get("name", "")
        first = lines.setdefault(name.upper(), row.line)
        if name and first != row.line:
            plan.fault(row.line, "name", Problem("Line %(line)d has this name already.", {"line": first}))
        else:
            _plan(plan, row, name, known.get(name.upper()))
    return plan


def _plan(plan: Plan, row: Row, name: str, stored: Mapping[str, Any] | None) -> None:
    given: dict[str, Any] = {"name": name} | {c: t for c, t in row.cells.items() if c != "opening_hours"}
    _complete_position(given, stored)
    problems: dict[str, Problem] = {}
    try:
        if text := row.cells.get("opening_hours"):
            given["opening"] = _hours(text, stored)
    except Unusable as unusable:
        problems["opening_hours"] = unusable.problem
    if "visibility" in given:
        given["visibility"] = given["visibility"].lower()
    clean, more = checked_site(given)
    for column, problem in (problems | more).items():
        plan.fault(row.line, column, problem)
    if problems or more:
        return
    if stored is None:
        plan.changes.append(Change(row.line, name, None, clean))
        return
    after = {field: value for field, value in clean.items() if stored[field] != value}
    if after:
        plan.changes.append(Change(row.line, name, {field: stored[field] for field in after}, after))
    else:
        plan.unchanged += 1


def _complete_position(given: dict[str, Any], stored: Mapping[str, Any] | None) -> None:
    """Half a position is checked together with the half that is stored."""
    halves = ("latitude", "longitude")
    if any(half in given for half in halves):
        for half in halves:
            given[half] = with_point(given[half]) if half in given else (stored or {}).get(half)


def _hours(text: str, stored: Mapping[str, Any] | None) -> Hours:
    """The week as written; exceptions that are stored stay."""
    week = opening_text.week_from_text(text)
    before: Hours = stored["opening"] if stored else week
    return Hours(week.always, week.weekly, before.openings, before.closings)
