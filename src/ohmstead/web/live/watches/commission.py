"""The checklist of a station on its way into service."""

from uuid import UUID

from ohmstead.web.console.commissioning import checklist
from ohmstead.web.live.hub import Changes
from ohmstead.web.live.partials import partial
from ohmstead.web.scope import Viewer


class CommissionWatch:
    """Attempts that end at the door are told to nobody, so it looks by itself every few seconds too."""

    pause_s = 0.5
    tick_s = 3.0
    position = ""

    def __init__(self, viewer: Viewer, station_id: UUID) -> None:
        self.viewer = viewer
        self.station_id = station_id
        self.said = ""

    def everything(self) -> str:
        return self.after(Changes())

    def after(self, changes: Changes) -> str:
        now = partial("commission", "steps", "steps", checklist(self.viewer, self.station_id))
        if now == self.said:
            return ""
        self.said = now
        return now
