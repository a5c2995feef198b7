"""What the stream asks of a page."""

from typing import Protocol

from ohmstead.web.live.hub import Changes


class Watch(Protocol):
    """`pause_s`: least time between two updates; `tick_s`: an update at least this often, whatever happens."""

    pause_s: float
    tick_s: float
    position: str

    def everything(self) -> str: ...

    def after(self, changes: Changes) -> str: ...
