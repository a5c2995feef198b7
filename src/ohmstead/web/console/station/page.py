"""What every tab of a station shares: who it is, how it is, and the way to the other tabs."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from ohmstead.web.console.station_states import with_shown_state
from ohmstead.web.scope import ConsoleRequest, Viewer

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class Tab:
    """`address` is the name of its URL and of its live page."""

    address: str
    icon: str
    word: "_StrPromise"


TABS: Final = (
    Tab("station", "gauge", _("Now")),
    Tab("station-sessions", "history", _("Sessions")),
    Tab("station-messages", "message-2", _("Messages")),
    Tab("station-commands", "terminal-2", _("Commands")),
    Tab("station-configuration", "adjustments", _("Configuration")),
    Tab("station-firmware", "cpu", _("Firmware and logs")),
    Tab("station-certificates", "certificate", _("Certificates")),
    Tab("station-timeline", "timeline", _("Timeline")),
)


def head(viewer: Viewer, station_id: UUID) -> dict[str, Any]:
    """The station as the lines above the tabs show it."""
    station = with_shown_state(viewer.stations()).select_related("site").get(pk=station_id)
    return {"station": station, "zone": station.site.time_zone if station.site else "UTC"}


def page(request: ConsoleRequest, identity: str, tab: str) -> dict[str, Any]:
    """The context every tab begins with; `live_url` may be overwritten by tabs that watch with a filter."""
    viewer = request.viewer
    context = head(viewer, viewer.station(identity).pk)
    return context | {"here": "stations", "tabs": TABS, "tab": tab, "live_url": live_url(tab, context["station"].pk)}


def live_url(tab: str, station_id: UUID, query: str = "") -> str:
    return f"/console/live/{tab}/{station_id}" + (f"?{query}" if query else "")
