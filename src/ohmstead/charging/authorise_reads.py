"""The facts that a decision looks at, read in sets: as many statements for one request as for hundreds."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from ohmstead.charging.rules.authorise_facts import (
    GroupRights,
    Held,
    KnownToken,
    Place,
    RunningSession,
    StoppedSession,
    Used,
)
from ohmstead.charging.rules.reservations import HELD_BEFORE
from ohmstead.charging.staging import answers
from ohmstead.network.rules import opening_text
from ohmstead.network.rules.opening import Hours, is_open
from ohmstead.station.tokens import canonical_uid

_evses = msgspec.json.Decoder(dict[int, str])
_running = msgspec.json.Decoder(list[tuple[UUID, str, int | None]])

type Owner = tuple[UUID, str]  # organisation, canonical uid
type Rows = Sequence[tuple[Any, ...]]
type Presented = tuple[UUID, str, UUID]  # organisation, canonical uid, station


class Facts(msgspec.Struct, frozen=True):
    tokens: Mapping[Owner, KnownToken]
    running: Mapping[Owner, list[RunningSession]]
    stopped: Mapping[UUID | None, StoppedSession]
    places: Mapping[UUID, Place]
    tries: Mapping[Presented, int]  # only those that came within this minute


def read_facts(presented: Sequence[Presented], stopped_ids: Sequence[UUID], now: datetime) -> Facts:
    """Seven statements on one way to the database, and one more where a driver's month is limited."""
    owners = columns(presented, 2)
    stations = [list({station_id for _, _, station_id in presented})]
    minute = now.replace(second=0, microsecond=0)
    tokens, groups, running, stopped, places, held, tries = answers(
        [
            (_TOKENS, owners),
            (_GROUPS, owners),
            (_RUNNING, owners),
            (_STOPPED, [list(stopped_ids)]),
            (_PLACES, stations),
            (_HELD, [*stations, now, now + HELD_BEFORE]),
            (_TRIES, [*columns(presented, 3), minute]),
        ]
    )
    return Facts(
        _known(tokens, _groups(groups), now),
        _running_sessions(running),
        {id_: StoppedSession(uid, canonical_uid(parent or "")) for id_, uid, parent in stopped},
        _places(places, _held(held), now),
        {(organisation_id, uid, station_id): count for organisation_id, uid, station_id, count in tries},
    )


_TOKENS: Final = """
SELECT t.organisation_id, t.canonical_uid, t.id, t.driver_id, t.status, t.valid_from, t.valid_to,
       t.kind = 'guest', t.parent_uid, t.master, COALESCE(d.may_pay, true), t.blocked_because
FROM (SELECT DISTINCT * FROM unnest(%s::uuid[], %s::text[])) AS w(organisation_id, uid)
JOIN drivers_token t ON t.organisation_id = w.organisation_id AND t.canonical_uid = w.uid
LEFT JOIN drivers_driver d ON d.id = t.driver_id
"""


def _known(found: Rows, groups: Mapping[UUID, list[GroupRights]], now: datetime) -> dict[Owner, KnownToken]:
    limited = [(row[2], row[3]) for row in found if any(group.limited for group in groups.get(row[2], ()))]
    used = _read_used(limited, now)
    known = {}
    for organisation_id, uid, token_id, _, *state in found:
        status, valid_from, valid_to, guest, parent_uid, master, may_pay, because = state
        known[organisation_id, uid] = KnownToken(
            uid=uid,
            status=status,
            valid_from=valid_from,
            valid_to=valid_to,
            guest=guest,
            parent_uid=parent_uid,
            master=master,
            may_pay=may_pay,
            blocked_because=because,
            groups=tuple(groups.get(token_id, ())),
            used=used.get(token_id, Used()),
        )
    return known


_GROUPS: Final = """
WITH RECURSIVE mine AS (
    SELECT t.id AS token_id, g.id AS top, g.id, g.parent_id, 0 AS depth
    FROM (SELECT DISTINCT * FROM unnest(%s::uuid[], %s::text[])) AS w(organisation_id, uid)
    JOIN drivers_token t ON t.organisation_id = w.organisation_id AND t.canonical_uid = w.uid
    CROSS JOIN LATERAL (
        SELECT m.group_id AS id FROM drivers_groupmember m WHERE m.driver_id = t.driver_id
        UNION SELECT t.group_id WHERE t.group_id IS NOT NULL) AS direct
    JOIN drivers_group g ON g.id = direct.id
    UNION ALL
    SELECT mine.token_id, mine.top, p.id, p.parent_id, mine.depth + 1
    FROM mine JOIN drivers_group p ON p.id = mine.parent_id WHERE mine.depth < 5)
SELECT mine.token_id, mine.top, mine.id, g.name, g.energy_wh_per_month, g.money_per_month, g.sessions_per_month,
       g.minutes_per_month, g.sessions_at_once
FROM mine JOIN drivers_group g ON g.id = mine.id ORDER BY mine.token_id, mine.top, mine.depth
"""


def _groups(found: Rows) -> dict[UUID, list[GroupRights]]:
    """token -> its driver's groups and its own, each with what it has from those above it: the nearest limit counts."""
    chains: dict[tuple[UUID, UUID], list[tuple[Any, ...]]] = {}
    for token_id, top, *group in found:
        chains.setdefault((token_id, top), []).append(tuple(group))
    groups: dict[UUID, list[GroupRights]] = {}
    for (token_id, _), chain in chains.items():
        limits = [next((each for each in column if each is not None), None) for column in zip(*chain, strict=True)]
        rights = GroupRights(chain[0][1], frozenset(group[0] for group in chain), *limits[2:])
        groups.setdefault(token_id, []).append(rights)
    return groups


def _read_used(limited: Sequence[tuple[UUID, UUID | None]], now: datetime) -> dict[UUID, Used]:
    """token -> what its driver used in this month (UTC), or a token without a driver by itself."""
    if not limited:
        return {}
    month = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    [found] = answers([(_USED, [now, *columns(limited, 2), month])])
    return {
        token_id: Used(
            energy_wh or Decimal(0),
            Decimal(0),
            sessions,
            int((seconds or 0) // 60),
            tuple(RunningSession(*each) for each in _running.decode(running or b"[]")),
        )
        for token_id, energy_wh, sessions, seconds, running in found
    }


_USED: Final = """
SELECT v.token_id, sum(s.energy_wh), count(s.id),
       sum(extract(epoch FROM COALESCE(s.ended_at, %s) - s.started_at)),
       jsonb_agg(jsonb_build_array(s.station_id, s.transaction_id, s.evse)) FILTER (WHERE s.state = 'running')
FROM unnest(%s::uuid[], %s::uuid[]) AS v(token_id, driver_id)
CROSS JOIN LATERAL (
    SELECT v.token_id AS id UNION SELECT t.id FROM drivers_token t WHERE t.driver_id = v.driver_id) AS t
JOIN charging_session s ON s.token_id = t.id AND s.started_at >= %s AND s.state <> 'refused'
GROUP BY v.token_id
"""


_RUNNING: Final = """
SELECT s.organisation_id, s.token_uid, s.station_id, s.transaction_id, s.evse
FROM (SELECT DISTINCT * FROM unnest(%s::uuid[], %s::text[])) AS w(organisation_id, uid)
JOIN charging_session s ON s.organisation_id = w.organisation_id AND s.token_uid = w.uid AND s.state = 'running'
WHERE w.uid <> '' AND NOT EXISTS (
    SELECT FROM network_evse e WHERE e.station_id = s.station_id AND e.number = s.evse AND e.state = 'faulted')
"""


def _running_sessions(found: Rows) -> dict[Owner, list[RunningSession]]:
    sessions: dict[Owner, list[RunningSession]] = {}
    for organisation_id, uid, station_id, transaction_id, evse in found:
        sessions.setdefault((organisation_id, uid), []).append(RunningSession(station_id, transaction_id, evse))
    return sessions


_STOPPED: Final = """
SELECT s.id, s.token_uid, t.parent_uid FROM charging_session s
LEFT JOIN drivers_token t ON t.organisation_id = s.organisation_id AND t.canonical_uid = s.token_uid
WHERE s.id = ANY(%s::uuid[])
"""

_PLACES: Final = """
SELECT st.id, st.online, COALESCE(r.free_vend, false), COALESCE(site.visibility = 'private', false),
       site.opening::text, site.time_zone,
       (SELECT array_agg(k.group_id) FROM drivers_group_sites k WHERE k.site_id = st.site_id),
       (SELECT jsonb_object_agg(e.number, e.state) FROM network_evse e WHERE e.station_id = st.id)
FROM network_station st
LEFT JOIN network_site site ON site.id = st.site_id
LEFT JOIN charging_siterules r ON r.site_id = st.site_id
WHERE st.id = ANY(%s)
"""


def _places(found: Rows, held: Mapping[UUID, list[Held]], now: datetime) -> dict[UUID, Place]:
    places = {}
    for station_id, online, free_vend, private, opening, time_zone, groups, evses in found:
        places[station_id] = Place(
            groups=frozenset(groups or ()),
            private=private,
            open=not opening or opening == "{}" or is_open(_hours(opening), now, ZoneInfo(time_zone)),
            free_vend=free_vend,
            online=online,
            evses=_evses.decode(evses or b"{}"),
            held=tuple(held.get(station_id, ())),
        )
    return places


def _held(found: Rows) -> dict[UUID, list[Held]]:
    """Plugs promised for now, and to whom: the token, its parent, and what else its driver carries."""
    held: dict[UUID, list[Held]] = {}
    for station_id, evse, until, uids in found:
        names = {canonical_uid(uid) for uid in uids} - {""}
        held.setdefault(station_id, []).append(Held(evse, frozenset(names), until))
    return held


_HELD: Final = """
SELECT e.station_id, e.number, upper(r.during),
       ARRAY[t.canonical_uid, t.parent_uid]::text[]
           || ARRAY(SELECT o.canonical_uid FROM drivers_token o WHERE o.driver_id = r.driver_id)::text[]
FROM network_evse e
JOIN charging_reservation r ON r.evse_id = e.id AND r.state IN ('booked', 'held')
JOIN drivers_token t ON t.id = r.token_id
WHERE e.station_id = ANY(%s) AND r.during && tstzrange(%s, %s, '[]')
"""


@lru_cache(maxsize=1024)
def _hours(opening: str) -> Hours:
    return opening_text.from_json(msgspec.json.decode(opening))


_TRIES: Final = """
SELECT s.organisation_id, s.canonical_uid, s.station_id, s.minute_count
FROM (SELECT DISTINCT * FROM unnest(%s::uuid[], %s::text[], %s::uuid[])) AS w(organisation_id, uid, station_id)
JOIN drivers_sighting s ON s.organisation_id = w.organisation_id AND s.canonical_uid = w.uid
    AND s.station_id = w.station_id
WHERE s.minute_at = %s
"""


def columns(lines: Sequence[tuple[Any, ...]], count: int) -> list[list[Any]]:
    """Rows as the arrays that unnest takes."""
    return [[line[number] for line in lines] for number in range(count)]
