"""Sites with their plugs counted, in the same number of statements for one as for a hundred."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Count, Max, Q
from django.utils import timezone

from ohmstead.network.models import Evse, Site
from ohmstead.station.answers import Admission
from ohmstead.station.states import PlugState
from ohmstead.web.driver.words import FREE, IN_USE, PLUGS, UNKNOWN, Look

_ONLINE: Final = Q(station__online=True)
_FREE: Final = _ONLINE & Q(state=PlugState.AVAILABLE)
_BROKEN: Final = _ONLINE & Q(state__in=[PlugState.FAULTED, PlugState.UNAVAILABLE])


@dataclass(frozen=True, slots=True)
class Counted:
    total: int = 0
    free: int = 0
    broken: int = 0
    away: int = 0
    power_w: int = 0  # of the fastest plug

    @property
    def busy(self) -> int:
        return self.total - self.free - self.broken - self.away


@dataclass(frozen=True, slots=True)
class SiteCard:
    """A site as lists and the map show it."""

    site: Site
    plugs: Counted
    open: bool

    @property
    def look(self) -> Look:
        """What matters first to who looks for a plug."""
        plugs = self.plugs
        if plugs.free:
            return FREE
        if plugs.busy:
            return IN_USE
        return PLUGS["faulted"] if plugs.broken else UNKNOWN


def cards(sites: Sequence[Site]) -> list[SiteCard]:
    counted, now = count(sites), timezone.now()
    return [SiteCard(site, counted.get(site.pk, Counted()), site.is_open(now)) for site in sites]


def count(sites: Sequence[Site]) -> dict[UUID, Counted]:
    found = Evse.objects.filter(station__site__in=sites, station__admission=Admission.ACCEPTED).order_by()
    rows = found.values_list("station__site").annotate(
        total=Count("pk"),
        free=Count("pk", filter=_FREE),
        broken=Count("pk", filter=_BROKEN),
        away=Count("pk", filter=~_ONLINE),
        power_w=Max("max_power_w", default=0),
    )
    return {site_id: Counted(*numbers) for site_id, *numbers in rows}
