"""What stations said of tokens -> sightings and alarms, in a constant number of statements per batch."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
from django.db import connection

from ohmstead.drivers.models import AlarmKind
from ohmstead.drivers.rules.movement import too_far_apart
from ohmstead.journal.interpret import Heard
from ohmstead.kit.ids import uuid7
from ohmstead.network.text import plain
from ohmstead.station.events import TokenPresented, TransactionStarted

TOO_OFTEN: Final = 12  # of one card at one station within a minute: a hand that tries again does three or four
LOOKED_BACK: Final = timedelta(hours=12)  # an accepted card elsewhere

type _Key = tuple[UUID, str]  # station, canonical uid


class _Seen(msgspec.Struct):
    uid: str
    kind: str
    evse: int | None
    verdict: str
    first_at: datetime
    last_at: datetime
    count: int
    minute_at: datetime
    minute_count: int


def project(batch: Sequence[Heard]) -> None:
    """Inside the caller's transaction."""
    seen: dict[_Key, _Seen] = {}
    for heard in batch:
        for event in heard.events:
            if isinstance(event, TokenPresented | TransactionStarted) and event.token and event.verdict:
                _add(seen, heard, event)
    if not seen:
        return
    _write(seen)
    alarms = _too_often(seen) + _two_places(seen)
    if alarms:
        _raise(alarms)


def _add(seen: dict[_Key, _Seen], heard: Heard, event: TokenPresented | TransactionStarted) -> None:
    assert event.token is not None
    assert event.verdict is not None
    at = heard.entry.at
    uid = plain(event.token.canonical_uid, 255)
    if not uid:
        return
    minute = at.replace(second=0, microsecond=0)
    before = seen.get((heard.entry.station_id, uid))
    evse = event.evse if event.evse and 0 < event.evse < 32_768 else None
    spelt, kind, verdict = plain(event.token.uid, 255), event.token.kind.value, event.verdict.value
    if before is None:
        seen[heard.entry.station_id, uid] = _Seen(spelt, kind, evse, verdict, at, at, 1, minute, 1)
        return
    before.first_at, before.last_at = min(before.first_at, at), max(before.last_at, at)
    before.uid, before.kind, before.evse, before.verdict = spelt, kind, evse, verdict
    before.count += 1
    before.minute_count = before.minute_count + 1 if minute == before.minute_at else 1
    before.minute_at = minute


def _write(seen: dict[_Key, _Seen]) -> None:
    """Only what is newer than the row counts, so a batch told twice counts once."""
    keys = sorted(seen)
    columns = [list(column) for column in zip(*(msgspec.structs.astuple(seen[key]) for key in keys), strict=True)]
    with connection.cursor() as cursor:
        ids = [uuid7() for _ in keys]
        cursor.execute(_UPSERT, [ids, [key[0] for key in keys], [key[1] for key in keys], *columns])


_UPSERT: Final = """
INSERT INTO drivers_sighting AS s (organisation_id, id, station_id, canonical_uid, uid, kind, evse, verdict,
                                   first_at, last_at, count, minute_at, minute_count)
SELECT st.organisation_id, v.*
FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::text[], %s::int2[], %s::text[],
            %s::timestamptz[], %s::timestamptz[], %s::int8[], %s::timestamptz[], %s::int4[])
    AS v (id, station_id, canonical_uid, uid, kind, evse, verdict, first_at, last_at, count, minute_at, minute_count)
JOIN network_station st ON st.id = v.station_id
ON CONFLICT (organisation_id, canonical_uid, station_id) DO UPDATE SET
    uid = excluded.uid, kind = excluded.kind, evse = excluded.evse, verdict = excluded.verdict,
    last_at = excluded.last_at, count = s.count + excluded.count, minute_at = excluded.minute_at,
    minute_count = excluded.minute_count + CASE WHEN s.minute_at = excluded.minute_at THEN s.minute_count ELSE 0 END
WHERE excluded.last_at > s.last_at
"""

type _Alarm = tuple[UUID, str, str, str, datetime]  # station, kind, uid, sentence, at


def _too_often(seen: dict[_Key, _Seen]) -> list[_Alarm]:
    """The rows are read back only for cards that came more than once in this batch, or lately."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT s.station_id, s.canonical_uid, s.minute_count, s.last_at
               FROM unnest(%s::uuid[], %s::text[]) AS v (station_id, canonical_uid)
               JOIN network_station st ON st.id = v.station_id
               JOIN drivers_sighting s ON s.organisation_id = st.organisation_id
                   AND s.canonical_uid = v.canonical_uid AND s.station_id = v.station_id
               WHERE s.minute_count > %s ORDER BY 1, 2""",
            [[key[0] for key in seen], [key[1] for key in seen], TOO_OFTEN],
        )
        return [
            (station_id, AlarmKind.TOO_OFTEN, uid, f"Presented {count} times within a minute.", at)
            for station_id, uid, count, at in cursor.fetchall()
        ]


def _two_places(seen: dict[_Key, _Seen]) -> list[_Alarm]:
    """One card accepted at two sites so far apart that nobody could drive there in the time between."""
    accepted = [key for key in sorted(seen) if seen[key].verdict == "accepted"]
    if not accepted:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT v.station_id, v.canonical_uid, here.latitude, here.longitude, v.at,
                      there.latitude, there.longitude, o.last_at, here.name, there.name
               FROM unnest(%s::uuid[], %s::text[], %s::timestamptz[]) AS v (station_id, canonical_uid, at)
               JOIN network_station st ON st.id = v.station_id
               JOIN network_site here ON here.id = st.site_id
               JOIN drivers_sighting o ON o.organisation_id = st.organisation_id
                   AND o.canonical_uid = v.canonical_uid AND o.station_id <> v.station_id AND o.verdict = 'accepted'
                   AND o.last_at BETWEEN v.at - make_interval(secs => %s) AND v.at
               JOIN network_station os ON os.id = o.station_id
               JOIN network_site there ON there.id = os.site_id AND there.id <> here.id
               WHERE here.latitude IS NOT NULL AND here.longitude IS NOT NULL
                   AND there.latitude IS NOT NULL AND there.longitude IS NOT NULL""",
            [
                [key[0] for key in accepted],
                [key[1] for key in accepted],
                [seen[key].last_at for key in accepted],
                LOOKED_BACK.total_seconds(),
            ],
        )
        return [alarm for row in cursor.fetchall() if (alarm := _alarm_of(row)) is not None]


def _alarm_of(row: tuple[Any, ...]) -> _Alarm | None:
    station_id, uid, lat, lon, at, other_lat, other_lon, other_at, here, there = row
    if not too_far_apart((lat, lon), at, (other_lat, other_lon), other_at):
        return None
    minutes = max(1, round(abs((at - other_at).total_seconds()) / 60))
    sentence = f"Accepted at {here} and at {there} within {minutes} min: perhaps the card was copied."
    return station_id, AlarmKind.TWO_PLACES, uid, sentence[:300], at


def _raise(alarms: list[_Alarm]) -> None:
    """An open alarm of the same kind, card and station counts on."""
    once = {(station_id, kind, uid): (sentence, at) for station_id, kind, uid, sentence, at in alarms}
    keys = sorted(once)
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO drivers_alarm AS a (id, organisation_id, kind, canonical_uid, station_id, sentence, first_at,
                                               last_at, count)
               SELECT v.id, st.organisation_id, v.kind, v.uid, v.station_id, v.sentence, v.at, v.at, 1
               FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::text[], %s::timestamptz[])
                   AS v (id, station_id, kind, uid, sentence, at)
               JOIN network_station st ON st.id = v.station_id
               ON CONFLICT (organisation_id, kind, canonical_uid, station_id) WHERE settled_at IS NULL
               DO UPDATE SET last_at = excluded.last_at, sentence = excluded.sentence, count = a.count + 1
               WHERE excluded.last_at > a.last_at""",
            [
                [uuid7() for _ in keys],
                [key[0] for key in keys],
                [key[1] for key in keys],
                [key[2] for key in keys],
                [once[key][0] for key in keys],
                [once[key][1] for key in keys],
            ],
        )
