"""The demo's sites and stations."""

from ohmstead.access.models import Organisation
from ohmstead.network.models import Connector, Evse, Site, Station
from ohmstead.run.demo.town import CITY, SITES, TIME_ZONE, DemoSite, Make
from ohmstead.station.answers import Admission
from ohmstead.station.passwords import password_hash


def station_password(identity: str) -> str:
    """The password of a demo station that must have one; the simulator derives the same."""
    return f"demo-{identity}-password"


def seed_network(organisation: Organisation, secret_key: str) -> None:
    known = set(Station.objects.filter(organisation=organisation).values_list("identity", flat=True))
    for site in SITES:
        row, _ = Site.objects.get_or_create(
            organisation=organisation,
            name=site.name,
            defaults={
                "address": site.address,
                "city": CITY,
                "latitude": site.latitude,
                "longitude": site.longitude,
                "time_zone": TIME_ZONE,
            },
        )
        _stations(organisation, row, site, known, secret_key)


def _stations(organisation: Organisation, row: Site, site: DemoSite, known: set[str], secret_key: str) -> None:
    stations, evses, connectors = [], [], []
    for identity, make in site.identities():
        if identity in known:
            continue
        station = _station(organisation, row, identity, make, secret_key)
        stations.append(station)
        for number in range(1, make.evses + 1):
            evse = Evse(station=station, number=number, max_power_w=make.power_w)
            evses.append(evse)
            form = "CABLE" if make.cable else "SOCKET"
            connectors.append(Connector(evse=evse, number=1, standard=make.standard, format=form))
    Station.objects.bulk_create(stations)
    Evse.objects.bulk_create(evses)
    Connector.objects.bulk_create(connectors)


def _station(organisation: Organisation, site: Site, identity: str, make: Make, secret_key: str) -> Station:
    guarded = make.security_profile > 0
    return Station(
        organisation=organisation,
        site=site,
        identity=identity,
        admission=Admission.ACCEPTED,
        security_profile=make.security_profile,
        password_hash=password_hash(secret_key, station_password(identity)) if guarded else "",
        vendor=make.vendor,
        model=make.model,
        firmware=make.firmware,
        dialect=make.dialect,
    )
