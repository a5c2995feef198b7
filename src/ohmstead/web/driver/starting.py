"""From the tap to the first energy: each stage as it happens, and plain words when one fails."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from ohmstead.charging import driver_starts
from ohmstead.charging.driver_starts import PLUG_IN_WITHIN
from ohmstead.charging.models import AppStart, Session
from ohmstead.network.models import CommandState
from ohmstead.network.plug_codes import code_of
from ohmstead.station.states import PlugState
from ohmstead.web.driver.pages import PART_HEADER, shown
from ohmstead.web.driver.plugs import plug_of
from ohmstead.web.driver.scope import DriverRequest, DriverViewer, driver_view
from ohmstead.web.driver.words import FAILURES

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

_ASKED: Final = (CommandState.QUEUED, CommandState.WAITING, CommandState.SENT)
_PLUGGED: Final = (
    PlugState.PREPARING,
    PlugState.OCCUPIED,
    PlugState.CHARGING,
    PlugState.SUSPENDED_CAR,
    PlugState.SUSPENDED_STATION,
)


@dataclass(frozen=True, slots=True)
class Stage:
    """`state` is done, now, ahead or failed."""

    state: str
    word: "_StrPromise"


def found(viewer: DriverViewer, start_id: UUID) -> AppStart:
    start = viewer.starts().filter(pk=start_id).first()
    if start is None:
        raise Http404("There is no such start.")
    return start


def reloaded(start: AppStart) -> AppStart:
    """With all that its page reads."""
    return AppStart.objects.select_related("command", "evse__station__site", "token").get(pk=start.pk)


def body(start: AppStart, now: datetime) -> dict[str, Any]:
    """`session` is what came of it; `phase` is asked, plug_in, charging or failed."""
    session = driver_starts.session_of(start)
    phase = phase_of(start, session)
    until = start.asked_at + PLUG_IN_WITHIN
    return {
        "start": start,
        "plug": plug_of(start.evse),
        "plugged": start.evse.state in _PLUGGED,
        "site": start.evse.station.site,
        "code": code_of(start.evse),
        "session": session,
        "phase": phase,
        "stages": _stages(start, phase),
        "failure": FAILURES.get(start.command.state, FAILURES["failed"]) if phase == "failed" else None,
        "until": until,
        "late": phase == "plug_in" and now > until,
        "seconds_left": max(0, int((until - now).total_seconds())),
    }


def phase_of(start: AppStart, session: Session | None) -> str:
    if session is not None:
        return "charging"
    if start.command.state in _ASKED:
        return "asked"
    return "plug_in" if start.command.state == CommandState.ACCEPTED else "failed"


def _stages(start: AppStart, phase: str) -> list[Stage]:
    plugged = phase == "charging" or (phase == "plug_in" and start.evse.state in _PLUGGED)
    accepted = "failed" if phase == "failed" else "now" if phase == "asked" else "done"
    plug = "done" if plugged else "now" if phase == "plug_in" else "ahead"
    flows = "done" if phase == "charging" else "now" if plugged else "ahead"
    return [
        Stage("done", _("Start asked for")),
        Stage(accepted, _("The station said no") if phase == "failed" else _("The station agrees")),
        Stage(plug, _("Plugged in") if plugged else _("Plug in now") if plug == "now" else _("Plug in")),
        Stage(flows, _("Charging begins")),
    ]


@never_cache
@driver_view
def starting(request: DriverRequest, start_id: UUID) -> HttpResponse:
    context = body(found(request.driver, start_id), timezone.now())
    if context["session"] is not None and PART_HEADER not in request.headers:
        return HttpResponseRedirect(reverse("driver-charge", args=[context["session"].pk]))
    return shown(request, "starting", context | {"tab": "charging"})
