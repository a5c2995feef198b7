"""May this token do this now? One function, one answer, one reason."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from ohmstead.station.tokens import TokenKind, TokenVerdict, canonical_uid


class KnownToken(msgspec.Struct, frozen=True):
    uid: str  # canonical
    status: str  # drivers.models.TokenStatus
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    parent_uid: str = ""  # as entered: stations hear this spelling


class RunningSession(msgspec.Struct, frozen=True):
    station_id: UUID
    transaction_id: str
    evse: int | None = None


class StoppedSession(msgspec.Struct, frozen=True):
    """The session a stop is about."""

    token_uid: str  # canonical, as is the parent
    parent_uid: str = ""


class Asked(msgspec.Struct, frozen=True):
    uid: str  # canonical
    kind: TokenKind
    purpose: str  # authorise, start, stop
    station_id: UUID
    transaction_id: str | None = None
    evse: int | None = None


class Decision(msgspec.Struct, frozen=True):
    """`reason` is for the operator, `says` for the driver; `until` bounds how long an acceptance may be remembered."""

    verdict: TokenVerdict
    reason: str
    says: str
    until: datetime | None = None
    parent_uid: str | None = None


def decision(
    asked: Asked,
    token: KnownToken | None,
    running: Sequence[RunningSession],
    stopped: StoppedSession | None,
    now: datetime,
) -> Decision:
    """`running` are the sessions this token has anywhere; `stopped` the one a stop names."""
    if asked.kind is TokenKind.NO_AUTHORIZATION:
        return Decision(TokenVerdict.ACCEPTED, "The station charges without asking for a token.", "You may charge.")
    may_stop = _may_stop(asked, token, running, stopped)
    if may_stop is not None:
        return _accepted(token, may_stop, "Your session ends.")
    refusal = _refusal(token, now)
    if refusal is not None:
        return refusal
    if asked.purpose == "start":
        elsewhere = [session for session in running if not _is_over_by(asked, session)]
        if elsewhere:
            # OCPP 1.6 and 2.0.1 know ConcurrentTx for a start only, never for Authorize.
            return Decision(
                TokenVerdict.CONCURRENT_TX,
                f"The token already has a running session (transaction {elsewhere[0].transaction_id}).",
                "This card is charging already. Stop that session first.",
            )
    return _accepted(token, "The token is valid.", "You may charge.")


def _is_over_by(start: Asked, session: RunningSession) -> bool:
    """The same start said again, or one on that session's plug: a plug has one at a time, so its stop was lost."""
    if session.station_id != start.station_id:
        return False
    return session.transaction_id == start.transaction_id or (start.evse is not None and session.evse == start.evse)


def _may_stop(
    asked: Asked, token: KnownToken | None, running: Sequence[RunningSession], stopped: StoppedSession | None
) -> str | None:
    """Why this token may end a session, whatever has become of the token since; None: it ends none."""
    if asked.purpose == "stop" and stopped is not None:
        if asked.uid == stopped.token_uid:
            return "The token started this session, so it may stop it."
        if token is not None and _same_group(token, stopped):
            return "The token belongs to the group that started this session, so it may stop it."
    if asked.purpose == "authorise" and any(session.station_id == asked.station_id for session in running):
        return "The token has a running session at this station, so it may stop it."
    return None


def _same_group(token: KnownToken, stopped: StoppedSession) -> bool:
    groups = {stopped.token_uid, stopped.parent_uid} - {""}
    return canonical_uid(token.parent_uid) in groups or token.uid == stopped.parent_uid != ""


def _refusal(token: KnownToken | None, now: datetime) -> Decision | None:
    if token is None:
        return Decision(TokenVerdict.UNKNOWN, "No such token in this organisation.", "This card is not known here.")
    if token.status == "blocked":
        return Decision(TokenVerdict.BLOCKED, "The token is blocked.", "This card is blocked.")
    if token.status == "expired" or (token.valid_to is not None and token.valid_to <= now):
        return Decision(TokenVerdict.EXPIRED, "The token has expired.", "This card has expired.")
    if token.valid_from is not None and token.valid_from > now:
        return Decision(
            TokenVerdict.NOT_AT_THIS_TIME,
            f"The token is valid from {token.valid_from:%Y-%m-%d %H:%M} UTC on.",
            "This card is not valid yet.",
        )
    return None


def _accepted(token: KnownToken | None, reason: str, says: str) -> Decision:
    return Decision(
        TokenVerdict.ACCEPTED,
        reason,
        says,
        until=token.valid_to if token is not None else None,
        parent_uid=(token.parent_uid or None) if token is not None else None,
    )
