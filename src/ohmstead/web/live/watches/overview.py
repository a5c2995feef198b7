"""The overview."""

import time
from typing import Final

from django.utils.translation import get_language

from ohmstead.web.console import overview, system
from ohmstead.web.live.hub import Changes
from ohmstead.web.live.partials import partial
from ohmstead.web.live.shared import Shared
from ohmstead.web.scope import Viewer

CURVE_S: Final = 60.0
_overviews: Final = Shared(fresh_s=1.5)  # everybody of an organisation sees the same one


class OverviewWatch:
    pause_s = 2.0
    tick_s = 10.0
    position = ""

    def __init__(self, viewer: Viewer) -> None:
        self.viewer = viewer

        self.curve_at = 0.0

    def everything(self) -> str:
        key = f"{self.viewer.organisation.pk} {get_language()}"
        return self._curve() + _overviews.get(key, self._parts)

    def _parts(self) -> str:
        parts = overview.parts(self.viewer).items()
        return "".join(partial("overview", name, name, shown) for name, shown in parts)

    def _curve(self) -> str:
        """Once a minute: a quarter of an hour does not change faster."""
        if time.monotonic() - self.curve_at < CURVE_S and self.curve_at:
            return ""
        self.curve_at = time.monotonic()
        return partial("overview", "curve", "curve", overview.curve(self.viewer))

    def after(self, changes: Changes) -> str:
        if changes:
            return self.everything()
        return partial("overview", "system", "system", system.health(self.viewer))
