"""The demo network as data: Ampersham, a town that does not exist, with six sites and sixty stations."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

TIME_ZONE: Final = "Europe/Berlin"
CITY: Final = "Ampersham"


@dataclass(frozen=True, slots=True)
class Make:
    """A kind of station. The makers are as fictional as the town."""

    vendor: str
    model: str
    firmware: str
    dialect: str
    evses: int
    power_w: int
    standard: str
    cable: bool = False
    security_profile: int = 0


@dataclass(frozen=True, slots=True)
class DemoSite:
    key: str  # middle part of the identities: OHM-MALL-01
    name: str
    address: str
    latitude: float
    longitude: float
    stations: tuple[tuple[Make, int], ...]

    def identities(self) -> Iterator[tuple[str, Make]]:
        number = 0
        for make, count in self.stations:
            for _ in range(count):
                number += 1
                yield f"OHM-{self.key}-{number:02}", make


WALLBOX: Final = Make("Voltmark", "Duo 22", "4.2.1", "ocpp1.6", 2, 22_000, "IEC_62196_T2")
HOME_BOX: Final = Make("Voltmark", "Solo 11", "4.1.9", "ocpp1.6", 1, 11_000, "IEC_62196_T2", cable=True)
PILLAR: Final = Make("Nordlade", "Stele 2", "2.8.0", "ocpp2.0.1", 2, 22_000, "IEC_62196_T2")
DESK_BOX: Final = Make("Nordlade", "Box S", "2.7.4", "ocpp2.0.1", 1, 11_000, "IEC_62196_T2", cable=True)
GUARDED: Final = Make("Nordlade", "Stele 2", "2.8.0", "ocpp2.0.1", 2, 22_000, "IEC_62196_T2", security_profile=1)
TOWER: Final = Make("Kilopond", "Tower 300", "1.14.2", "ocpp2.0.1", 2, 300_000, "IEC_62196_T2_COMBO", cable=True)
CUBE: Final = Make("Kilopond", "Cube 150", "1.14.2", "ocpp2.1", 2, 150_000, "IEC_62196_T2_COMBO", cable=True)
YARD: Final = Make("Kilopond", "Yard 60", "1.12.0", "ocpp2.1", 1, 60_000, "IEC_62196_T2_COMBO", cable=True)

SITES: Final = (
    DemoSite("MALL", "Millrace Mall", "Millrace 1", 53.7512, 8.9120, ((WALLBOX, 8), (PILLAR, 4))),
    DemoSite("OFFICE", "Quayside Offices", "Quayside 14", 53.7468, 8.9231, ((DESK_BOX, 10), (GUARDED, 4))),
    DemoSite("HOME", "Linden Court", "Linden Road 3 to 21", 53.7561, 8.9047, ((HOME_BOX, 12),)),
    DemoSite("HUB", "Ampersham East Services", "Motorway exit 12", 53.7402, 8.9618, ((TOWER, 4), (CUBE, 4))),
    DemoSite("HOTEL", "Hotel Heron", "Station Square 2", 53.7493, 8.9174, ((WALLBOX, 4), (PILLAR, 2))),
    DemoSite("DEPOT", "Town Bus Depot", "Works Lane 40", 53.7608, 8.9302, ((YARD, 8),)),
)

# Cards whose holders charge in the town: label -> uid. The simulator's drivers carry the same ones.
CARDS: Final = {f"Card {number:03}": f"04A1{number:04X}B2C3D4" for number in range(1, 81)}


def all_stations() -> list[tuple[DemoSite, str, Make]]:
    return [(site, identity, make) for site in SITES for identity, make in site.identities()]
