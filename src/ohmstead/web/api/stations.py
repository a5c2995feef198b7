"""GET stations."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from ninja import Query, Router

from ohmstead.network.models import Connector, Evse
from ohmstead.web.api.access import viewer
from ohmstead.web.api.operation import operation
from ohmstead.web.api.pages import page, page_of
from ohmstead.web.api.schemas import ConnectorOut, EvseOut, SiteOut, StationOut, StationQuery
from ohmstead.web.console.station_states import in_state, with_shown_state
from ohmstead.web.console.stations import StationFilter, rows
from ohmstead.web.scope import Viewer

router = Router(tags=["Stations"])


@operation(router, "GET", "/stations", "list_stations", "List stations", answers=page_of(StationOut))
def list_stations(request: HttpRequest, query: Query[StationQuery]) -> Any:
    """Stations that were let in, by identity."""
    wanted = StationFilter(search=query.search, site=str(query.site or ""), dialect=query.protocol)
    found = wanted.but_state(_rows(viewer(request)))
    if query.state:
        found = in_state(found, query.state)
    return page(found, query, station_out, ("identity",))


@operation(router, "GET", "/stations/{identity}", "get_station", "One station", answers=StationOut)
def get_station(request: HttpRequest, identity: str) -> StationOut:
    """By its identity, capital or small letters alike."""
    return the_station(viewer(request), identity)


def the_station(who: Viewer, identity: str) -> StationOut:
    known = who.station(identity)
    whole = who.stations().select_related("site").prefetch_related(_plugs())
    return station_out(with_shown_state(whole).get(pk=known.pk))


def _plugs() -> Any:
    connectors = Prefetch("connectors", Connector.objects.order_by("number"))
    return Prefetch("evses", Evse.objects.order_by("number").prefetch_related(connectors))


def _rows(who: Viewer) -> QuerySet[Any]:
    return rows(who).prefetch_related(None).prefetch_related(_plugs())


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
