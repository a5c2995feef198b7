"""How a session runs at a station: plug, token, current, end. Dialects only word what happens here."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ohmstead.kit.ids import uuid7
from ohmstead.simulator.authorisation import authorise, remember, reserved_for
from ohmstead.simulator.car import Car
from ohmstead.simulator.evse import Evse, Fault, Pending, Session, Trigger
from ohmstead.simulator.outbox import CallFailed, Outgoing
from ohmstead.simulator.profiles import Limit, Purpose, Situation, limit_at
from ohmstead.simulator.voice import Moment, Payload, Verdict
from ohmstead.station.readings import ReadingContext
from ohmstead.station.states import ChargingState, PlugState, StopReason
from ohmstead.station.tokens import PresentedToken

if TYPE_CHECKING:
    from ohmstead.simulator.station import Station


class Impossible(Exception):
    """What was asked for cannot be done here now; the message is a sentence for a person."""


def plug(station: "Station", evse: Evse, car: Car) -> None:
    """A driver puts the plug into the car."""
    if evse.car:
        raise Impossible(f"A car is already plugged in at EVSE {evse.number}.")
    evse.car, evse.finishing = car, False
    pending, evse.pending = evse.pending, None
    if evse.session:  # begun before the car came, or paused by an unplugged cable
        move(station, evse, ChargingState.CONNECTED, Trigger.PLUGGED)
    elif "EVConnected" in station.settings.items("start_point") and evse.state is PlugState.PREPARING:
        _begin(station, evse, Trigger.PLUGGED)
    if pending:
        station.cancel_timer(f"pending {evse.number}")
        allow(station, evse, pending.token, pending.group_uid, remote_start_id=pending.remote_start_id)
    station.tell_status(evse)


def unplug(station: "Station", evse: Evse) -> Car:
    """The driver takes the plug out; a running session ends unless the station is told to wait for the cable."""
    if not evse.car:
        raise Impossible(f"No car is plugged in at EVSE {evse.number}.")
    car, evse.car = evse.car, None
    evse.meter.rest()
    session = evse.session
    if session and session.ended_by:
        end(station, evse, session.ended_by, Trigger.UNPLUGGED)
    elif session and (not session.authorised or station.settings.on("stop_on_unplug")):
        end(station, evse, StopReason.CAR_UNPLUGGED, Trigger.UNPLUGGED)
    elif session:
        move(station, evse, ChargingState.SUSPENDED_CAR, Trigger.UNPLUGGED)
    evse.finishing = False
    _close_if_told(evse)
    station.tell_status(evse)
    return car


async def present(station: "Station", evse: Evse, token: PresentedToken) -> Verdict:
    """A card on the reader, or a car that names itself: start here, or stop what this token started."""
    session = evse.session
    if session and session.authorised and session.token:
        verdict = await _stop_verdict(station, evse, session, token)
        if verdict.accepted and evse.session is session:
            stop(station, evse, StopReason.DRIVER, Trigger.STOP_AUTHORISED, token)
        return verdict
    if evse.fault or not (evse.operative and station.operative):
        raise Impossible(f"EVSE {evse.number} is out of service.")
    verdict = await authorise(station, token, evse)
    if verdict.accepted and evse.reservation and not reserved_for(evse.reservation, token, verdict.group_uid):
        return Verdict(False, "Reserved")
    if verdict.accepted and not (evse.session and evse.session.authorised):
        allow(station, evse, token, verdict.group_uid)
    return verdict


async def _stop_verdict(station: "Station", evse: Evse, session: Session, token: PresentedToken) -> Verdict:
    if session.token and session.token.canonical_uid == token.canonical_uid:
        return Verdict(True, "Accepted")
    verdict = await authorise(station, token, evse)
    same_group = verdict.group_uid is not None and verdict.group_uid == session.group_uid
    return verdict if same_group else Verdict(False, "Busy")


def allow(
    station: "Station",
    evse: Evse,
    token: PresentedToken,
    group_uid: str | None = None,
    *,
    remote_start_id: int | None = None,
) -> None:
    """The token may charge here: from the next step if a car is plugged in, else as soon as one is."""
    remote = remote_start_id is not None
    trigger = Trigger.REMOTE_START if remote else Trigger.AUTHORISED
    begins_without_car = "Authorized" in station.settings.items("start_point")
    if not evse.car and not evse.session and not begins_without_car:
        evse.pending = Pending(token, group_uid, remote_start_id)
        _wait_for_car(station, evse)
        station.tell_status(evse)
        return
    session = evse.session
    fresh = session is None
    if session is None:
        session = _new_session(station, evse)
    session.token, session.group_uid, session.authorised = token, group_uid, True
    session.remote_start_id = remote_start_id
    if evse.reservation and reserved_for(evse.reservation, token, group_uid):
        session.reservation_id, evse.reservation = evse.reservation.reservation_id, None
    session.token_told = True
    _tell(station, evse, "began" if fresh else "moved", trigger)
    if not evse.car:
        _wait_for_car(station, evse)
    station.tell_status(evse)


def stop(
    station: "Station", evse: Evse, reason: StopReason, trigger: Trigger, token: PresentedToken | None = None
) -> None:
    """End the session, or with a stop point at the plug only, let it wait until the car leaves."""
    session = evse.session
    if not session:
        return
    evse.meter.rest()
    if station.settings.items("stop_point") == ["EVConnected"] and evse.car and not session.ended_by:
        session.ended_by, session.authorised, session.state = reason, False, ChargingState.CONNECTED
        _tell(station, evse, "moved", trigger, token=token)
        station.tell_status(evse)
        return
    end(station, evse, reason, trigger, token)


def end(
    station: "Station", evse: Evse, reason: StopReason, trigger: Trigger, token: PresentedToken | None = None
) -> None:
    session = evse.session
    if not session:
        return
    evse.meter.rest()
    session.state = ChargingState.CONNECTED if evse.car else ChargingState.IDLE
    _tell(station, evse, "ended", trigger, reason=reason, token=token)
    evse.session, evse.finishing = None, evse.car is not None
    _forget_session_profiles(station, evse, session)
    _close_if_told(evse)
    station.note(f"session at EVSE {evse.number} ended: {reason}")
    station.tell_status(evse)
    station.session_ended()


def fail(station: "Station", evse: Evse, fault: Fault) -> None:
    """Something breaks: the session ends with its last reading, the EVSE shows the fault."""
    evse.pending, evse.fault = None, fault
    if evse.session:
        end(station, evse, StopReason.FAULT, Trigger.FAULT)
    station.note(f"fault at EVSE {evse.number}: {fault.code} {fault.info}")
    station.tell_status(evse)


def repair(station: "Station", evse: Evse) -> None:
    evse.fault = None
    station.tell_status(evse)


def flow(station: "Station", evse: Evse, behaviour_s: float) -> None:
    """Let `behaviour_s` seconds of current flow, and tell what changed."""
    session = evse.session
    if not session or session.ended_by:
        return
    state = evse.charge(_limit(station, evse), behaviour_s)
    if state is not session.state:
        move(station, evse, state, Trigger.STATE)
    if behaviour_s and session.authorised:
        _sample_if_due(station, evse, session)


def move(station: "Station", evse: Evse, state: ChargingState, trigger: Trigger) -> None:
    session = evse.session
    if session:
        session.state = state
        _tell(station, evse, "moved", trigger)
    station.tell_status(evse)


def moment(
    station: "Station",
    evse: Evse,
    kind: str,
    trigger: Trigger,
    reason: StopReason | None = None,
    token: PresentedToken | None = None,
) -> Moment:
    contexts = {"began": ReadingContext.BEGIN, "ended": ReadingContext.END, "sampled": ReadingContext.PERIODIC}
    context = contexts.get(kind, ReadingContext.OTHER)
    if trigger in (Trigger.CLOCK, Trigger.ASKED):
        context = ReadingContext.CLOCK if trigger is Trigger.CLOCK else ReadingContext.TRIGGER
    at = station.pace.now()
    sample = evse.meter.sample(evse.car.soc if evse.car and evse.outlet.dc_power_w is not None else None)
    signed = station.signed(evse, kind, sample.register_wh, at) if kind in ("began", "ended") else None
    return Moment(kind, trigger, at, sample, context, not station.online, reason, token, signed)


def sample_now(station: "Station", evse: Evse, trigger: Trigger) -> None:
    """A reading outside the rhythm: on the clock, or because the network asked."""
    if evse.session:
        _tell(station, evse, "sampled", trigger)
    else:
        station.say(station.voice.meter_values(station, evse, moment(station, evse, "sampled", trigger)))


def sample_all(station: "Station", chosen: Sequence[Evse], trigger: Trigger) -> None:
    for evse in chosen:
        sample_now(station, evse, trigger)


def tell_running(station: "Station", chosen: Sequence[Evse]) -> None:
    """What a transaction's state is now, because the network asked."""
    for evse in chosen:
        _tell(station, evse, "sampled", Trigger.ASKED)


# inside


def _new_session(station: "Station", evse: Evse) -> Session:
    state = ChargingState.CONNECTED if evse.car else ChargingState.IDLE
    session = Session(str(uuid7()), station.pace.now(), evse.meter.register_wh, state=state)
    session.next_sample_at = station.pace.clock.monotonic() + station.settings.seconds("meter_interval_s")
    evse.session, evse.finishing = session, False
    return session


def _begin(station: "Station", evse: Evse, trigger: Trigger) -> None:
    _new_session(station, evse)
    _tell(station, evse, "began", trigger)


def _tell(
    station: "Station",
    evse: Evse,
    kind: str,
    trigger: Trigger,
    *,
    reason: StopReason | None = None,
    token: PresentedToken | None = None,
) -> None:
    session = evse.session
    if not session:
        return
    said = station.voice.transaction(station, evse, session, moment(station, evse, kind, trigger, reason, token))
    if not said:
        return

    def answered(result: Payload | None, failure: CallFailed | None) -> None:
        if result is not None:
            _heed(station, evse, session, station.voice.transaction_answer(session, said.action, result))

    def fill(payload: Payload) -> Payload:
        return station.voice.fill(session, payload)

    station.store(Outgoing(said.action, said.payload, answered, fill, may_drop=kind == "sampled"))


def _heed(station: "Station", evse: Evse, session: Session, verdict: Verdict | None) -> None:
    """The network may disagree with a session that already runs."""
    if verdict is None:
        return
    if session.token:
        remember(station, session.token, verdict)
    still_here = evse.session is session and session.authorised and not session.ended_by
    if not verdict.accepted and still_here and station.settings.on("stop_on_invalid"):
        stop(station, evse, StopReason.DEAUTHORISED, Trigger.DEAUTHORISED)


def _limit(station: "Station", evse: Evse) -> Limit | None:
    if not station.profiles or not evse.session:
        return None
    session = evse.session
    mine = [
        p
        for p in station.profiles
        if p.purpose is not Purpose.TX or p.transaction_id in (None, session.key, str(session.transaction_id))
    ]
    where = Situation(evse.number, evse.outlet.phases, session.began_at)
    return limit_at(mine, station.pace.now(), where)


def _sample_if_due(station: "Station", evse: Evse, session: Session) -> None:
    interval_s = station.settings.seconds("meter_interval_s")
    now = station.pace.clock.monotonic()
    if interval_s and now >= session.next_sample_at:
        session.next_sample_at = max(session.next_sample_at + interval_s, now)
        _tell(station, evse, "sampled", Trigger.PERIODIC)


def _wait_for_car(station: "Station", evse: Evse) -> None:
    real_s = station.pace.real_s(station.settings.seconds("car_timeout_s"))
    station.after(f"pending {evse.number}", real_s, lambda: _no_car_came(station, evse))


def _no_car_came(station: "Station", evse: Evse) -> None:
    evse.pending = None
    if evse.session and not evse.car:
        end(station, evse, StopReason.TIMEOUT, Trigger.CAR_TIMEOUT)
    station.tell_status(evse)


def _close_if_told(evse: Evse) -> None:
    if evse.closes_after_session:
        evse.operative, evse.closes_after_session = False, False


def _forget_session_profiles(station: "Station", evse: Evse, session: Session) -> None:
    station.profiles = [p for p in station.profiles if p.purpose is not Purpose.TX or p.evse != evse.number]
