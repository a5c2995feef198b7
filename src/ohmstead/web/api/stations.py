"""GET stations."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from ninja import Query, Router

from ohmstead.network.models import Connector, Evse
from ohmstead.web.api.access import viewer
from ohmstead.web.api.cursors import from_cursor, to_cursor
from ohmstead.web.api.schemas import ConnectorOut, EvseOut, Problem, SiteOut, StationOut, StationQuery, StationsOut
from ohmstead.web.console.stations import StationFilter, rows
from ohmstead.web.scope import Viewer

router = Router(tags=["Stations"])
_PROBLEMS = {401: Problem, 404: Problem, 422: Problem}


@router.get("", response={200: StationsOut, **_PROBLEMS}, summary="List stations", operation_id="list_stations")
def list_stations(request: HttpRequest, query: Query[StationQuery]) -> StationsOut:
    """Stations of your organisation that were let in, by identity."""
    wanted = StationFilter(search=query.search[:80], state=query.state, site=query.site)
    found = wanted.but_state(_rows(viewer(request))).order_by("identity")
    if query.state:
        found = found.filter(shown=query.state)
    if query.cursor:
        found = found.filter(identity__gt=from_cursor(query.cursor, 1)[0])
    page = list(found[: query.limit + 1])
    following = to_cursor(page[query.limit - 1].identity) if len(page) > query.limit else None
    return StationsOut(items=[station_out(station) for station in page[: query.limit]], next=following)


@router.get("/{identity}", response={200: StationOut, **_PROBLEMS}, summary="One station", operation_id="get_station")
def get_station(request: HttpRequest, identity: str) -> StationOut:
    """By its identity, capital or small letters alike."""
    known = viewer(request).station(identity)
    return station_out(_rows(viewer(request)).get(pk=known.pk))


def _rows(who: Viewer) -> QuerySet[Any]:
    connectors = Prefetch("connectors", Connector.objects.order_by("number"))
    plugs = Prefetch("evses", Evse.objects.order_by("number").prefetch_related(connectors))
    return rows(who).prefetch_related(None).prefetch_related(plugs)


def station_out(station: Any) -> StationOut:
    site = station.site
    return StationOut(
        id=station.pk,
        identity=station.identity,
        name=station.name,
        state=station.shown,
        online=station.online,
        vendor=station.vendor,
        model=station.model,
        serial=station.serial,
        firmware=station.firmware,
        protocol=station.dialect,
        security_profile=station.security_profile,
        last_seen_at=station.last_seen_at,
        site=SiteOut(id=site.pk, name=site.name, city=site.city, time_zone=site.time_zone) if site else None,
        evses=[_evse_out(evse) for evse in station.evses.all()],
    )


def _evse_out(evse: Evse) -> EvseOut:
    return EvseOut(
        number=evse.number,
        state=evse.state,
        state_at=evse.state_at,
        error_code=evse.error_code,
        max_power_w=evse.max_power_w,
        connectors=[
            ConnectorOut(number=each.number, standard=each.standard, format=each.format)
            for each in evse.connectors.all()
        ],
    )
