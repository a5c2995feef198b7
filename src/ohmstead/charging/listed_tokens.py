"""Which tokens belong on a station's list: those that may charge there, the likeliest first."""

from datetime import datetime
from typing import Final

from ohmstead.charging.models import OfflinePolicy, SiteRules
from ohmstead.charging.rules.local_list import Entry
from ohmstead.charging.staging import rows
from ohmstead.network.models import Station, Variable

CAPACITY_UNTOLD: Final = 100  # of a station that has not said how many it keeps
CAPACITY_MOST: Final = 5_000
AT_ONCE_UNTOLD: Final = 20
_CAPACITY: Final = ("LocalAuthListMaxLength", "LocalAuthListCtrlr.Entries")
_AT_ONCE: Final = ("SendLocalListMaxLength", "LocalAuthListCtrlr.ItemsPerMessage")
_UID_LENGTH: Final = {"ocpp1.6": 20}  # 36 in OCPP 2.x
_KINDS: Final = ["rfid", "keycode", "local", "mac_address", "emaid"]


def capacity(station: Station) -> tuple[int, int]:
    """Tokens on the list, and in one message, as the station reported them; small where it did not."""
    told = {
        name: (value, most)
        for name, value, most in Variable.objects.filter(
            station=station, name__in=[*_CAPACITY, *_AT_ONCE], evse=0, attribute="actual"
        ).values_list("name", "value", "most")
    }
    return (
        min(_number(told, _CAPACITY) or CAPACITY_UNTOLD, CAPACITY_MOST),
        min(_number(told, _AT_ONCE) or AT_ONCE_UNTOLD, CAPACITY_MOST),
    )


def _number(told: dict[str, tuple[str | None, float | None]], names: tuple[str, ...]) -> int:
    """2.x: `Entries` holds how many are on the list now, its limit how many may be."""
    for name in names:
        value, most = told.get(name, (None, None))
        if most and most >= 1:
            return int(most)
        if value and name != "LocalAuthListCtrlr.Entries" and value.isascii() and value.isdigit() and len(value) < 8:
            return int(value)
    return 0


def tokens_for(station: Station, most: int, now: datetime) -> tuple[dict[str, Entry], bool]:
    """By canonical uid, at most `most`, and whether some had to be left out.

    First those that were last seen at the site, then the newest: whoever comes often is not left in the rain.
    """
    policy = SiteRules.objects.filter(site__stations=station).values_list("offline", flat=True).first()
    if policy == OfflinePolicy.NOBODY:
        return {}, False
    longest = _UID_LENGTH.get(station.dialect, 36)
    found = rows(
        _TOKENS,
        {
            "organisation": station.organisation_id,
            "station": station.pk,
            "site": station.site_id,
            "kinds": _KINDS,
            "now": now,
            "longest": longest,
            "most": most + 1,
        },
    )
    entries = {
        uid: Entry(spelt or uid, kind, parent if len(parent) <= longest else "", valid_to)
        for uid, spelt, kind, parent, valid_to in found[:most]
    }
    return entries, len(found) > most


_TOKENS: Final = """
WITH RECURSIVE opening AS (
    SELECT k.group_id AS id FROM drivers_group_sites k WHERE k.site_id = %(site)s
    UNION SELECT g.id FROM opening o JOIN drivers_group g ON g.parent_id = o.id),
place AS (SELECT EXISTS (SELECT FROM opening) AS kept),
usable AS (
    SELECT t.id, t.canonical_uid, t.kind, t.parent_uid, t.valid_to, t.created_at FROM drivers_token t CROSS JOIN place
    WHERE t.organisation_id = %(organisation)s AND t.status = 'valid' AND t.kind = ANY(%(kinds)s)
        AND length(t.canonical_uid) <= %(longest)s
        AND (t.valid_to IS NULL OR t.valid_to > %(now)s) AND (t.valid_from IS NULL OR t.valid_from <= %(now)s)
        AND (NOT place.kept OR t.group_id IN (SELECT id FROM opening) OR t.driver_id IN (
            SELECT m.driver_id FROM drivers_groupmember m JOIN opening o ON o.id = m.group_id))),
seen AS (
    SELECT s.canonical_uid, max(s.last_at) AS last_at,
           (array_agg(s.uid ORDER BY (s.station_id = %(station)s) DESC, s.last_at DESC))[1] AS spelt
    FROM drivers_sighting s JOIN network_station st ON st.id = s.station_id
    WHERE s.organisation_id = %(organisation)s
        AND (st.id = %(station)s OR st.site_id = %(site)s) GROUP BY s.canonical_uid)
(SELECT u.canonical_uid, seen.spelt, u.kind, u.parent_uid, u.valid_to
 FROM seen JOIN usable u ON u.canonical_uid = seen.canonical_uid ORDER BY seen.last_at DESC LIMIT %(most)s)
UNION ALL
(SELECT u.canonical_uid, NULL, u.kind, u.parent_uid, u.valid_to
 FROM usable u WHERE NOT EXISTS (SELECT FROM seen WHERE seen.canonical_uid = u.canonical_uid)
 ORDER BY u.created_at DESC, u.id LIMIT %(most)s)
LIMIT %(most)s
"""
