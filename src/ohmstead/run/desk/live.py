"""What the desk changed by itself, told to the pages that show it."""

from collections.abc import Mapping, Set
from uuid import UUID

import msgspec

from ohmstead.bus import subjects
from ohmstead.bus.client import Bus


async def tell_live(bus: Bus, topic: str, changed: Mapping[UUID, Set[UUID]]) -> None:
    """organisation -> ids of the topic; the same words as the worker's. Lost while the bus is away."""
    for organisation_id, ids in changed.items():
        await bus.publish(subjects.live(organisation_id, topic), msgspec.json.encode({"ids": sorted(ids)}))
