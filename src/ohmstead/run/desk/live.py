"""What the desk changed by itself, told to the pages that show it."""

from collections.abc import Mapping, Set
from uuid import UUID

import msgspec

from ohmstead.bus import subjects
from ohmstead.bus.client import Bus


async def tell_live(bus: Bus, stations: Mapping[UUID, Set[UUID]]) -> None:
    """organisation -> stations; the same words as the worker's."""
    for organisation_id, ids in stations.items():
        await bus.publish(subjects.live(organisation_id, "stations"), msgspec.json.encode({"ids": sorted(ids)}))
