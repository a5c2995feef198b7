"""Which operations a station is offered, and why the others are not."""

from dataclasses import dataclass
from typing import Final

from ohmstead import wire
from ohmstead.network.models import Knowledge, Station, Variable
from ohmstead.network.rules.capabilities import PROFILES_KEY, Learned, against, profiles_in
from ohmstead.station.commands.operations import OPERATIONS, Operation
from ohmstead.wire import Dialect

_AVAILABLE: Final = "Ctrlr.Available"
_TRUE: Final = "true"


@dataclass(frozen=True, slots=True)
class Capability:
    """`reason` is a sentence, empty when the operation is offered; `lacks` are fields without use here."""

    operation: Operation
    reason: str
    lacks: frozenset[str]

    @property
    def offered(self) -> bool:
        return not self.reason


def capabilities(station: Station) -> dict[str, Capability]:
    """By the operation's name, all of them: three queries. Before the first connection everything is offered."""
    dialect = next((each for each in Dialect if each.subprotocol == station.dialect), None)
    if dialect is None:
        return {name: Capability(each, "", frozenset()) for name, each in OPERATIONS.items()}
    offers, learned = wire.offers(dialect), _learned(station)
    return {
        name: Capability(each, against(offers[name].actions, learned), offers[name].lacks)
        if name in offers
        else Capability(each, f"{station.dialect} has no words for this.", frozenset())
        for name, each in OPERATIONS.items()
    }


def _learned(station: Station) -> Learned:
    known = Knowledge.objects.filter(station=station).first()
    told = dict(
        Variable.objects.filter(station=station, attribute="actual", evse=0, name__endswith=_AVAILABLE).values_list(
            "name", "value"
        )
    )
    profiles = Variable.objects.filter(station=station, name=PROFILES_KEY).values_list("value", flat=True).first()
    return Learned(
        profiles=profiles_in(profiles) if profiles else None,
        absent=frozenset(name.partition(".")[0] for name, value in told.items() if value and value.lower() != _TRUE),
        refused=known.refused if known else {},
    )
