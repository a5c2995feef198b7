"""The demo's sites and stations, as the simulator's town has them."""

from typing import Final

from ohmstead.access.models import Organisation
from ohmstead.network.models import Connector, Evse, Site, Station
from ohmstead.simulator.evse import Outlet
from ohmstead.simulator.scenario import Planned, Scenario
from ohmstead.station.answers import Admission
from ohmstead.station.passwords import password_hash

_STANDARDS: Final = {
    "cType2": ("IEC_62196_T2", "CABLE"),
    "sType2": ("IEC_62196_T2", "SOCKET"),
    "cCCS2": ("IEC_62196_T2_COMBO", "CABLE"),
    "cG105": ("CHADEMO", "CABLE"),
}


def seed_network(organisation: Organisation, town: Scenario, secret_key: str) -> None:
    known = set(Station.objects.filter(organisation=organisation).values_list("identity", flat=True))
    sites = {site.name: site for site in Site.objects.filter(organisation=organisation)}
    for plan in town.sheet.sites:
        if plan.name not in sites:
            sites[plan.name] = Site.objects.create(
                organisation=organisation,
                name=plan.name,
                address=plan.address,
                city=plan.city,
                latitude=plan.latitude,
                longitude=plan.longitude,
                time_zone=town.sheet.time_zone,
            )
    new = [planned for planned in town.stations if planned.identity not in known]
    stations = [_station(organisation, sites[planned.site.name], planned, secret_key) for planned in new]
    evses = [
        (Evse(station=station, number=number, max_power_w=round(outlet.power_w)), outlet)
        for station, planned in zip(stations, new, strict=True)
        for number, outlet in enumerate(planned.nameplate.outlets, start=1)
    ]
    Station.objects.bulk_create(stations)
    Evse.objects.bulk_create(evse for evse, _ in evses)
    Connector.objects.bulk_create(_connector(evse, outlet) for evse, outlet in evses)


def _station(organisation: Organisation, site: Site, planned: Planned, secret_key: str) -> Station:
    plate = planned.nameplate
    return Station(
        organisation=organisation,
        site=site,
        identity=planned.identity,
        admission=Admission.ACCEPTED,
        security_profile=1 if planned.password else 0,
        password_hash=password_hash(secret_key, planned.password) if planned.password else "",
        vendor=plate.vendor,
        model=plate.model,
        serial=plate.serial,
        firmware=plate.firmware,
        dialect=f"ocpp{planned.model.ocpp}",
    )


def _connector(evse: Evse, outlet: Outlet) -> Connector:
    standard, form = _STANDARDS.get(outlet.plug, ("", ""))
    return Connector(evse=evse, number=1, standard=standard, format=form)
