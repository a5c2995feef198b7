"""A plan carried out in the caller's transaction: rows written in bulk, one audit row for each thing."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models.functions import Upper

from ohmstead.access.actors import Actor
from ohmstead.access.audit import entry
from ohmstead.access.models import AuditEntry, Organisation
from ohmstead.network import announcing
from ohmstead.network.models import Connector, Evse, Refusal, Site, Station
from ohmstead.network.row_changes import write
from ohmstead.network.rules import opening_text
from ohmstead.network.rules.opening import Hours
from ohmstead.network.rules.sheet import Change
from ohmstead.station.answers import Admission

_BATCH = 500


def apply_sites(organisation: Organisation, changes: Sequence[Change], by: Actor) -> None:
    new = [Site(organisation=organisation, **_columns(change.after)) for change in changes if change.before is None]
    stored = {site.name.upper(): site for site in Site.objects.filter(organisation=organisation, removed_at=None)}
    changed, told = [], []
    for change in changes:
        if change.before is not None:
            site = stored[change.label.upper()]
            write(site, _columns(change.after))
            changed.append(site)
            told.append((site, _columns(change.before), _columns(change.after)))
    Site.objects.bulk_create(new, batch_size=_BATCH)
    names = sorted({name for change in changes if change.before is not None for name in change.after})
    if names:
        Site.objects.bulk_update(changed, names, batch_size=_BATCH)
    AuditEntry.objects.bulk_create(
        [
            *(entry(by, "site.created", site, imported=True) for site in new),
            *(entry(by, "site.changed", site, before=before, after=after) for site, before, after in told),
        ],
        batch_size=_BATCH,
    )


def _columns(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: opening_text.to_json(value) if isinstance(value, Hours) else value for name, value in values.items()}


def apply_stations(organisation: Organisation, changes: Sequence[Change], by: Actor) -> None:
    """Stations are locked in the order of their keys, as everywhere."""
    sites = {site.name: site for site in Site.objects.filter(organisation=organisation, removed_at=None)}
    wanted = {change.label.upper() for change in changes if change.before is not None}
    mine = Station.objects.annotate(key=Upper("identity")).filter(organisation=organisation, key__in=wanted)
    stored = {each.identity.upper(): each for each in mine.select_for_update(no_key=True).order_by("pk")}
    new: dict[str, Station] = {}
    told: list[AuditEntry] = []
    for change in changes:
        facts = _facts(change.after, sites)
        if change.before is None:
            station = Station(organisation=organisation, identity=change.label, admission=Admission.ACCEPTED, **facts)
            new[change.label.upper()] = station
            told.append(entry(by, "station.created", station, imported=True))
        else:
            station = stored[change.label.upper()]
            write(station, facts)
            told.append(entry(by, "station.changed", station, before=change.before, after=_told(change.after)))
    Station.objects.bulk_create(new.values(), batch_size=_BATCH)
    names = sorted({name for change in changes for name in change.before or ()})
    if names:
        Station.objects.bulk_update(stored.values(), names, batch_size=_BATCH)
    _write_plugs(changes, stored | new)
    Refusal.objects.filter(organisation=organisation, code="unknown_station", identity__in=_spelt(new)).delete()
    AuditEntry.objects.bulk_create(told, batch_size=_BATCH)
    announcing.created(new.values())


def _facts(after: Mapping[str, Any], sites: Mapping[str, Site]) -> dict[str, Any]:
    facts = {name: value for name, value in after.items() if name not in ("evses", "connectors", "site")}
    return facts | ({"site": sites[after["site"]]} if "site" in after else {})


def _told(after: Mapping[str, Any]) -> dict[str, Any]:
    """As JSON: keys of plugs are texts."""
    plugs = {
        name: {str(key): value for key, value in after[name].items()}
        for name in ("evses", "connectors")
        if name in after
    }
    return dict(after) | plugs


def _spelt(stations: Mapping[str, Station]) -> list[str]:
    return [station.identity for station in stations.values()]


def _write_plugs(changes: Sequence[Change], stations: Mapping[str, Station]) -> None:
    concerned = [stations[c.label.upper()].pk for c in changes if "evses" in c.after or "connectors" in c.after]
    evses = {(e.station_id, e.number): e for e in Evse.objects.filter(station__in=concerned)}
    connectors = {
        (c.evse.station_id, c.evse.number, c.number): c
        for c in Connector.objects.filter(evse__station__in=concerned).select_related("evse")
    }
    new_evses, old_evses, new_connectors, old_connectors = [], [], [], []
    for change in changes:
        station = stations[change.label.upper()]
        for number, facts in change.after.get("evses", {}).items():
            evse = evses.get((station.pk, number))
            if evse is None:
                evse = evses[station.pk, number] = Evse(station=station, number=number)
                new_evses.append(evse)
            else:
                old_evses.append(evse)
            write(evse, facts)
        for (evse_number, number), facts in change.after.get("connectors", {}).items():
            connector = connectors.get((station.pk, evse_number, number))
            if connector is None:
                connector = Connector(evse=evses[station.pk, evse_number], number=number)
                new_connectors.append(connector)
            else:
                old_connectors.append(connector)
            write(connector, facts)
    Evse.objects.bulk_create(new_evses, batch_size=_BATCH)
    Connector.objects.bulk_create(new_connectors, batch_size=_BATCH)
    if old_evses:
        Evse.objects.bulk_update(old_evses, ["physical_reference", "max_power_w"], batch_size=_BATCH)
    if old_connectors:
        names = ["standard", "format", "power_type", "max_power_w", "max_current_a", "max_voltage_v"]
        Connector.objects.bulk_update(old_connectors, names, batch_size=_BATCH)
