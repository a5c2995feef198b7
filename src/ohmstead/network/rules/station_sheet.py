"""A table of stations with their plugs against the stations there are: a row for each connector. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from ohmstead.network.rules.door import PROFILE_SAYS
from ohmstead.network.rules.plug_facts import checked_connector, checked_evse
from ohmstead.network.rules.problems import Problem
from ohmstead.network.rules.sheet import Change, Plan, Row, with_point
from ohmstead.network.rules.station_facts import checked_station
from ohmstead.station.identity import InvalidIdentity, station_identity

STATION: Final = ("identity", "name", "site", "security_profile", "latitude", "longitude", "notes")
EVSE: Final = ("evse", "physical_reference", "evse_max_power_kw")
CONNECTOR: Final = (
    "connector", "standard", "format", "power_type", "max_power_kw", "max_current_a", "max_voltage_v",
)  # fmt: skip
COLUMNS: Final = (*STATION, *EVSE, *CONNECTOR)
NEEDED: Final = ("identity",)


@dataclass(slots=True)
class KnownStation:
    """`values`: name, site (its name), security_profile, latitude, longitude, notes; `why_not` is set when it is out
    of service."""

    values: dict[str, Any]
    evses: dict[int, dict[str, Any]] = field(default_factory=dict)
    connectors: dict[tuple[int, int], dict[str, Any]] = field(default_factory=dict)
    why_not: str = ""


@dataclass(slots=True)
class _Group:
    """The rows of one station; what the first says of the station, the others may leave out."""

    line: int
    identity: str
    values: dict[str, Any] = field(default_factory=dict)
    evses: dict[int, dict[str, Any]] = field(default_factory=dict)
    connectors: dict[tuple[int, int], dict[str, Any]] = field(default_factory=dict)


def plan_stations(rows: Sequence[Row], known: Mapping[str, KnownStation], sites: Mapping[str, str]) -> Plan:
    """`known` by identity and `sites` by name, both in capitals."""
    plan = Plan()
    groups: dict[str, _Group] = {}
    for row in rows:
        identity = row.cells.get("identity", "")
        try:
            station_identity(identity)
        except InvalidIdentity:
            plan.fault(
                row.line, "identity", Problem("%(text)s is no station identity.", {"text": identity or "Nothing"})
            )
            continue
        group = groups.setdefault(identity.upper(), _Group(row.line, identity))
        _add_station(plan, group, row, sites)
        _add_plug(plan, group, row)
    for key, group in groups.items():
        _plan(plan, group, known.get(key))
    return plan


def _add_station(plan: Plan, group: _Group, row: Row, sites: Mapping[str, str]) -> None:
    given: dict[str, Any] = {name: row.cells[name] for name in STATION[1:] if name in row.cells}
    for half in ("latitude", "longitude"):
        if half in given:
            given[half] = with_point(given[half])
    if "site" in given:
        if given["site"].upper() not in sites:
            plan.fault(row.line, "site", Problem("There is no site named %(text)s.", {"text": given.pop("site")}))
        else:
            given["site"] = sites[given["site"].upper()]
    if "security_profile" in given and given["security_profile"] not in {str(number) for number in PROFILE_SAYS}:
        said = Problem(
            "%(text)s is no security profile; there are 0, 1, 2 and 3.", {"text": given.pop("security_profile")}
        )
        plan.fault(row.line, "security_profile", said)
    for name, value in given.items():
        if group.values.setdefault(name, value) != value:
            plan.fault(
                row.line, name, Problem("Line %(line)d says something else of this station.", {"line": group.line})
            )


def _add_plug(plan: Plan, group: _Group, row: Row) -> None:
    cells = row.cells
    if not any(name in cells for name in (*EVSE, *CONNECTOR)):
        return
    evse = {"number": cells.get("evse")}
    if "physical_reference" in cells:
        evse["physical_reference"] = cells["physical_reference"]
    _kilowatts(plan, row, "evse_max_power_kw", "max_power_w", evse)
    clean, problems = checked_evse(evse)
    _report(plan, row, problems, {"number": "evse", "max_power_w": "evse_max_power_kw"})
    if problems:
        return
    number = clean.pop("number")
    stored = group.evses.setdefault(number, {})
    for name, value in clean.items():
        if stored.setdefault(name, value) != value:
            plan.fault(
                row.line, "evse", Problem("Another line says something else of plug %(number)d.", {"number": number})
            )
    if any(name in cells for name in CONNECTOR):
        _add_connector(plan, group, row, number)


def _add_connector(plan: Plan, group: _Group, row: Row, evse: int) -> None:
    """A connector without a number is the first."""
    given: dict[str, Any] = {"number": row.cells.get("connector", "1")}
    given |= {name: row.cells[name] for name in CONNECTOR[1:] if name in row.cells and name != "max_power_kw"}
    _kilowatts(plan, row, "max_power_kw", "max_power_w", given)
    clean, problems = checked_connector(given)
    _report(plan, row, problems, {"number": "connector", "max_power_w": "max_power_kw"})
    if problems:
        return
    key = (evse, clean.pop("number"))
    if key in group.connectors:
        plan.fault(row.line, "connector", Problem("This connector stands twice in the table."))
    group.connectors[key] = clean


def _kilowatts(plan: Plan, row: Row, column: str, name: str, into: dict[str, Any]) -> None:
    if column not in row.cells:
        return
    try:
        power_w = Decimal(with_point(row.cells[column])) * 1000
        into[name] = int(power_w) if power_w.is_finite() else 0
    except InvalidOperation:
        into[name] = 0
    if not 0 < into[name] <= 5_000_000:
        plan.fault(row.line, column, Problem("This is a power in kW such as 22 or 7.4."))
        del into[name]


def _report(plan: Plan, row: Row, problems: Mapping[str, Problem], columns: Mapping[str, str]) -> None:
    for name, problem in problems.items():
        plan.fault(row.line, columns.get(name, name), problem)


def _plan(plan: Plan, group: _Group, known: KnownStation | None) -> None:
    if known and known.why_not:
        plan.fault(group.line, "identity", Problem(known.why_not))
        return
    stored = known.values if known else {}
    values = dict(group.values)
    if "latitude" in values or "longitude" in values:
        values = {"latitude": stored.get("latitude"), "longitude": stored.get("longitude")} | values
    facts, problems = checked_station({n: v for n, v in values.items() if n not in ("site", "security_profile")})
    for name, problem in problems.items():
        plan.fault(group.line, name, problem)
    if "site" in values:
        facts["site"] = values["site"]
    profile = int(values.get("security_profile", stored.get("security_profile", 0)))
    if known is None:
        facts["security_profile"] = profile
    elif profile != stored["security_profile"]:
        said = "The security profile of a station that is there already is changed on its own page."
        plan.fault(group.line, "security_profile", Problem(said))
    if not problems:
        _change(plan, group, known, facts)


def _change(plan: Plan, group: _Group, known: KnownStation | None, facts: dict[str, Any]) -> None:
    evses, connectors = (known.evses, known.connectors) if known else ({}, {})
    stored = known.values if known else {}
    after = {name: value for name, value in facts.items() if known is None or stored.get(name) != value}
    new_evses = {n: v for n, v in group.evses.items() if not _same(evses.get(n), v)}
    new_connectors = {k: v for k, v in group.connectors.items() if not _same(connectors.get(k), v)}
    if known and not after and not new_evses and not new_connectors:
        plan.unchanged += 1
        return
    plugs = {"evses": new_evses, "connectors": new_connectors}
    before = {name: stored.get(name) for name in after} if known else None
    plan.changes.append(Change(group.line, group.identity, before, after | {k: v for k, v in plugs.items() if v}))


def _same(stored: Mapping[str, Any] | None, given: Mapping[str, Any]) -> bool:
    return stored is not None and all(stored[name] == value for name, value in given.items())
