"""The inbox."""

from ohmstead.web.console import inbox
from ohmstead.web.live.hub import Changes
from ohmstead.web.live.partials import partial
from ohmstead.web.scope import Viewer


class InboxWatch:
    """The list has forms in it, so it is not replaced under a person's hands: a line says that it changed."""

    pause_s = 2.0
    tick_s = 10.0
    position = ""

    def __init__(self, viewer: Viewer, shown: str) -> None:
        self.viewer = viewer
        self.shown = {text for text in shown.split(",") if text}

    def everything(self) -> str:
        now = {str(row.pk) for row in inbox.waiting(self.viewer)["pending"]}
        news = partial("inbox", "news", "inbox-news", {"news": now != self.shown})
        return news + partial("inbox", "refusals", "refusals", inbox.refusals(self.viewer))

    def after(self, changes: Changes) -> str:
        return self.everything()
