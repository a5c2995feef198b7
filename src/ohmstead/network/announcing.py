"""What changed in the network, as domain events; while nobody listens a batch costs no statement."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection
from django.utils import timezone

from ohmstead.integration.events import (
    AboutStation,
    CommandEnded,
    DomainEvent,
    FaultCleared,
    FaultRaised,
    StationAccepted,
    StationCreated,
    StationOffline,
    StationOnline,
    StationRefused,
    StationRemoved,
    StationRestored,
    StationWaiting,
)
from ohmstead.integration.listeners import listened_for, memory
from ohmstead.integration.outbox import Announcement, announce_all
from ohmstead.network.models import Command, Station
from ohmstead.network.station_lines import LockedStation
from ohmstead.station.states import PlugState

_OF_STATIONS: Final = ("station.online", "station.offline", "fault.raised", "fault.cleared")

type _Plug = tuple[UUID, int]  # station, number


@dataclass(frozen=True, slots=True)
class _Shown:
    state: str
    error_code: str
    vendor_error_code: str
    info: str


class StationNews:
    """Made before a batch is written, it remembers what was; `announce` compares and tells."""

    def __init__(self, stations: Mapping[UUID, LockedStation]) -> None:
        self._heard: dict[UUID, LockedStation] = {}
        if not memory.wanted():
            return
        listening = listened_for({each.organisation_id for each in stations.values()}, *_OF_STATIONS)
        self._heard = {
            each.id: each for each in stations.values() if each.changed and each.organisation_id in listening
        }
        self._online = {each.id: each.line.online for each in self._heard.values()}
        self._plugs = _plugs(self._heard)

    def announce(self) -> None:
        if not self._heard:
            return
        news = [_turned(each) for each in self._heard.values() if each.line.online != self._online[each.id]]
        for plug, now in _plugs(self._heard).items():
            before = self._plugs.get(plug)
            if (now.state == PlugState.FAULTED) != (before is not None and before.state == PlugState.FAULTED):
                news.append(_fault(self._heard[plug[0]], plug[1], now))
        announce_all(news)


def _plugs(stations: Iterable[UUID]) -> dict[_Plug, _Shown]:
    ids = list(stations)
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT station_id, number, state, error_code, vendor_error_code, info
               FROM network_evse WHERE station_id = ANY(%s)""",
            [ids],
        )
        return {(row[0], row[1]): _Shown(*row[2:]) for row in cursor.fetchall()}


def _turned(station: LockedStation) -> Announcement:
    line = station.line
    at = (line.connected_at if line.online else line.disconnected_at) or timezone.now()
    return _presence(station.organisation_id, station.id, station.identity, line.online, at)


def _presence(organisation_id: UUID, station_id: UUID, identity: str, online: bool, at: datetime) -> Announcement:
    kind = StationOnline if online else StationOffline
    return Announcement(organisation_id, kind(station_id=station_id, station=identity), at, f"{station_id} {at}")


def _fault(station: LockedStation, number: int, plug: _Shown) -> Announcement:
    at = station.line.last_seen_at or timezone.now()
    event: DomainEvent
    if plug.state == PlugState.FAULTED:
        event = FaultRaised(
            station_id=station.id,
            station=station.identity,
            evse=number,
            error_code=plug.error_code,
            vendor_error_code=plug.vendor_error_code,
            info=plug.info,
        )
    else:
        event = FaultCleared(station_id=station.id, station=station.identity, evse=number, state=plug.state)
    return Announcement(station.organisation_id, event, at, f"{station.id}/{number} {at}")


def presence_turned(turned: Sequence[tuple[UUID, UUID, bool, datetime | None]]) -> None:
    """(station, organisation, online, ended at) of links that went or came back with their gateway."""
    if not turned or not memory.wanted():
        return
    listening = listened_for({each[1] for each in turned}, "station.online", "station.offline")
    heard = {each[0]: each for each in turned if each[1] in listening}
    known = Station.objects.filter(pk__in=heard).values_list("pk", "identity")
    now = timezone.now()
    announce_all([_presence(heard[pk][1], pk, identity, heard[pk][2], heard[pk][3] or now) for pk, identity in known])


def commands_ended(rows: Iterable[Command]) -> None:
    rows = list(rows)
    if not rows or not memory.wanted():
        return
    stations = Station.objects.filter(pk__in={row.station_id for row in rows}).in_bulk()
    announce_all([_ended(row, stations[row.station_id]) for row in rows if row.station_id in stations])


def _ended(row: Command, station: Station) -> Announcement:
    event = CommandEnded(
        station_id=station.pk,
        station=station.identity,
        command_id=row.pk,
        kind=row.kind,
        state=str(row.state),
        reason=row.reason,
    )
    return Announcement(station.organisation_id, event, row.ended_at or timezone.now(), f"{row.pk} {row.state}")


def created(stations: Iterable[Station]) -> None:
    _decided(StationCreated, stations)


def waiting(stations: Iterable[Station]) -> None:
    _decided(StationWaiting, stations)


def admitted(station: Station) -> None:
    _decided(StationAccepted, [station])


def turned_away(station: Station) -> None:
    _decided(StationRefused, [station])


def removed(station: Station) -> None:
    _decided(StationRemoved, [station])


def restored(station: Station) -> None:
    _decided(StationRestored, [station])


def _decided(kind: type[AboutStation], stations: Iterable[Station]) -> None:
    now = timezone.now()
    announce_all(
        [
            Announcement(each.organisation_id, kind(station_id=each.pk, station=each.identity), now, f"{each.pk} {now}")
            for each in stations
        ]
    )
