"""Plugs as a driver sees them: what fits, how fast, and whether it is free now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from ohmstead.network.models import Evse
from ohmstead.network.plug_codes import code_of
from ohmstead.web.console.words import Look, plug_standard
from ohmstead.web.driver.words import plug_look


@dataclass(frozen=True, slots=True)
class Plug:
    evse: Evse
    code: str
    standards: str
    power_w: int
    look: Look
    online: bool
    since: datetime | None

    @property
    def free(self) -> bool:
        return self.look.css == "available"


@dataclass(frozen=True, slots=True)
class PlugGroup:
    """Plugs of a site that are alike."""

    standards: str
    power_w: int
    plugs: tuple[Plug, ...]

    @property
    def free(self) -> int:
        return sum(plug.free for plug in self.plugs)


def plug_of(evse: Evse) -> Plug:
    """Needs station and connectors."""
    connectors = list(evse.connectors.all())
    standards = " / ".join(dict.fromkeys(plug_standard(each.standard) for each in connectors if each.standard))
    power_w = evse.max_power_w or max((each.max_power_w or 0 for each in connectors), default=0)
    station = evse.station
    since = evse.state_at if station.online else station.disconnected_at or station.last_seen_at
    return Plug(evse, code_of(evse), standards, power_w, plug_look(evse.state, station.online), station.online, since)


def grouped(evses: Iterable[Evse]) -> list[PlugGroup]:
    """The fastest first."""

    def kind(plug: Plug) -> tuple[int, str]:
        return -plug.power_w, plug.standards

    plugs = sorted((plug_of(evse) for evse in evses), key=lambda plug: (*kind(plug), plug.code))
    return [PlugGroup(standards, -power, tuple(found)) for (power, standards), found in groupby(plugs, kind)]
