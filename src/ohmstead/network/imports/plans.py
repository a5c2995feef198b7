"""What an uploaded table would do to the network as it is now: a constant number of statements."""

from typing import Any

from ohmstead.access.models import Organisation
from ohmstead.network.models import Connector, Evse, ImportDraft, ImportKind, Site, Station
from ohmstead.network.rules import site_sheet, station_sheet
from ohmstead.network.rules.sheet import Plan, read_sheet
from ohmstead.network.rules.station_sheet import KnownStation
from ohmstead.station.answers import Admission

_WHY_NOT = {
    Admission.PENDING: "This station waits in the inbox: accept it there first.",
    Admission.REFUSED: "This station was refused: accept it in the inbox first.",
}
_REMOVED = "This station was removed: bring it back first."
SITE_FIELDS = tuple(name for name in site_sheet.COLUMNS if name != "opening_hours")


def plan_of(draft: ImportDraft) -> Plan:
    """Raises Unusable for a file that is no such table at all."""
    content = bytes(draft.content)
    if draft.kind == ImportKind.SITES:
        rows = read_sheet(content, site_sheet.COLUMNS, site_sheet.NEEDED)
        return site_sheet.plan_sites(rows, known_sites(draft.organisation))
    rows = read_sheet(content, station_sheet.COLUMNS, station_sheet.NEEDED)
    names = Site.objects.filter(organisation=draft.organisation, removed_at=None).values_list("name", flat=True)
    return station_sheet.plan_stations(rows, known_stations(draft.organisation), {name.upper(): name for name in names})


def known_sites(organisation: Organisation) -> dict[str, dict[str, Any]]:
    sites = Site.objects.filter(organisation=organisation, removed_at=None)
    return {
        site.name.upper(): {name: getattr(site, name) for name in SITE_FIELDS} | {"opening": site.hours}
        for site in sites
    }


def known_stations(organisation: Organisation) -> dict[str, KnownStation]:
    known: dict[Any, KnownStation] = {}
    by_identity: dict[str, KnownStation] = {}
    for station in Station.objects.filter(organisation=organisation).select_related("site"):
        values = {
            name: getattr(station, name) for name in ("name", "security_profile", "latitude", "longitude", "notes")
        }
        why_not = _REMOVED if station.removed_at else _WHY_NOT.get(Admission(station.admission), "")
        one = KnownStation(values | {"site": station.site.name if station.site else None}, why_not=why_not)
        known[station.pk] = by_identity[station.identity.upper()] = one
    for evse in Evse.objects.filter(station__organisation=organisation):
        facts = {"physical_reference": evse.physical_reference, "max_power_w": evse.max_power_w}
        known[evse.station_id].evses[evse.number] = facts
    names = ("standard", "format", "power_type", "max_power_w", "max_current_a", "max_voltage_v")
    connectors = Connector.objects.filter(evse__station__organisation=organisation)
    for station_id, evse_number, number, *facts in connectors.values_list(
        "evse__station", "evse__number", "number", *names
    ):
        known[station_id].connectors[evse_number, number] = dict(zip(names, facts, strict=True))
    return by_identity
