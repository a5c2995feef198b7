"""The network's power over the last day, from the sessions: cheap enough for the overview of a large network."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.core.cache import caches
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ohmstead.web.console.binning import SPAN, Active, binned
from ohmstead.web.console.charts import HALF, Chart, Sample, time_chart
from ohmstead.web.console.figures import figure
from ohmstead.web.console.zones import zone_of
from ohmstead.web.scope import Viewer

_LONGEST: Final = timedelta(hours=24)  # sessions that began before the span may reach into it
_MOST_SESSIONS: Final = 20_000
_FRESH_S: Final = 60


def curve(viewer: Viewer) -> dict[str, Any]:
    key = f"power-curve-{viewer.organisation.pk}-{get_language()}"
    drawn = caches["process"].get_or_set(key, lambda: _drawn(viewer), _FRESH_S)
    return {"drawn_curve": drawn}


def _drawn(viewer: Viewer) -> str:
    """Empty when nobody charged."""
    chart = _chart(viewer, timezone.now())
    label = _("Power of all sessions over the last 24 hours")
    return render_to_string("console/chart.html", {"chart": chart, "chart_label": label}) if chart else ""


def _chart(viewer: Viewer, now: datetime) -> Chart | None:
    site = viewer.sites().order_by("name").first()
    zone = zone_of(site.time_zone if site else "UTC")
    powers = binned(_active(viewer, now), now)
    if not any(power_w for _, power_w in powers):
        return None
    samples = [
        Sample(at, power_w / 1000, label=f"{at.astimezone(zone):%H:%M}, {figure(power_w / 1000, 1)} kW")
        for at, power_w in powers
    ]
    return time_chart(samples, zone=zone, left_name=_("Power, kW"), frame=HALF)


def _active(viewer: Viewer, now: datetime) -> list[Active]:
    """A session's energy, spread evenly over the time in which its car was not paused."""
    since = now - SPAN - _LONGEST
    rows = viewer.sessions().filter(started_at__gte=since, energy_wh__gt=0).order_by("-started_at")
    values = rows.values_list("started_at", "ended_at", "last_event_at", "suspended_car_s", "energy_wh")
    active = []
    for started_at, ended_at, last_event_at, suspended_s, energy_wh in values[:_MOST_SESSIONS]:
        until = (ended_at or last_event_at) - timedelta(seconds=suspended_s)
        if until > started_at:
            hours = (until - started_at).total_seconds() / 3600
            active.append((started_at, until, float(energy_wh) / hours))
    return active
