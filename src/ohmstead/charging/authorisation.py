"""May these tokens do this now? Asked by the desk for stations, and by app and API before they start anything."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final
from uuid import UUID

import msgspec
from django.db import connection, transaction

from ohmstead.bus.messages import AuthoriseReply, AuthoriseRequest
from ohmstead.charging.authorise_reads import Owner, columns, read_places, read_running, read_tokens, read_tries
from ohmstead.charging.held import session_id, transaction_key
from ohmstead.charging.rules.authorise import Decision, decision
from ohmstead.charging.rules.authorise_facts import ANYWHERE, Asked, Origin, RoamingAnswer, StoppedSession
from ohmstead.charging.rules.reasons import Reason
from ohmstead.charging.staging import rows
from ohmstead.drivers.models import Token
from ohmstead.kit.clock import Clock, SystemClock
from ohmstead.kit.ids import uuid7
from ohmstead.network.models import Station
from ohmstead.station.tokens import TokenKind, TokenVerdict, canonical_uid

# What partner networks say of tokens we do not know, from what they told us before: the desk waits for nobody.
type Roaming = Callable[[Sequence[Owner]], Mapping[Owner, RoamingAnswer]]

_SYSTEM_CLOCK: Final = SystemClock()


def no_partners(owners: Sequence[Owner]) -> Mapping[Owner, RoamingAnswer]:
    return {}


def decide(
    requests: Sequence[AuthoriseRequest], clock: Clock = _SYSTEM_CLOCK, roaming: Roaming = no_partners
) -> list[AuthoriseReply]:
    """One reply for each request, in order; the number of statements does not depend on how many there are."""
    return [
        AuthoriseReply(verdict=found.verdict, reason=found.reason, until=found.until, parent_uid=found.parent_uid)
        for found in decisions(requests, clock, roaming)
    ]


def may_start(token: Token, station: Station, evse: int | None = None, clock: Clock = _SYSTEM_CLOCK) -> Decision:
    """The same answer for app, API and cameras before they start; the station must be there and the plug whole."""
    request = AuthoriseRequest(
        organisation_id=token.organisation_id,
        station_id=station.pk,
        uid=token.canonical_uid,
        kind=TokenKind(token.kind),
        purpose="start",
        evse=evse,
    )
    return decisions([request], clock, origin=Origin.APP)[0]


def decisions(
    requests: Sequence[AuthoriseRequest],
    clock: Clock = _SYSTEM_CLOCK,
    roaming: Roaming = no_partners,
    origin: Origin = Origin.STATION,
) -> list[Decision]:
    now = clock.now()
    owners = [(request.organisation_id, canonical_uid(request.uid)) for request in requests]
    presented = [(*owner, request.station_id) for owner, request in zip(owners, requests, strict=True)]
    tokens = read_tokens(owners, now)
    running = read_running(owners)
    stopped = _stopped(requests)
    places = read_places([request.station_id for request in requests], now)
    tries = read_tries(presented, now)
    partners = roaming([owner for owner in owners if owner not in tokens])
    found = []
    for request, owner, seen in zip(requests, owners, presented, strict=True):
        place = places.get(request.station_id, ANYWHERE)
        found.append(
            decision(
                _asked(request, owner[1], origin),
                tokens.get(owner),
                running.get(owner, ()),
                stopped.get(_named_session(request)),
                now,
                msgspec.structs.replace(place, tries=tries[seen]) if seen in tries else place,
                partners.get(owner),
            )
        )
    if origin is Origin.STATION:
        _note_refusals(requests, owners, found, clock)
    return found


def _asked(request: AuthoriseRequest, uid: str, origin: Origin) -> Asked:
    return Asked(uid, request.kind, request.purpose, request.station_id, request.transaction_id, request.evse, origin)


def _stopped(requests: Sequence[AuthoriseRequest]) -> dict[UUID | None, StoppedSession]:
    ids = [found for request in requests if (found := _named_session(request)) is not None]
    if not ids:
        return {}
    return {
        id_: StoppedSession(uid, canonical_uid(parent or ""))
        for id_, uid, parent in rows(
            """SELECT s.id, s.token_uid, t.parent_uid FROM charging_session s
               LEFT JOIN drivers_token t ON t.organisation_id = s.organisation_id AND t.canonical_uid = s.token_uid
               WHERE s.id = ANY(%s)""",
            [ids],
        )
    }


def _named_session(request: AuthoriseRequest) -> UUID | None:
    if request.purpose != "stop" or request.transaction_id is None:
        return None
    return session_id(request.station_id, transaction_key(request.transaction_id))


def _note_refusals(
    requests: Sequence[AuthoriseRequest], owners: Sequence[Owner], found: Sequence[Decision], clock: Clock
) -> None:
    """Operators read why a card was refused. Unknown ones are seen by the worker, from the journal."""
    noted = {
        (owner, request.station_id, each.code): (each.reason[:300], _number(request.evse))
        for request, owner, each in zip(requests, owners, found, strict=True)
        if each.verdict is not TokenVerdict.ACCEPTED and each.code is not Reason.UNKNOWN
    }
    if not noted:
        return
    keys = sorted(noted)
    lines = [
        (uuid7(), *owner, station_id, code.value, *noted[owner, station_id, code]) for owner, station_id, code in keys
    ]
    now = clock.now()
    with transaction.atomic(), connection.cursor() as cursor:
        # The station waits for its answer: a note that a crash of the database may lose is worth no wait.
        cursor.execute("SET LOCAL synchronous_commit = off")
        cursor.execute(_NOTE, [now, now, *columns(lines, 7)])


def _number(evse: int | None) -> int | None:
    return evse if evse is not None and 0 < evse < 32_768 else None


_NOTE: Final = """
INSERT INTO charging_tokenrefusal AS r (first_at, last_at, count, id, organisation_id, canonical_uid, station_id, code,
                                        reason, evse)
SELECT %s, %s, 1, v.* FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::uuid[], %s::text[], %s::text[], %s::int2[])
    AS v (id, organisation_id, canonical_uid, station_id, code, reason, evse)
JOIN network_station st ON st.id = v.station_id
ON CONFLICT (organisation_id, canonical_uid, station_id, code) DO UPDATE
SET last_at = excluded.last_at, reason = excluded.reason, evse = excluded.evse, count = r.count + 1
"""
