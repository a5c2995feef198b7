"""The same tables on their way out: what is exported can be changed and imported again."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch, QuerySet

from ohmstead.network.models import Connector, Evse, Site, Station
from ohmstead.network.rules import site_sheet, station_sheet
from ohmstead.network.rules.sheet import written

_CHUNK = 500


def sites_csv(sites: QuerySet[Site], delimiter: str = ",") -> Iterator[str]:
    return iter(written(_site_rows(sites), delimiter))


def _site_rows(sites: QuerySet[Site]) -> Iterator[tuple[object, ...]]:
    yield site_sheet.COLUMNS
    for site in sites.iterator(_CHUNK):
        yield tuple(site.hours_text if name == "opening_hours" else getattr(site, name) for name in site_sheet.COLUMNS)


def stations_csv(stations: QuerySet[Any], delimiter: str = ",") -> Iterator[str]:
    """A row for each connector; a station without plugs has one row."""
    return iter(written(_station_rows(stations), delimiter))


def _station_rows(stations: QuerySet[Any]) -> Iterator[tuple[object, ...]]:
    yield station_sheet.COLUMNS
    connectors = Prefetch("connectors", Connector.objects.order_by("number"))
    plugs = Prefetch("evses", Evse.objects.order_by("number").prefetch_related(connectors))
    found = stations.select_related("site").prefetch_related(None).prefetch_related(plugs)
    for station in found.iterator(_CHUNK):
        about = _about(station)
        for evse in station.evses.all():
            place = (evse.number, evse.physical_reference, _kilowatts(evse.max_power_w))
            for connector in evse.connectors.all():
                yield (*about, *place, *_connector(connector))
            if not evse.connectors.all():
                yield (*about, *place, *([None] * len(station_sheet.CONNECTOR)))
        if not station.evses.all():
            yield (*about, *([None] * len((*station_sheet.EVSE, *station_sheet.CONNECTOR))))


def _about(station: Station) -> tuple[object, ...]:
    site = station.site.name if station.site else None
    return (
        station.identity, station.name, site, station.security_profile,
        station.latitude, station.longitude, station.notes,
    )  # fmt: skip


def _connector(connector: Connector) -> tuple[object, ...]:
    return (
        connector.number, connector.standard, connector.format, connector.power_type,
        _kilowatts(connector.max_power_w), connector.max_current_a, connector.max_voltage_v,
    )  # fmt: skip


def _kilowatts(power_w: int | None) -> str | None:
    return None if power_w is None else f"{power_w / 1000:g}"
