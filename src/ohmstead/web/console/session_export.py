"""The list of sessions as a table for a spreadsheet."""

from datetime import datetime
from typing import Final

from django.http import HttpResponseBase

from ohmstead.charging.models import Session
from ohmstead.web.console.sessions import SessionFilter
from ohmstead.web.console.zones import zone_of
from ohmstead.web.csv_stream import csv_of
from ohmstead.web.scope import ConsoleRequest, console_view

_COLUMNS: Final = (
    "session", "state", "started_at", "ended_at", "time_zone", "site", "station", "evse", "transaction_id", "card",
    "card_label", "energy_wh", "start_register_wh", "end_register_wh", "max_power_w", "suspended_car_s",
    "suspended_station_s", "stop_reason", "flags",
)  # fmt: skip


@console_view()
def export(request: ConsoleRequest) -> HttpResponseBase:
    """Every one that the filter of the list takes; newest first, in the times of each site."""
    viewer = request.viewer
    found = SessionFilter.of(request.GET).applied(viewer)
    return csv_of(viewer, found, ("-started_at", "-pk"), _COLUMNS, _cells, "sessions")


def _cells(session: Session) -> tuple[object, ...]:
    site = session.station.site
    zone = site.time_zone if site else "UTC"
    token = session.token
    return (
        session.pk,
        session.state,
        _time(session.started_at, zone),
        _time(session.ended_at, zone),
        zone,
        site.name if site else None,
        session.station.identity,
        session.evse,
        session.transaction_id,
        session.token_uid or (token.uid if token else None),
        token.label if token else None,
        session.energy_wh,
        session.start_register_wh,
        session.end_register_wh,
        session.max_power_w,
        session.suspended_car_s,
        session.suspended_station_s,
        session.stop_reason,
        " ".join(session.flags),
    )


def _time(at: datetime | None, zone: str) -> str:
    return at.astimezone(zone_of(zone)).isoformat(timespec="seconds") if at else ""
