"""May this token do this now? One function, one answer, one reason."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from ohmstead.charging.rules.authorise_facts import (
    ANYWHERE,
    Asked,
    GroupRights,
    Held,
    KnownToken,
    Origin,
    Place,
    RoamingAnswer,
    RunningSession,
    StoppedSession,
    Used,
)
from ohmstead.charging.rules.reasons import SENTENCES, VERDICTS, Reason
from ohmstead.station.tokens import TokenKind, TokenVerdict, canonical_uid

MOST_TRIES: Final = 12  # of one card at one station within a minute
_OUT_OF_SERVICE: Final = {"faulted": "faulted", "unavailable": "out of service"}
_IN_USE: Final = ("charging", "suspended_car", "suspended_station")


class Decision(msgspec.Struct, frozen=True):
    """`reason` is for the operator, `says` for the driver; `until` bounds how long an acceptance may be remembered."""

    verdict: TokenVerdict
    code: Reason
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
    place: Place = ANYWHERE,
    roaming: RoamingAnswer | None = None,
) -> Decision:
    """`running` are the sessions this token has anywhere; `stopped` the one a stop names."""
    if asked.kind is TokenKind.NO_AUTHORIZATION:
        return _said(Reason.NO_TOKEN_ASKED)
    why = _may_stop(asked, token, running, stopped)
    if why is not None:
        return _said(Reason.MAY_STOP, why, token)
    if token is not None and token.master:
        return _master(asked, token)
    if place.tries >= MOST_TRIES:
        return _said(Reason.TOO_OFTEN, str(place.tries + 1))
    if token is None and roaming is not None and not place.free_vend:
        return _roaming(roaming, asked, place, now)
    refused = _token_refused(token, now, place) or _place_refused(asked, token, place, now)
    if refused is None and token is not None and not place.free_vend:
        refused = _means_refused(asked, token, place)
    if refused is None and asked.purpose == "start":
        refused = _concurrent(asked, token, running, place)
    if refused is not None:
        return refused
    return _said(Reason.VALID if token is not None and token.status == "valid" else Reason.FREE_VEND, "", token)


def _master(asked: Asked, token: KnownToken) -> Decision:
    """The station hears its group and knows it for a master pass; blocked ones are no longer one."""
    if token.status != "valid":
        return _said(Reason.BLOCKED, _because(token))
    if asked.purpose == "start":
        return _said(Reason.MASTER_STARTS_NOTHING)
    return _said(Reason.MASTER, "", token)


def _roaming(roaming: RoamingAnswer, asked: Asked, place: Place, now: datetime) -> Decision:
    if not roaming.accepted:
        return _said(Reason.ROAMING_REFUSED, roaming.says)
    refused = _place_refused(asked, None, place, now)
    if refused is not None:
        return refused
    accepted = _said(Reason.ROAMING, roaming.says)
    return msgspec.structs.replace(accepted, parent_uid=roaming.parent_uid or None)


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


def _token_refused(token: KnownToken | None, now: datetime, place: Place) -> Decision | None:
    """By its own state. Where everybody charges only a blocked token is kept out."""
    if token is not None and token.status == "blocked":
        return _said(Reason.BLOCKED, _because(token))
    if place.free_vend:
        return None
    if token is None:
        return _said(Reason.UNKNOWN)
    if token.status == "ordered":
        return _said(Reason.NOT_ACTIVATED)
    if token.status == "expired" or (token.valid_to is not None and token.valid_to <= now):
        return _said(Reason.EXPIRED)
    if token.valid_from is not None and token.valid_from > now:
        return _said(Reason.NOT_YET_VALID, f"{token.valid_from:%Y-%m-%d %H:%M}")
    return None


def _because(token: KnownToken) -> str:
    return f": {token.blocked_because.rstrip('.')}" if token.blocked_because else ""


def _place_refused(asked: Asked, token: KnownToken | None, place: Place, now: datetime) -> Decision | None:
    """By where it is; a stop that is not the token's own to give is judged by the token alone."""
    if asked.purpose == "stop":
        return None
    groups = token.groups if token is not None else ()
    if place.groups and not place.free_vend and not any(group.ids & place.groups for group in groups):
        return _said(Reason.WRONG_SITE)
    if place.private and not place.free_vend and (token is None or token.guest):
        return _said(Reason.PRIVATE_SITE)
    if not place.open:
        return _said(Reason.SITE_CLOSED)
    if asked.origin is Origin.APP and not place.online:
        return _said(Reason.STATION_AWAY)
    out_of_service = _OUT_OF_SERVICE.get(place.evses.get(asked.evse or 0, ""))
    if asked.origin is Origin.APP and out_of_service:
        return _said(Reason.PLUG_OUT_OF_SERVICE, out_of_service)
    held = _held_for_another(asked, token, place)
    return _said(Reason.RESERVED, f"{held.until:%H:%M} UTC") if held is not None else None


def _held_for_another(asked: Asked, token: KnownToken | None, place: Place) -> Held | None:
    """On the plug that was named, or on each one that is left when none was."""
    uids = {asked.uid, canonical_uid(token.parent_uid)} - {""} if token is not None else {asked.uid}
    others = {held.evse: held for held in place.held if not held.uids & uids}
    mine = {held.evse for held in place.held if held.uids & uids}
    whole = others.get(None)
    if asked.evse:
        return None if asked.evse in mine else others.get(asked.evse) or whole
    if whole is not None or not others or mine:
        return whole
    left = [number for number, state in place.evses.items() if state not in (*_IN_USE, *_OUT_OF_SERVICE)]
    return next(iter(others.values())) if left and all(number in others for number in left) else None


def _means_refused(asked: Asked, token: KnownToken, place: Place) -> Decision | None:
    """By what the driver may still use. The most generous of the groups that open this site counts."""
    if asked.purpose == "stop":
        return None
    if not token.may_pay:
        return _said(Reason.NO_PAYMENT)
    groups = [group for group in token.groups if not place.groups or group.ids & place.groups]
    used_up = [_used_up(group, token.used, asked) for group in groups]
    if not used_up or None in used_up:
        return None
    reason, group_name = next(each for each in used_up if each is not None)
    return _said(reason, group_name)


def _used_up(group: GroupRights, used: Used, asked: Asked) -> tuple[Reason, str] | None:
    running = sum(1 for session in used.running if not _is_over_by(asked, session))
    checks = (
        (Reason.ENERGY_LIMIT, group.energy_wh, used.energy_wh),
        (Reason.MONEY_LIMIT, group.money, used.money),
        (Reason.SESSIONS_LIMIT, group.sessions, used.sessions),
        (Reason.TIME_LIMIT, group.minutes, used.minutes),
        (Reason.AT_ONCE_LIMIT, group.at_once if asked.purpose == "start" else None, running),
    )
    for reason, limit, so_far in checks:
        if limit is not None and so_far >= limit:
            return reason, group.name
    return None


def _concurrent(
    asked: Asked, token: KnownToken | None, running: Sequence[RunningSession], place: Place
) -> Decision | None:
    """OCPP 1.6 and 2.0.1 know ConcurrentTx for a start only, never for Authorize."""
    if token is None or place.free_vend:
        return None
    elsewhere = [session for session in running if not _is_over_by(asked, session)]
    return _said(Reason.CONCURRENT, elsewhere[0].transaction_id) if elsewhere else None


def _is_over_by(start: Asked, session: RunningSession) -> bool:
    """The same start said again, or one on that session's plug: a plug has one at a time, so its stop was lost."""
    if session.station_id != start.station_id:
        return False
    return session.transaction_id == start.transaction_id or (start.evse is not None and session.evse == start.evse)


def _said(code: Reason, detail: str = "", token: KnownToken | None = None) -> Decision:
    """`token` goes with an acceptance only."""
    reason, says = SENTENCES[code]
    return Decision(
        VERDICTS.get(code, TokenVerdict.ACCEPTED),
        code,
        reason.replace("{detail}", detail),
        says,
        until=token.valid_to if token is not None else None,
        parent_uid=(token.parent_uid or None) if token is not None else None,
    )
