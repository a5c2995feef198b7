"""Who listens for what: an event that nobody listens for is never written."""

import time
from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.db import connection

from ohmstead.integration.events import SUBSCRIBABLE

REMEMBERED_S: Final = 1.0

type Wanted = dict[UUID, frozenset[str]]  # organisation -> kinds of events

_ALL: Final = frozenset(SUBSCRIBABLE)


def wanted_now() -> Wanted:
    """Of all organisations that have a listener; few have one."""
    found: dict[UUID, set[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT organisation_id, kinds FROM integration_webhook WHERE active
               UNION ALL SELECT organisation_id, '{}' FROM integration_eventreader WHERE until > now()"""
        )
        for organisation_id, kinds in cursor.fetchall():
            found.setdefault(organisation_id, set()).update(kinds or _ALL)
    return {organisation_id: frozenset(kinds) for organisation_id, kinds in found.items()}


class Memory:
    """What a worker knows of listeners, for a second: without any, a batch costs no statement."""

    def __init__(self) -> None:
        self._wanted: Wanted = {}
        self._asked_at = float("-inf")

    def wanted(self) -> Wanted:
        now = time.monotonic()
        if now - self._asked_at >= REMEMBERED_S:
            self._wanted, self._asked_at = wanted_now(), now
        return self._wanted

    def forget(self) -> None:
        self._asked_at = float("-inf")


memory = Memory()


def listened_for(organisations: Iterable[UUID], *kinds: str) -> set[UUID]:
    """Those of the organisations in which somebody wants one of these kinds, as remembered."""
    wanted = memory.wanted()
    if not wanted:
        return set()
    return {each for each in organisations if not wanted.get(each, frozenset()).isdisjoint(kinds)}
