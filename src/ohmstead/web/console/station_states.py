"""The one state a station is shown in, computed in the database so that lists filter, sort and count by it."""

from typing import Any

from django.db.models import Case, CharField, Count, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Least

from ohmstead.charging.models import Session, SessionState
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
_UNKNOWN = SHOWN_STATES.index("unknown")
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
_WHOLE_STATION: dict[str, int] = {state: RANKS[state] for state in (PlugState.FAULTED, PlugState.UNAVAILABLE)}


def _rank(ranks: dict[str, int], field: str = "state") -> Case:
    whens = [When(**{field: state}, then=Value(rank)) for state, rank in ranks.items()]
    return Case(*whens, default=Value(_UNKNOWN), output_field=IntegerField())


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
    rank = Case(
        When(online=False, then=Value(0)),
        default=Least(_rank(_WHOLE_STATION), Coalesce("standing__rank", Value(_UNKNOWN))),
        output_field=IntegerField(),
    )
    return stations.annotate(shown=_Name(rank))


def in_service(stations: QuerySet[Station]) -> QuerySet[Station]:
    """Stations that were let in; the others are in the inbox."""
    return stations.filter(admission=Admission.ACCEPTED)


def counts_by_state(stations: QuerySet[Station]) -> dict[str, int]:
    """How many stations are in each state, in the order of SHOWN_STATES, zeros included."""
    rows = with_shown_state(stations).order_by().values("shown").annotate(number=Count("pk"))
    found = {row["shown"]: row["number"] for row in rows}
    return {name: found.get(name, 0) for name in SHOWN_STATES}


def free_and_total(evses: QuerySet[Evse]) -> dict[str, int]:
    """How many plugs could take a car now, of how many."""
    free = Count("pk", filter=Q(state=PlugState.AVAILABLE, station__online=True))
    return evses.aggregate(free=free, total=Count(F("pk")))
