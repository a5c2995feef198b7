"""Reads of the network for console, API and command line; the number of queries never depends on the rows."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Upper
from django.utils import timezone

from ohmstead.access.models import Organisation
from ohmstead.network.errors import SiteUnknown, StationUnknown
from ohmstead.network.models import (
    Certificate,
    Connector,
    Deviation,
    Evse,
    Gateway,
    Refusal,
    Site,
    SitePhoto,
    Station,
    StationEvent,
)
from ohmstead.network.presence import LOST_AFTER
from ohmstead.station.answers import Admission
from ohmstead.station.states import PlugState


def stations(
    organisation: Organisation, *, search: str = "", site: Site | None = None, online: bool | None = None
) -> QuerySet[Station]:
    """Accepted stations with site, EVSEs and connectors, by identity: three queries when read."""
    found = _with_plugs(Station.objects.filter(organisation=organisation, admission=Admission.ACCEPTED))
    if search := search.strip():
        found = found.filter(called(search))
    if site is not None:
        found = found.filter(site=site)
    if online is not None:
        found = found.filter(online=online)
    return found.order_by("identity")


def called(text: str) -> Q:
    """Stations with the text in identity, name, serial, vendor and model, or the name of their site."""
    sites_called = Site.objects.filter(name__icontains=text)
    return Q(searched__contains=Upper(Value(text))) | Q(site__in=sites_called.values("pk"))


def station(organisation: Organisation, station_id: UUID) -> Station:
    """One station of the organisation with its plugs. Raises StationUnknown, also for another tenant's station."""
    found = _with_plugs(Station.objects.filter(organisation=organisation, pk=station_id)).first()
    if found is None:
        raise StationUnknown("There is no such station.")
    return found


def station_named(organisation: Organisation, identity: str) -> Station:
    """Raises StationUnknown."""
    found = Station.objects.filter(organisation=organisation, identity__iexact=identity).first()
    if found is None:
        raise StationUnknown(f"{organisation.name} has no station {identity}.")
    return found


def _with_plugs(found: QuerySet[Station]) -> QuerySet[Station]:
    connectors = Connector.objects.order_by("number")
    evses = Evse.objects.order_by("number").prefetch_related(Prefetch("connectors", connectors))
    return found.select_related("site", "organisation").prefetch_related(Prefetch("evses", evses))


def sites(organisation: Organisation) -> QuerySet[Site]:
    """With `stations_total`, `stations_online` and `plugs_faulted` of each: one query."""
    accepted = Q(stations__admission=Admission.ACCEPTED)
    return (
        Site.objects.filter(organisation=organisation, removed_at=None)
        .annotate(
            stations_total=Count("stations", accepted, distinct=True),
            stations_online=Count("stations", accepted & Q(stations__online=True), distinct=True),
            plugs_faulted=Count(
                "stations__evses", accepted & Q(stations__evses__state=PlugState.FAULTED), distinct=True
            ),
        )
        .order_by("name")
    )


def site(organisation: Organisation, site_id: UUID) -> Site:
    """Also one that was removed. Raises SiteUnknown, also for another tenant's site."""
    found = Site.objects.filter(organisation=organisation, pk=site_id).first()
    if found is None:
        raise SiteUnknown("There is no such site.")
    return found


def removed_sites(organisation: Organisation) -> QuerySet[Site]:
    return Site.objects.filter(organisation=organisation).exclude(removed_at=None).order_by("-removed_at")


def removed_stations(organisation: Organisation) -> QuerySet[Station]:
    """Out of service, the past kept; newest first."""
    return (
        Station.objects.filter(organisation=organisation)
        .exclude(removed_at=None)
        .select_related("site")
        .order_by("-removed_at")
    )


def photos(site: Site) -> QuerySet[SitePhoto]:
    return SitePhoto.objects.filter(site=site).select_related("site").order_by("added_at")


@dataclass(frozen=True, slots=True)
class Overview:
    """Counts of accepted stations and of the plugs of those that are online; offline plugs are nobody's."""

    stations: int
    online: int
    inbox: int
    plugs_by_state: dict[str, int]


def overview(organisation: Organisation) -> Overview:
    """Two queries."""
    mine = Station.objects.filter(organisation=organisation)
    accepted = Q(admission=Admission.ACCEPTED)
    counted = mine.aggregate(
        stations=Count("pk", accepted),
        online=Count("pk", accepted & Q(online=True)),
        inbox=Count("pk", Q(admission=Admission.PENDING)),
    )
    plugs = (
        Evse.objects.filter(station__organisation=organisation, station__admission="accepted", station__online=True)
        .values_list("state")
        .annotate(count=Count("pk"))
    )
    return Overview(**counted, plugs_by_state=dict(plugs))


def inbox(organisation: Organisation) -> QuerySet[Station]:
    """Stations that wait to be accepted, newest first."""
    return Station.objects.filter(organisation=organisation, admission=Admission.PENDING).order_by("-created_at")


def refused_stations(organisation: Organisation) -> QuerySet[Station]:
    refused = Station.objects.filter(organisation=organisation, admission=Admission.REFUSED, removed_at=None)
    return refused.order_by("identity")


def refusals(organisation: Organisation | None, limit: int = 100) -> QuerySet[Refusal]:
    """Attempts that ended at the door, newest first; None: those that named no organisation we have."""
    return Refusal.objects.filter(organisation=organisation).order_by("-last_at")[:limit]


def refusals_of(station: Station) -> QuerySet[Refusal]:
    return Refusal.objects.filter(organisation=station.organisation_id, identity__iexact=station.identity).order_by(
        "-last_at"
    )


def timeline(station: Station, *, before: datetime | None = None, limit: int = 50) -> QuerySet[StationEvent]:
    found = StationEvent.objects.filter(station=station)
    if before is not None:
        found = found.filter(at__lt=before)
    return found.order_by("-at", "-id")[:limit]


def deviations(station: Station) -> QuerySet[Deviation]:
    return Deviation.objects.filter(station=station).order_by("-last_at")


def certificates(station: Station) -> QuerySet[Certificate]:
    return Certificate.objects.filter(station=station).order_by("-not_before")


@dataclass(frozen=True, slots=True)
class GatewayHealth:
    name: str
    connections: int
    entries_total: int
    seen_at: datetime
    draining: bool
    lost: bool


def gateways(now: datetime | None = None) -> list[GatewayHealth]:
    now = now or timezone.now()
    return [
        GatewayHealth(
            each.name,
            each.connections,
            each.entries_total,
            each.seen_at,
            each.draining,
            lost=each.seen_at < now - LOST_AFTER,
        )
        for each in Gateway.objects.order_by("name")
    ]
