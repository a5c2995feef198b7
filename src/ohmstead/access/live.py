"""Tell the pages that show a thing that it changed: leaves with the commit, and a desk carries it to the bus."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.db import connection

CHANNEL: Final = "ohmstead_live"  # PostgreSQL NOTIFY: "topic organisation id id ..."
_IDS_AT_ONCE: Final = 100  # a NOTIFY holds 8000 bytes


def tell(topic: str, organisation_id: UUID, ids: Iterable[UUID]) -> None:
    """`topic` is stations, sessions or commands."""
    words = [each.hex for each in ids]
    with connection.cursor() as cursor:
        for first in range(0, len(words), _IDS_AT_ONCE):
            told = " ".join([topic, organisation_id.hex, *words[first : first + _IDS_AT_ONCE]])
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, told])


def told(payload: str) -> tuple[str, UUID, set[UUID]]:
    """Topic, organisation and ids of such a word. Raises ValueError for any other word."""
    topic, organisation, *ids = payload.split()
    return topic, UUID(organisation), {UUID(each) for each in ids}
