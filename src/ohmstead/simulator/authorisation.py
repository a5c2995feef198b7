"""Who may charge: the local list, the cache, the network, and what to do when nobody answers."""

from datetime import datetime
from typing import TYPE_CHECKING

from ohmstead.simulator.evse import Evse, Reservation
from ohmstead.simulator.outbox import CallFailed
from ohmstead.simulator.voice import Verdict
from ohmstead.station.tokens import PresentedToken, TokenKind

if TYPE_CHECKING:
    from ohmstead.simulator.station import Station

CACHE_MOST = 500
ALLOWED = Verdict(True, "Accepted")
REFUSED = Verdict(False, "Invalid")


def known_locally(station: "Station", token: PresentedToken, now: datetime) -> Verdict | None:
    """What the local list says, else what the cache remembers."""
    uid = token.canonical_uid
    if station.settings.on("local_list") and uid in station.local_list.entries:
        return _in_time(station.local_list.entries[uid], now)
    if station.settings.on("cache") and uid in station.cache:
        return _in_time(station.cache[uid], now)
    return None


def remember(station: "Station", token: PresentedToken, verdict: Verdict) -> None:
    """Keep what the network said; the oldest memory goes when the cache is full."""
    if not station.settings.on("cache"):
        return
    station.cache.pop(token.canonical_uid, None)
    station.cache[token.canonical_uid] = verdict
    if len(station.cache) > CACHE_MOST:
        del station.cache[next(iter(station.cache))]


async def authorise(station: "Station", token: PresentedToken, evse: Evse) -> Verdict:
    """The verdict for a token that was presented at the station."""
    if token.kind is TokenKind.NO_AUTHORIZATION:
        return ALLOWED
    known = known_locally(station, token, station.pace.now())
    if known and known.accepted and station.settings.on("pre_authorise"):
        return known
    if station.online:
        try:
            verdict = station.voice.verdict(await station.ask(station.voice.authorise(token, evse)))
        except CallFailed:
            return offline_verdict(station, known)
        remember(station, token, verdict)
        return verdict
    return offline_verdict(station, known)


def offline_verdict(station: "Station", known: Verdict | None) -> Verdict:
    """Known tokens may charge when local authorisation is on, unknown ones when the operator allows it."""
    if known is not None and station.settings.on("offline_known"):
        return known
    return ALLOWED if known is None and station.settings.on("offline_unknown") else REFUSED


def reserved_for(reservation: Reservation, token: PresentedToken, group_uid: str | None) -> bool:
    same = reservation.token_uid.casefold() == token.uid.casefold()
    return same or (group_uid is not None and reservation.group_uid == group_uid)


def _in_time(verdict: Verdict, now: datetime) -> Verdict:
    if verdict.accepted and verdict.until and verdict.until <= now:
        return Verdict(False, "Expired", verdict.group_uid, verdict.until)
    return verdict
