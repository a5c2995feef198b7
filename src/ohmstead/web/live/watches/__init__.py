"""What each page of the console shows live: which partials, made from which queries."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.http import QueryDict

from ohmstead.web.console.stations import uuid_of
from ohmstead.web.live.watches.commands import BulkWatch, CommandsWatch, CommandWatch
from ohmstead.web.live.watches.commission import CommissionWatch
from ohmstead.web.live.watches.health import HealthWatch
from ohmstead.web.live.watches.inbox import InboxWatch
from ohmstead.web.live.watches.network_map import MapWatch
from ohmstead.web.live.watches.overview import OverviewWatch
from ohmstead.web.live.watches.sessions import SessionsWatch, SessionWatch
from ohmstead.web.live.watches.station import TABS
from ohmstead.web.live.watches.station_messages import MessagesWatch
from ohmstead.web.live.watches.stations import StationsWatch
from ohmstead.web.live.watches.watch import Watch
from ohmstead.web.scope import Viewer

__all__ = ["Watch", "watch_for"]

# By the page's name in the address.
_PAGES: Final[dict[str, Callable[[Viewer, QueryDict], Watch]]] = {
    "overview": lambda viewer, query: OverviewWatch(viewer),
    "map": MapWatch,
    "stations": StationsWatch,
    "sessions": SessionsWatch,
    "commands": CommandsWatch,
    "inbox": lambda viewer, query: InboxWatch(viewer, query.get("shown", "")),
    "health": lambda viewer, query: HealthWatch(viewer),
}
# Pages of one thing: what may be looked at, and the watch; the position is up to where the browser has seen it.
_THINGS: Final[
    dict[
        str,
        tuple[Callable[[Viewer], QuerySet], Callable[[Viewer, UUID, QueryDict, str], Watch]],
    ]
] = {
    **{name: (Viewer.stations, make) for name, make in TABS.items()},
    "station-messages": (Viewer.stations, MessagesWatch),
    "command": (Viewer.commands, lambda viewer, thing, query, position: CommandWatch(viewer, thing)),
    "commission": (Viewer.stations, lambda viewer, thing, query, position: CommissionWatch(viewer, thing)),
    "bulk": (Viewer.bulks, lambda viewer, thing, query, position: BulkWatch(viewer, thing)),
    "session": (Viewer.sessions, lambda viewer, thing, query, position: SessionWatch(viewer, thing)),
}


def watch_for(viewer: Viewer, page: str, key: str, query: QueryDict, position: str = "") -> Watch | None:
    """None when there is no such page, or not for this viewer. `position`: up to where the browser has seen it."""
    if not key:
        return _PAGES[page](viewer, query) if page in _PAGES else None
    thing = uuid_of(key)
    if page not in _THINGS or thing is None:
        return None
    allowed, make = _THINGS[page]
    return make(viewer, thing, query, position) if allowed(viewer).filter(pk=thing).exists() else None
