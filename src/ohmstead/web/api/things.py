"""Things of the caller's organisation by their name or id; outside the tenant there are none."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from ninja import Schema

from ohmstead.drivers.models import Driver
from ohmstead.network.models import Connector, Evse, Site, Station
from ohmstead.web.scope import Viewer


def the(found: QuerySet[Any], key: UUID, word: str) -> Any:
    """The one with this id. 404 when there is none."""
    row = found.filter(pk=key).first()
    if row is None:
        raise Http404(f"No such {word}.")
    return row


def site_of(viewer: Viewer, site_id: UUID | None) -> Site | None:
    return None if site_id is None else the(viewer.sites(), site_id, "site")


def driver_of(viewer: Viewer, driver_id: UUID) -> Driver:
    found: Driver = the(Driver.objects.filter(organisation=viewer.organisation), driver_id, "driver")
    return found


def evse_of(viewer: Viewer, identity: str, number: int) -> Evse:
    return _numbered(Evse.objects.filter(station=viewer.station(identity)).select_related("station"), number, "EVSE")


def connector_of(viewer: Viewer, identity: str, evse: int, number: int) -> Connector:
    connectors = evse_of(viewer, identity, evse).connectors.select_related("evse__station")
    return _numbered(connectors, number, "connector")


def _numbered(found: QuerySet[Any], number: int, word: str) -> Any:
    row = found.filter(number=number).first() if 0 < number <= 32_767 else None
    if row is None:
        raise Http404(f"No such {word}.")
    return row


def stations_named(viewer: Viewer, identities: list[str]) -> QuerySet[Station]:
    """Each must be there. 404 names the first that is not."""
    known = {each.identity.upper(): each.pk for each in viewer.stations()} if len(identities) > 50 else {}
    ids = [known[name.upper()] if name.upper() in known else viewer.station(name).pk for name in identities]
    return viewer.stations().filter(pk__in=ids)


def given(body: Any, *names: str) -> dict[str, Any]:
    """Only what the caller wrote: what is left out stays as it is."""
    found: dict[str, Any] = body.model_dump(exclude_unset=True)
    return {name: value for name, value in found.items() if not names or name in names}


def plainly[S: Schema](schema: type[S], row: Any) -> S:
    """A row whose columns are the fields."""
    return schema(**{name: getattr(row, name) for name in schema.model_fields})
