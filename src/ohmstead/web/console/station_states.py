"""The one state a station is shown in, kept in the database so that lists filter, sort and count by it."""

from typing import Any, Final

from django.db.models import Case, CharField, Count, F, Func, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from ohmstead.charging.models import Session, SessionState, Standing
from ohmstead.network.models import Evse, Station
from ohmstead.station.answers import Admission
from ohmstead.station.states import ChargingState, PlugState

# "Occupied" is all a 2.x station says of a plug; what its transaction does tells the rest.
_TOLD_BY_SESSION = PlugState.OCCUPIED

# Index = rank: of several plugs, the state of the lowest rank stands for the station (charging's Standing).
SHOWN_STATES = (
    "offline",
    "faulted",
    "charging",
    "suspended",
    "preparing",
    "reserved",
    "unavailable",
    "available",
    "unknown",
)
RANKS: dict[str, int] = {
    PlugState.FAULTED: 1,
    PlugState.CHARGING: 2,
    PlugState.SUSPENDED_CAR: 3,
    PlugState.SUSPENDED_STATION: 3,
    PlugState.PREPARING: 4,
    PlugState.FINISHING: 4,
    PlugState.OCCUPIED: 4,
    ChargingState.CONNECTED: 4,
    ChargingState.IDLE: 4,
    PlugState.RESERVED: 5,
    PlugState.UNAVAILABLE: 6,
    PlugState.AVAILABLE: 7,
}
# Of the station as a whole only these two say more than its plugs do.
OWN_RANKS: dict[str, int] = {state: RANKS[state] for state in (PlugState.FAULTED, PlugState.UNAVAILABLE)}

# Plugs of Standing rows; those of stations that are offline count as offline only.
_ONLINE: Final = Q(online=True)
PLUG_SUMS: Final = {
    "total": Coalesce(Sum("plugs"), 0),
    "free": Coalesce(Sum("free", filter=_ONLINE), 0),
    "charging": Coalesce(Sum("charging", filter=_ONLINE), 0),
    "faulted": Coalesce(Sum("faulted", filter=_ONLINE), 0),
    "out": Coalesce(Sum("out_of_use", filter=_ONLINE), 0),
    "offline": Coalesce(Sum("plugs", filter=~_ONLINE), 0),
}


def with_plug_state(evses: QuerySet[Evse]) -> QuerySet[Any]:
    """Annotate `shown`: the plug's state, or what the session there does when the plug is only "occupied"."""
    here = Session.objects.filter(
        station=OuterRef("station"), evse=OuterRef("number"), state=SessionState.RUNNING, open_until=None
    )
    doing = Subquery(here.exclude(charging_state="").order_by("-started_at").values("charging_state")[:1])
    told = When(state=_TOLD_BY_SESSION, then=Coalesce(doing, Value(str(_TOLD_BY_SESSION))))
    return evses.annotate(shown=Case(told, default=F("state"), output_field=CharField()))


class _Name(Func):
    """The state of a rank."""

    template = "(ARRAY[" + ",".join(f"'{name}'" for name in SHOWN_STATES) + "])[%(expressions)s + 1]"
    output_field = CharField()


def with_shown_state(stations: QuerySet[Station]) -> QuerySet[Any]:
    """Annotate `shown`, one of SHOWN_STATES; typed loosely because a type checker cannot follow annotations."""
    return stations.annotate(shown=_Name(F("standing__shown")))


def in_state(stations: QuerySet[Station], *shown: str) -> QuerySet[Station]:
    return stations.filter(standing__shown__in=[SHOWN_STATES.index(state) for state in shown])


def in_service(stations: QuerySet[Station]) -> QuerySet[Station]:
    """Stations that were let in; the others are in the inbox."""
    return stations.filter(admission=Admission.ACCEPTED)


def standings(stations: QuerySet[Station]) -> QuerySet[Standing]:
    """Rows of these stations."""
    return Standing.objects.filter(station__in=stations.order_by().values("pk"))


def counts_by_state(found: QuerySet[Standing]) -> dict[str, int]:
    """How many stations are in each state, in the order of SHOWN_STATES, zeros included."""
    numbers = dict(found.order_by().values_list("shown").annotate(number=Count("pk")))
    return {name: numbers.get(rank, 0) for rank, name in enumerate(SHOWN_STATES)}


def free_and_total(found: QuerySet[Standing]) -> dict[str, int]:
    """How many plugs could take a car now, of how many."""
    return found.aggregate(free=PLUG_SUMS["free"], total=PLUG_SUMS["total"])
