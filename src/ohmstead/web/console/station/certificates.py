"""The certificates our authority gave a station, and how long they hold."""

from datetime import timedelta
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from ohmstead.network.models import Station
from ohmstead.web.console.station.page import page
from ohmstead.web.scope import ConsoleRequest, Viewer, console_view

_SOON: Final = timedelta(days=30)


def body(viewer: Viewer, station: Station) -> dict[str, Any]:
    now = timezone.now()
    rows = viewer.certificates().filter(station=station).order_by("-not_before")
    return {"viewer": viewer, "certificates": [{"row": row, "state": _state(row, now)} for row in rows]}


def _state(row: Any, now: Any) -> str:
    if row.revoked_at is not None:
        return "revoked"
    if row.not_after < now:
        return "expired"
    return "ending" if row.not_after < now + _SOON else "valid"


@console_view()
def certificates(request: ConsoleRequest, identity: str) -> HttpResponse:
    context = page(request, identity, "station-certificates")
    return render(request, "console/station/certificates.html", context | body(request.viewer, context["station"]))
