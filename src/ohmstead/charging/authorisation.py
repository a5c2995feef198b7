"""May these tokens do this now? Asked by the desk for stations, and by app and API before they start anything."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final
from uuid import UUID

import msgspec
from django.db import connection, transaction

from ohmstead.bus.messages import AuthoriseReply, AuthoriseRequest
from ohmstead.charging.authorise_reads import Owner, columns, read_facts
from ohmstead.charging.held import session_id, transaction_key
from ohmstead.charging.recent_starts import RecentStarts
from ohmstead.charging.rules.authorise import Decision, decision
from ohmstead.charging.rules.authorise_facts import ANYWHERE, Asked, Origin, RoamingAnswer, RunningSession
from ohmstead.charging.rules.reasons import SENTENCES, VERDICTS, Reason
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
    requests: Sequence[AuthoriseRequest],
    clock: Clock = _SYSTEM_CLOCK,
    roaming: Roaming = no_partners,
    recent: RecentStarts | None = None,
) -> list[AuthoriseReply]:
    """One reply for each request, in order; the number of statements does not depend on how many there are.

    `recent` remembers from call to call which starts were accepted.
    """
    return [
        AuthoriseReply(verdict=found.verdict, reason=found.reason, until=found.until, parent_uid=found.parent_uid)
        for found in decisions(requests, clock, roaming, recent=recent)
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
    recent: RecentStarts | None = None,
) -> list[Decision]:
    now = clock.now()
    recent = recent if recent is not None else RecentStarts()
    owners = [(request.organisation_id, canonical_uid(request.uid)) for request in requests]
    presented = [(*owner, request.station_id) for owner, request in zip(owners, requests, strict=True)]
    recent.forget_folded(owners, now)
    facts = read_facts(presented, [id_ for each in requests if (id_ := _named_session(each)) is not None], now)
    partners = roaming([owner for owner in owners if owner not in facts.tokens])
    found = []
    for request, owner, seen in zip(requests, owners, presented, strict=True):
        place = facts.places.get(request.station_id, ANYWHERE)
        decided = decision(
            _asked(request, owner[1], origin),
            facts.tokens.get(owner),
            [*facts.running.get(owner, ()), *(recent.of(owner) if request.purpose == "start" else ())],
            facts.stopped.get(_named_session(request)),
            now,
            msgspec.structs.replace(place, tries=facts.tries[seen]) if seen in facts.tries else place,
            partners.get(owner),
        )
        if request.purpose == "start" and request.transaction_id and decided.verdict is TokenVerdict.ACCEPTED:
            recent.add(owner, RunningSession(request.station_id, request.transaction_id, request.evse), now)
        found.append(decided)
    if origin is Origin.STATION:
        _note_refusals(requests, owners, found, clock)
    return found


def _asked(request: AuthoriseRequest, uid: str, origin: Origin) -> Asked:
    return Asked(uid, request.kind, request.purpose, request.station_id, request.transaction_id, request.evse, origin)


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


def note_certificate_refused(
    organisation_id: UUID, station_id: UUID, contract: str, why: str, clock: Clock = _SYSTEM_CLOCK
) -> None:
    """A contract whose certificates were not accepted, for the operator to read like any other refusal."""
    request = AuthoriseRequest(
        organisation_id=organisation_id,
        station_id=station_id,
        uid=contract,
        kind=TokenKind.EMAID,
        purpose="authorise",
    )
    reason, says = SENTENCES[Reason.CERTIFICATE]
    refused = Decision(
        VERDICTS[Reason.CERTIFICATE], Reason.CERTIFICATE, reason.replace("{detail}", why.rstrip(".")), says
    )
    _note_refusals([request], [(organisation_id, canonical_uid(contract))], [refused], clock)


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
