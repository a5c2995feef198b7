"""Putting a station into service: its addresses, a code for the installer's phone, a checklist that fills itself."""

from typing import Any, Final
from uuid import UUID

import segno
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from ohmstead.charging.models import SessionState
from ohmstead.network import queries
from ohmstead.network.models import Refusal, Station
from ohmstead.network.rules.commissioning import Attempt, Commissioned, Step, steps
from ohmstead.station.answers import Admission
from ohmstead.station.states import PlugState
from ohmstead.web.console.address import ocpp_addresses
from ohmstead.web.console.entries import in_words
from ohmstead.web.scope import ConsoleRequest, Viewer, console_view

TITLES: Final = {
    "address": _("Address"),
    "protocol": _("Protocol"),
    "credentials": _("Password and profile"),
    "accepted": _("Accepted"),
    "boot": _("First message"),
    "status": _("Plugs"),
    "clock": _("Clock"),
    "charge": _("Test charge"),
}


@console_view()
def commission(request: ConsoleRequest, identity: str) -> HttpResponse:
    station = request.viewer.station(identity)
    addresses = ocpp_addresses(request, station.identity)
    fitting = next((each for each in addresses if station.security_profile in each.profiles), addresses[0])
    context = checklist(request.viewer, station.pk) | {
        "here": "inbox" if station.admission == Admission.PENDING else "stations",
        "addresses": addresses,
        "fitting": fitting,
        "qr": qr(fitting.text),
        "sites": request.viewer.site_choices(),
        "live_url": f"/console/live/commission/{station.pk}",
    }
    return render(request, "console/commission.html", context)


def checklist(viewer: Viewer, station_id: UUID) -> dict[str, Any]:
    station = viewer.stations().select_related("site").get(pk=station_id)
    found = list(steps(_facts(viewer, station)))
    return {"station": station, "steps": [_shown(step) for step in found]}


def _shown(step: Step) -> dict[str, Any]:
    return {
        "key": step.key,
        "title": TITLES[step.key],
        "progress": step.progress.value,
        "sentence": in_words(step.says),
    }


def _facts(viewer: Viewer, station: Station) -> Commissioned:
    evses = list(station.evses.values_list("state", "state_at"))
    sessions = viewer.sessions().filter(station=station)
    return Commissioned(
        admission=Admission(station.admission),
        online=station.online,
        connected_at=station.connected_at,
        dialect=station.dialect,
        security_profile=station.security_profile,
        booted_at=station.booted_at,
        what_it_is=f"{station.vendor} {station.model}".strip(),
        plugs=len(evses),
        plugs_told=sum(state != PlugState.UNKNOWN and at is not None for state, at in evses),
        clock_complaint=_clock_complaint(viewer, station),
        charging=sessions.filter(state=SessionState.RUNNING).exists(),
        charged=sessions.filter(state=SessionState.ENDED, energy_wh__gt=0).exists(),
        attempt=_newest_attempt(station),
    )


def _clock_complaint(viewer: Viewer, station: Station) -> str:
    about_time = viewer.deviations().filter(station=station, code__startswith="clock")
    if station.booted_at:
        about_time = about_time.filter(last_at__gte=station.booted_at)
    return about_time.order_by("-last_at").values_list("sentence", flat=True).first() or ""


def _newest_attempt(station: Station) -> Attempt | None:
    found: Refusal | None = queries.refusals_of(station).first()
    return Attempt(found.code, found.sentence, found.last_at) if found else None


def qr(text: str) -> SafeString:
    """An SVG of segno's own making: nothing of the text is in it but the dots."""
    code = segno.make(text, error="m")
    return mark_safe(code.svg_inline(omitsize=True, border=2, svgclass="qr", lineclass=None))
