"""What had to be mended in a station's messages, counted per kind."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from ohmstead.journal.interpret import Heard
from ohmstead.kit.ids import uuid7
from ohmstead.network.text import plain

type _Key = tuple[UUID, str, str]  # station, code, action


def count(mended: Sequence[Heard]) -> None:
    counts: dict[_Key, int] = {}
    newest: dict[_Key, tuple[datetime, str, str]] = {}
    oldest: dict[_Key, datetime] = {}
    for heard in mended:
        entry = heard.entry
        for mend in heard.mends:
            key = (entry.station_id, plain(mend.code, 40), plain(entry.action, 60))
            counts[key] = counts.get(key, 0) + 1
            newest[key] = max(newest.get(key, (entry.at, "", "")), (entry.at, mend.sentence, mend.raw))
            oldest[key] = min(oldest.get(key, entry.at), entry.at)
    if not counts:
        return
    keys = sorted(counts)
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO network_deviation AS d
                 (id, station_id, code, action, sentence, example, count, first_at, last_at)
               SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[], %s::int8[],
                                    %s::timestamptz[], %s::timestamptz[])
               ON CONFLICT (station_id, code, action) DO UPDATE SET
                 count = d.count + excluded.count, sentence = excluded.sentence, example = excluded.example,
                 first_at = LEAST(d.first_at, excluded.first_at), last_at = GREATEST(d.last_at, excluded.last_at)""",
            [
                [str(uuid7()) for _ in keys],
                [str(key[0]) for key in keys],
                [key[1] for key in keys],
                [key[2] for key in keys],
                [plain(newest[key][1], 200) for key in keys],
                [plain(newest[key][2], 200) for key in keys],
                [counts[key] for key in keys],
                [oldest[key] for key in keys],
                [newest[key][0] for key in keys],
            ],
        )
