"""The desk's question, answered in sets: may these tokens do this now?"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from ohmstead.bus.messages import AuthoriseReply, AuthoriseRequest
from ohmstead.charging.held import session_id, transaction_key
from ohmstead.charging.rules.authorise import Asked, KnownToken, RunningSession, StoppedSession, decision
from ohmstead.charging.staging import rows
from ohmstead.kit.clock import Clock, SystemClock
from ohmstead.station.tokens import canonical_uid

type _Owner = tuple[UUID, str]  # organisation, canonical uid

_SYSTEM_CLOCK: Final = SystemClock()


def decide(requests: Sequence[AuthoriseRequest], clock: Clock = _SYSTEM_CLOCK) -> list[AuthoriseReply]:
    """One reply for each request, in order; three statements, however many there are."""
    owners = [(request.organisation_id, canonical_uid(request.uid)) for request in requests]
    tokens = _tokens(owners)
    running = _running(owners)
    stopped = _stopped(requests)
    now = clock.now()
    replies = []
    for request, owner in zip(requests, owners, strict=True):
        found = decision(
            Asked(owner[1], request.kind, request.purpose, request.station_id, request.transaction_id, request.evse),
            tokens.get(owner),
            running.get(owner, ()),
            stopped.get(_named_session(request)),
            now,
        )
        replies.append(
            AuthoriseReply(verdict=found.verdict, reason=found.reason, until=found.until, parent_uid=found.parent_uid)
        )
    return replies


def _tokens(owners: Sequence[_Owner]) -> dict[_Owner, KnownToken]:
    found = rows(
        """SELECT t.organisation_id, t.canonical_uid, t.status, t.valid_from, t.valid_to, t.parent_uid
           FROM (SELECT DISTINCT * FROM unnest(%s::uuid[], %s::text[])) AS w(organisation_id, uid)
           JOIN drivers_token t ON t.organisation_id = w.organisation_id AND t.canonical_uid = w.uid""",
        _columns(owners),
    )
    return {
        (organisation_id, uid): KnownToken(uid, status, valid_from, valid_to, parent)
        for organisation_id, uid, status, valid_from, valid_to, parent in found
    }


def _running(owners: Sequence[_Owner]) -> dict[_Owner, list[RunningSession]]:
    sessions: dict[_Owner, list[RunningSession]] = {}
    for organisation_id, uid, station_id, transaction_id, evse in rows(
        """SELECT s.organisation_id, s.token_uid, s.station_id, s.transaction_id, s.evse
           FROM (SELECT DISTINCT * FROM unnest(%s::uuid[], %s::text[])) AS w(organisation_id, uid)
           JOIN charging_session s ON s.organisation_id = w.organisation_id AND s.token_uid = w.uid
               AND s.state = 'running'
           WHERE w.uid <> '' AND NOT EXISTS (
               SELECT FROM network_evse e
               WHERE e.station_id = s.station_id AND e.number = s.evse AND e.state = 'faulted')""",
        _columns(owners),
    ):
        sessions.setdefault((organisation_id, uid), []).append(RunningSession(station_id, transaction_id, evse))
    return sessions


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


def _columns(owners: Sequence[_Owner]) -> list[list[object]]:
    return [[owner[0] for owner in owners], [owner[1] for owner in owners]]
