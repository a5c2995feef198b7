"""A charge of one's own: while it runs, how it stops, and what it was."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from ohmstead.charging import driver_starts, session_limits
from ohmstead.charging.driver_starts import StopRefused
from ohmstead.charging.models import Session, SessionLimit, SessionState
from ohmstead.charging.queries import readings_of, thinned
from ohmstead.charging.rules.limits import Limit
from ohmstead.charging.session_limits import LimitRefused
from ohmstead.network.models import Command, CommandState
from ohmstead.web.driver.curve import curve
from ohmstead.web.driver.pages import shown
from ohmstead.web.driver.prices import price_of
from ohmstead.web.driver.scope import DriverRequest, DriverViewer, driver_view
from ohmstead.web.driver.starting import phase_of

_MOST_READINGS: Final = 2_000
_STOPPING: Final = (CommandState.QUEUED, CommandState.WAITING, CommandState.SENT, CommandState.ACCEPTED)
_STOPS_WITHIN: Final = timedelta(seconds=60)
_RECENT: Final = timedelta(minutes=10)


def found(viewer: DriverViewer, session_id: UUID) -> Session:
    session = viewer.sessions().filter(pk=session_id).first()
    if session is None:
        raise Http404("There is no such charge.")
    return session


def body(session: Session, now: datetime) -> dict[str, Any]:
    """What changes while it runs. `doing` is charging, paused, waiting, stopping, away, ended or lost."""
    readings = list(thinned(readings_of(session), _MOST_READINGS).values_list("at", "power_w"))
    stop = stop_of(session)
    until = session.ended_at or (now if session.state == SessionState.RUNNING else session.last_event_at)
    return {
        "session": session,
        "site": session.station.site,
        "doing": doing(session, stop, now),
        "stop_refused": stop is not None and stop.state not in _STOPPING,
        "curve": curve(readings),
        "lasts": max(until - session.started_at, timedelta()),
        "price": price_of(session),
        "limit": (limit := session_limits.limit_of(session)),
        "ring": ring(session, limit, now),
        "now": now,
    }


def stop_of(session: Session) -> Command | None:
    return driver_starts.stop_of(session) if session.state == SessionState.RUNNING else None


def code_of_session(session: Session) -> str:
    """Of its plug; of its station when the plug was never named."""
    return f"{session.station.identity}-{session.evse}" if session.evse else session.station.identity


def doing(session: Session, stop: Command | None, now: datetime) -> str:
    if session.state != SessionState.RUNNING:
        return "ended" if session.state == SessionState.ENDED else "lost"
    if stop is not None and stop.state in _STOPPING and stop.asked_at > now - _STOPS_WITHIN:
        return "stopping"
    if not session.station.online:
        return "away"
    if session.charging_state == "charging":
        return "charging"
    return "paused" if session.charging_state.startswith("suspended") else "waiting"


def ring(session: Session, limit: SessionLimit | None, now: datetime) -> int | None:
    """How much of the ring is drawn, in percent: towards the limit, else the battery's charge when the car tells it."""
    shares: list[float] = []
    if limit is not None and limit.energy_wh:
        shares.append(float(session.energy_wh / limit.energy_wh))
    if limit is not None and limit.minutes:
        shares.append(((session.ended_at or now) - session.started_at) / timedelta(minutes=limit.minutes))
    if limit is not None and limit.soc_percent and session.soc_percent is not None:
        shares.append(session.soc_percent / limit.soc_percent)
    if not shares and session.soc_percent is not None:
        shares.append(session.soc_percent / 100)
    return min(100, max(0, round(max(shares) * 100))) if shares else None


@never_cache
@driver_view
def charging(request: DriverRequest) -> HttpResponse:
    """What is under way; the one charge there mostly is opens by itself."""
    viewer, now = request.driver, timezone.now()
    running = list(viewer.sessions().filter(state=SessionState.RUNNING).order_by("-started_at")[:10])
    starts = [
        start
        for start in viewer.starts().filter(asked_at__gt=now - _RECENT).order_by("-asked_at")[:5]
        if phase_of(start, driver_starts.session_of(start)) in ("asked", "plug_in")
    ]
    if len(running) == 1 and not starts:
        return HttpResponseRedirect(reverse("driver-charge", args=[running[0].pk]))
    context = {"tab": "charging", "running": running, "starts": starts}
    return render(request, "driver/charging.html", context)


@never_cache
@driver_view
def charge(request: DriverRequest, session_id: UUID) -> HttpResponse:
    context = body(found(request.driver, session_id), timezone.now())
    return shown(request, "charge", context | {"tab": "charging"})


@require_POST
@driver_view
def stop(request: DriverRequest, session_id: UUID) -> HttpResponse:
    session = found(request.driver, session_id)
    try:
        driver_starts.stop(session, now=timezone.now(), by=request.driver.actor)
    except StopRefused as refused:
        messages.error(request, _(str(refused)))
    return HttpResponseRedirect(reverse("driver-charge", args=[session.pk]))


class LimitForm(forms.Form):
    """What a driver types: kWh, minutes, percent; empty is no limit."""

    energy_kwh = forms.DecimalField(required=False, min_value=Decimal("0.1"), max_value=1000, decimal_places=2)
    minutes = forms.IntegerField(required=False, min_value=1, max_value=10_080)
    soc_percent = forms.IntegerField(required=False, min_value=1, max_value=100)

    def wish(self) -> Limit:
        kwh = self.cleaned_data["energy_kwh"]
        return Limit(
            energy_wh=kwh * 1000 if kwh is not None else None,
            minutes=self.cleaned_data["minutes"],
            soc_percent=self.cleaned_data["soc_percent"],
        )


@require_POST
@driver_view
def limit(request: DriverRequest, session_id: UUID) -> HttpResponse:
    session, form = found(request.driver, session_id), LimitForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("That is no limit we can keep. Use kWh, minutes or percent."))
    else:
        try:
            session_limits.set_limit(session, form.wish(), by=request.driver.actor)
        except LimitRefused as refused:
            messages.error(request, _(str(refused)))
        else:
            messages.success(
                request, _("The limit is set.") if not form.wish().is_none else _("There is no limit now.")
            )
    return HttpResponseRedirect(reverse("driver-charge", args=[session.pk]))
