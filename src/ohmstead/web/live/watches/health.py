"""System health."""

from ohmstead.web.console import health
from ohmstead.web.live.hub import Changes
from ohmstead.web.live.partials import partial
from ohmstead.web.scope import Viewer


class HealthWatch:
    pause_s = 2.0
    tick_s = 5.0
    position = ""

    def __init__(self, viewer: Viewer) -> None:
        self.viewer = viewer

    def everything(self) -> str:
        return partial("health", "body", "health-body", health.body(self.viewer))

    def after(self, changes: Changes) -> str:
        return self.everything()
