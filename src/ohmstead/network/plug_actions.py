"""Writes of EVSEs and connectors. They stand in the audit trail as changes of their station."""

from typing import Any, Unpack

from django.db import IntegrityError, transaction

from ohmstead.access.actors import Actor
from ohmstead.access.audit import record
from ohmstead.network.errors import BadValues, PlugExists
from ohmstead.network.models import Connector, Evse, Station
from ohmstead.network.row_changes import changed, write
from ohmstead.network.rules.plug_facts import ConnectorValues, EvseValues, checked_connector, checked_evse
from ohmstead.network.rules.problems import Problem
from ohmstead.network.station_rows import locked


@transaction.atomic(durable=True)
def add_evse(station: Station, number: int, *, by: Actor, **values: Unpack[EvseValues]) -> Evse:
    """As the station counts it, from 1; in 1.6 each connector is an EVSE. Raises BadValues, PlugExists."""
    evse = Evse(station=locked(station), **_clean(checked_evse({"number": number} | values)))
    _insert(evse)
    record(by, "evse.added", station, evse=evse.number, after=_given(evse, values))
    return evse


@transaction.atomic(durable=True)
def update_evse(evse: Evse, *, by: Actor, **values: Unpack[EvseValues]) -> None:
    """Raises BadValues."""
    locked(evse.station)
    evse.refresh_from_db()
    before, after = changed(evse, _clean(checked_evse(values)))
    if after:
        write(evse, after)
        evse.save(update_fields=list(after))
        record(by, "evse.changed", evse.station, evse=evse.number, before=before, after=after)


@transaction.atomic(durable=True)
def remove_evse(evse: Evse, *, by: Actor) -> None:
    """Sessions of the past keep its number. A station that reports it again brings it back."""
    station = locked(evse.station)
    connectors = [_facts(connector) for connector in evse.connectors.order_by("number")]
    before = {"physical_reference": evse.physical_reference, "max_power_w": evse.max_power_w, "connectors": connectors}
    record(by, "evse.removed", station, evse=evse.number, before=before)
    evse.delete()


@transaction.atomic(durable=True)
def add_connector(evse: Evse, number: int, *, by: Actor, **values: Unpack[ConnectorValues]) -> Connector:
    """Raises BadValues, PlugExists."""
    station = locked(evse.station)
    connector = Connector(evse=evse, **_clean(checked_connector({"number": number} | values)))
    _insert(connector)
    record(by, "connector.added", station, evse=evse.number, connector=connector.number, after=_facts(connector))
    return connector


@transaction.atomic(durable=True)
def update_connector(connector: Connector, *, by: Actor, **values: Unpack[ConnectorValues]) -> None:
    """Raises BadValues."""
    station = locked(connector.evse.station)
    connector.refresh_from_db()
    before, after = changed(connector, _clean(checked_connector(values)))
    if after:
        write(connector, after)
        connector.save(update_fields=list(after))
        where = {"evse": connector.evse.number, "connector": connector.number}
        record(by, "connector.changed", station, **where, before=before, after=after)


@transaction.atomic(durable=True)
def remove_connector(connector: Connector, *, by: Actor) -> None:
    station = locked(connector.evse.station)
    where = {"evse": connector.evse.number, "connector": connector.number}
    record(by, "connector.removed", station, **where, before=_facts(connector))
    connector.delete()


def _clean(checked: tuple[dict[str, Any], dict[str, Problem]]) -> dict[str, Any]:
    clean, problems = checked
    if problems:
        raise BadValues(problems)
    return clean


def _insert(plug: Evse | Connector) -> None:
    try:
        with transaction.atomic():
            plug.save(force_insert=True)
    except IntegrityError:
        raise PlugExists(
            {"number": Problem("There is a number %(number)d already.", {"number": plug.number})}
        ) from None


def _facts(connector: Connector) -> dict[str, Any]:
    return {"number": connector.number} | {name: getattr(connector, name) for name in ConnectorValues.__annotations__}


def _given(evse: Evse, values: EvseValues) -> dict[str, Any]:
    return {name: getattr(evse, name) for name in values}
