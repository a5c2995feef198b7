"""One session: its curve, its figures, what is remarkable about it, every reading."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from ohmstead.access.rights import Right
from ohmstead.charging.models import NO_SESSION, MeterReading, Session, SessionState
from ohmstead.charging.queries import marks_of, thinned
from ohmstead.charging.rules.suspended import Stretch, stretches
from ohmstead.web.console.charts import Chart, Sample, time_chart
from ohmstead.web.console.figures import figure
from ohmstead.web.console.session_events import bands, events, states
from ohmstead.web.console.session_signed import first_and_last, signed_values
from ohmstead.web.console.zones import zone_of
from ohmstead.web.scope import ConsoleRequest, Viewer, console_view
from ohmstead.web.session_story import story

_MOST_READINGS: Final = 5_000
_MOST_MARKS: Final = 1_000
_AROUND: Final = timedelta(minutes=2)  # stations ask for leave before a session, and have words after it


def found(viewer: Viewer, session_id: UUID) -> Session:
    session = viewer.sessions().select_related("station__site", "token").filter(pk=session_id).first()
    if session is None:
        raise Http404("No such session.")
    return session


def readings_of(session: Session) -> QuerySet[MeterReading]:
    """What the station named this session for, and what its plug measured meanwhile without naming one."""
    unnamed = Q(session_id=NO_SESSION, evse=session.evse, at__gte=session.started_at)
    if session.ended_at is not None:
        unnamed &= Q(at__lte=session.ended_at)
    mine = Q(session_id=session.pk)
    since = session.started_at
    readings = MeterReading.objects.filter(mine | unnamed if since else mine, station_id=session.station_id)
    return readings.order_by("at", "context")


def body(viewer: Viewer, session_id: UUID) -> dict[str, Any]:
    """Everything of the page that changes while the session runs."""
    session = found(viewer, session_id)
    readings = list(thinned(readings_of(session), _MOST_READINGS))
    marks = list(marks_of(session)[:_MOST_MARKS])
    signed = signed_values(readings)
    site = session.station.site
    zone = site.time_zone if site else "UTC"
    until = session.ended_at or session.last_event_at
    held_back = stretches(states(marks), session.started_at, until)
    return {
        "session": session,
        "may_close": session.state == SessionState.RUNNING and viewer.has(Right.OPERATE),
        "zone": zone,
        "readings": readings,
        "readings_in_all": getattr(readings[0], "in_all", len(readings)) if readings else 0,
        "chart": chart_of(readings, zone, held_back),
        "held_back_by": {each.state for each in held_back},
        "events": events(session, story(session, marks, readings, session.closings.all())),
        "signed": first_and_last(signed),
        "signed_in_all": len(signed),
        "messages_query": _messages_query(session, zone),
        "chart_label": _("Power over time"),
        "lasts": until - session.started_at if until and session.started_at else None,
    }


def chart_of(readings: list[MeterReading], zone: str, held_back: Iterable[Stretch] = ()) -> Chart | None:
    first = next((float(r.register_wh) for r in readings if r.register_wh is not None), 0.0)
    with_soc = any(r.soc_percent is not None for r in readings)
    samples = [
        Sample(
            at=r.at,
            left=None if r.power_w is None else r.power_w / 1000,
            right=r.soc_percent if with_soc else _charged_kwh(r, first),
            label=_label(r, first, zone),
        )
        for r in readings
        if r.power_w is not None or r.register_wh is not None or r.soc_percent is not None
    ]
    right_name = _("Battery, %") if with_soc else _("Energy, kWh")
    return time_chart(
        samples,
        zone=zone_of(zone),
        left_name=_("Power, kW"),
        right_name=right_name,
        right_css="soc" if with_soc else "energy",
        right_top=100.0 if with_soc else None,
        bands=bands(held_back),
    )


def _messages_query(session: Session, zone: str) -> str:
    """The filter of the message log, in the site's time, that takes the whole session."""
    words = {"from": _wall_clock(session.started_at - _AROUND, zone)}
    if session.ended_at is not None:
        words["until"] = _wall_clock(session.ended_at + _AROUND, zone)
    return urlencode(words)


def _wall_clock(at: datetime, zone: str) -> str:
    local = at.astimezone(zone_of(zone))
    if local.fold:  # the filter takes the first of two equal hours; the hour after both is none too few
        local += timedelta(hours=1)
    return f"{local:%Y-%m-%dT%H:%M}"


def _charged_kwh(reading: MeterReading, first_wh: float) -> float | None:
    return None if reading.register_wh is None else max(0.0, float(reading.register_wh) - first_wh) / 1000


def _label(reading: MeterReading, first_wh: float, zone: str) -> str:
    words = [reading.at.astimezone(zone_of(zone)).strftime("%H:%M:%S")]
    if reading.power_w is not None:
        words.append(f"{figure(reading.power_w / 1000, 1)} kW")
    if (charged := _charged_kwh(reading, first_wh)) is not None:
        words.append(f"{figure(charged, 2)} kWh")
    if reading.soc_percent is not None:
        words.append(f"{figure(reading.soc_percent, 0)} %")
    return ", ".join(words)


@console_view()
def session(request: ConsoleRequest, session_id: UUID) -> HttpResponse:
    context = body(request.viewer, session_id)
    context |= {"here": "sessions", "live_url": f"/console/live/session/{session_id}"}
    return render(request, "console/session.html", context)


@console_view()
def signed_value(request: ConsoleRequest, session_id: UUID, digest: str) -> HttpResponse:
    """Exactly the bytes the station sent, named by their SHA-256."""
    signed = readings_of(found(request.viewer, session_id)).exclude(signed=None)
    value = next((each for each in signed_values(signed.iterator()) if each.digest == digest), None)
    if value is None:
        raise Http404("No such signed meter value.")
    response = HttpResponse(value.text.encode(), content_type="application/octet-stream")
    response.headers["Content-Disposition"] = f'attachment; filename="signed-{value.at:%Y%m%dT%H%M%SZ}.txt"'
    return response
