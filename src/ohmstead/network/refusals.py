"""Attempts that ended at the door: kept, counted and bounded, so that the reason can be read in the console."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol
from uuid import UUID

from django.db import connection

from ohmstead.kit.ids import uuid7
from ohmstead.network.models import Refusal
from ohmstead.network.rules.door import Refused
from ohmstead.network.text import plain

KEPT_AT_MOST: Final = 5_000  # rows of all organisations; beyond, only known rows go on counting
KEPT_FOR: Final = timedelta(days=30)


class Attempt(Protocol):
    """Who tried, from where: an admission request, or a gateway's word about one it turned away itself."""

    @property
    def identity(self) -> str: ...

    @property
    def remote_address(self) -> str: ...


def note(refused: Sequence[tuple[UUID | None, Attempt, Refused]], at: datetime) -> None:
    """One row per organisation, identity and reason; a repeated attempt raises its count."""
    if not refused:
        return
    counted: dict[tuple[str, str, str], tuple[int, Attempt, Refused]] = {}
    for organisation_id, attempt, why in refused:
        key = (str(organisation_id or ""), plain(attempt.identity, 60), plain(why.code, 30))
        counted[key] = (counted.get(key, (0, attempt, why))[0] + 1, attempt, why)
    keys = sorted(counted)  # the same order everywhere: two desks never wait for each other in a ring
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO network_refusal AS r
                 (id, organisation_id, identity, code, remote_address, sentence, count, first_at, last_at)
               SELECT v.id, NULLIF(v.organisation_id, '')::uuid, v.identity, v.code, v.remote_address, v.sentence,
                      v.count, %(at)s, %(at)s
               FROM unnest(%(ids)s::uuid[], %(organisations)s::text[], %(identities)s::text[], %(codes)s::text[],
                           %(addresses)s::text[], %(sentences)s::text[], %(counts)s::bigint[])
                 WITH ORDINALITY
                 AS v (id, organisation_id, identity, code, remote_address, sentence, count, turn)
               WHERE (SELECT count(*) FROM network_refusal) < %(at_most)s OR EXISTS (
                 SELECT 1 FROM network_refusal k WHERE k.identity = v.identity AND k.code = v.code
                   AND k.organisation_id IS NOT DISTINCT FROM NULLIF(v.organisation_id, '')::uuid)
               ORDER BY v.turn
               ON CONFLICT (organisation_id, identity, code) DO UPDATE SET
                 count = r.count + excluded.count, last_at = excluded.last_at,
                 remote_address = excluded.remote_address, sentence = excluded.sentence""",
            {
                "at": at,
                "ids": [str(uuid7()) for _ in keys],
                "organisations": [key[0] for key in keys],
                "identities": [key[1] for key in keys],
                "codes": [key[2] for key in keys],
                "addresses": [plain(counted[key][1].remote_address, 64) for key in keys],
                "sentences": [plain(counted[key][2].sentence, 300) for key in keys],
                "counts": [counted[key][0] for key in keys],
                "at_most": KEPT_AT_MOST,
            },
        )


def forget_old(now: datetime) -> int:
    """Delete what nobody tried again for a month; the number of rows deleted."""
    return Refusal.objects.filter(last_at__lt=now - KEPT_FOR).delete()[0]
