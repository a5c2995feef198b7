"""What is printed on a station, and the list of cards it was given."""

from dataclasses import dataclass, field

from ohmstead.simulator.evse import Outlet
from ohmstead.simulator.voice import Verdict


@dataclass(frozen=True, slots=True)
class Nameplate:
    """What is printed on the station."""

    vendor: str
    model: str
    serial: str
    firmware: str
    outlets: tuple[Outlet, ...]
    plug_and_charge: bool = False
    signed: bool = False
    quirks: tuple[str, ...] = ()


@dataclass(slots=True)
class LocalList:
    version: int = 0
    entries: dict[str, Verdict] = field(default_factory=dict)
