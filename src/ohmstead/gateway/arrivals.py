"""Frames of one turn of the event loop, heard together at its end.

The system calls that read and write sockets push our code out of the processor's caches. Over many frames in a row it
costs a third less than between two system calls: 3 us of 15 per durable message with 300 stations on one core.
"""

import asyncio
import logging
from typing import TYPE_CHECKING

from picows import WSCloseCode

from ohmstead.gateway.moment import Moment

if TYPE_CHECKING:
    from ohmstead.gateway.link import Link

log = logging.getLogger(__name__)


class Arrivals:
    """At most one frame of each link waits; the link hears it before it takes another one or ends."""

    __slots__ = ("_moment", "links")

    def __init__(self, moment: Moment) -> None:
        self._moment = moment
        self.links: list[Link] = []

    def expect(self) -> None:
        """Before the first link of a turn joins."""
        asyncio.get_running_loop().call_soon(self.hear)

    def hear(self) -> None:
        """Let every link hear the frame that waits for it; all of them arrived now."""
        links, self.links = self.links, []
        now = self._moment.now()
        for link in links:
            try:
                link.hear(now)
            except Exception:  # one station's trouble is not the others'
                log.exception("A frame of station %s could not be taken", link.station_id)
                link.close("the gateway failed at a message", WSCloseCode.INTERNAL_ERROR)
