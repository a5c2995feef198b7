"""The list of sessions as a table for a spreadsheet."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language

from ohmstead.charging.models import Session
from ohmstead.network.rules.sheet import written
from ohmstead.web.console.sessions import SessionFilter, listed
from ohmstead.web.console.zones import zone_of
from ohmstead.web.scope import ConsoleRequest, console_view

MOST: Final = 100_000  # about 25 MB, read in a few seconds; more is fetched through the API, page by page
_CHUNK: Final = 2_000
_COLUMNS: Final = (
    "session", "state", "started_at", "ended_at", "time_zone", "site", "station", "evse", "transaction_id", "card",
    "card_label", "energy_wh", "start_register_wh", "end_register_wh", "max_power_w", "suspended_car_s",
    "suspended_station_s", "stop_reason", "flags",
)  # fmt: skip


@console_view()
def export(request: ConsoleRequest) -> HttpResponse:
    """With the filter of the list it was asked from; newest first, in the times of each site."""
    found = listed(request.viewer, SessionFilter.of(request.GET))
    # Where the comma is the decimal mark, a spreadsheet parts cells at the semicolon.
    delimiter = ";" if (get_language() or "").startswith("de") else ","
    response = HttpResponse(written(_rows(found), delimiter), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="sessions-{timezone.now():%Y-%m-%d}.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _rows(found: QuerySet[Session]) -> Iterator[tuple[object, ...]]:
    yield _COLUMNS
    for session in found[:MOST].iterator(chunk_size=_CHUNK):
        yield _cells(session)


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
