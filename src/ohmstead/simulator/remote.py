"""What the network may ask of a station, in neutral words; dialects translate the question and the answer."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from ohmstead.simulator import sessions
from ohmstead.simulator.evse import Evse, Reservation, Session, Trigger
from ohmstead.simulator.voice import Verdict
from ohmstead.station.states import PlugState, StopReason
from ohmstead.station.tokens import PresentedToken

if TYPE_CHECKING:
    from ohmstead.simulator.station import Station


def start(station: "Station", token: PresentedToken, evse: Evse | None, remote_start_id: int) -> Session | bool:
    """Begin a session from afar; gives the session that waits there already, else whether it can be done."""
    chosen = evse or _free_evse(station)
    if chosen is None or not startable(station, chosen):
        return False
    reservation = chosen.reservation
    if reservation and not sessions.reserved_for(reservation, token, None):
        return False
    waiting = chosen.session

    async def begin() -> None:
        if not startable(station, chosen):
            return
        if station.settings.on("authorise_remote"):
            verdict = await sessions.authorise(station, token, chosen)
            if not verdict.accepted:
                return
        sessions.allow(station, chosen, token, remote_start_id=remote_start_id)

    station.spawn(begin())
    return waiting or True


def startable(station: "Station", evse: Evse) -> bool:
    if evse.fault or not evse.operative or not station.operative or evse.pending:
        return False
    return not (evse.session and (evse.session.authorised or evse.session.ended_by))


def stop(station: "Station", fits: Callable[[Session], bool]) -> bool:
    running = (e for e in station.evses if e.session and fits(e.session) and not e.session.ended_by)
    evse = next(running, None)
    if evse is None:
        return False
    station.soon(lambda: sessions.stop(station, evse, StopReason.REMOTE, Trigger.REMOTE_STOP))
    return True


def change_availability(station: "Station", evse: Evse | None, operative: bool) -> str:
    """Accepted, or Scheduled while a session still runs there."""
    chosen = [evse] if evse else station.evses
    busy = False
    for each in chosen:
        if not operative and each.session:
            each.closes_after_session, busy = True, True
        else:
            each.operative, each.closes_after_session = operative, False
    if evse is None:
        station.operative = operative or busy
    station.soon(lambda: _announce(station, chosen, whole=evse is None))
    return "Scheduled" if busy else "Accepted"


def unlock(station: "Station", evse: Evse) -> bool:
    """Release the plug; an authorised session must be stopped first, or by this, as the dialect has it."""
    station.soon(lambda: sessions.unplug(station, evse) if evse.car else None)
    return True


def reset(station: "Station", *, hard: bool, when_idle: bool = False, reason: str) -> str:
    """Restart now, ending what runs, or when the last session has ended."""
    if when_idle and any(evse.session for evse in station.evses):
        station.when_idle = lambda: station.reboot(reason)
        return "Scheduled"
    because = StopReason.HARD_RESET if hard else StopReason.SOFT_RESET

    def restart() -> None:
        for evse in station.evses:
            if evse.session:
                sessions.end(station, evse, because, Trigger.RESET)
        station.reboot(reason)

    station.soon(restart)
    return "Accepted"


def reserve(
    station: "Station", number: int, reservation_id: int, token_uid: str, group_uid: str | None, until: datetime
) -> str:
    """Accepted, Occupied, Faulted or Unavailable; the same id replaces its reservation."""
    for each in station.evses:
        if each.reservation and each.reservation.reservation_id == reservation_id:
            each.reservation = None
    evse = station.evse(number) if number else next((e for e in station.evses if e.state == "available"), None)
    if evse is None or evse.state is not PlugState.AVAILABLE:
        state = evse.state if evse else PlugState.OCCUPIED
        words = {PlugState.FAULTED: "Faulted", PlugState.UNAVAILABLE: "Unavailable"}
        return words.get(state, "Occupied")
    evse.reservation = Reservation(reservation_id, token_uid, group_uid, until)
    left_s = max(0.0, (until - station.pace.now()).total_seconds())
    station.after(f"reservation {reservation_id}", left_s, lambda: _expire(station, reservation_id))
    station.soon(lambda: station.tell_status(evse))
    return "Accepted"


def cancel_reservation(station: "Station", reservation_id: int) -> bool:
    evse = next((e for e in station.evses if e.reservation and e.reservation.reservation_id == reservation_id), None)
    if evse is None:
        return False
    evse.reservation = None
    station.cancel_timer(f"reservation {reservation_id}")
    station.soon(lambda: station.tell_status(evse))
    return True


def update_list(station: "Station", version: int, entries: dict[str, Verdict | None], *, full: bool) -> str:
    """Accepted, VersionMismatch or Failed; in a differential update None removes an entry."""
    held = station.local_list
    if not station.settings.on("local_list"):
        return "Failed"
    if not full and version <= held.version:
        return "VersionMismatch"
    kept = {} if full else dict(held.entries)
    for uid, verdict in entries.items():
        if verdict is None:
            kept.pop(uid, None)
        else:
            kept[uid] = verdict
    if len(kept) > station.settings.number("local_list_most"):
        return "Failed"
    held.entries, held.version = kept, version
    return "Accepted"


def _free_evse(station: "Station") -> Evse | None:
    ready = [evse for evse in station.evses if startable(station, evse)]
    return next((evse for evse in ready if evse.car), next(iter(ready), None))


def _announce(station: "Station", chosen: list[Evse], *, whole: bool) -> None:
    if whole and station.voice.dialect == 16:
        station.tell_status()
    for evse in chosen:
        station.tell_status(evse)


def _expire(station: "Station", reservation_id: int) -> None:
    if cancel_reservation(station, reservation_id):
        said = station.voice.reservation_over(reservation_id, "Expired")
        if said:
            station.say(said)
