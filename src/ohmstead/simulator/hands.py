"""The hands of whoever controls the simulated stations: performs the verbs, by request or on schedule."""

import asyncio
from collections.abc import Callable
from typing import Any

from ohmstead.bus.client import Bus, Message
from ohmstead.simulator import sessions
from ohmstead.simulator.car import CAR_BY_NAME, Car
from ohmstead.simulator.control import SUBJECT, Argument, ControlRefused, ControlReply, ControlRequest, checked
from ohmstead.simulator.evse import Evse, Fault, Trigger
from ohmstead.simulator.fleet import CannotAdd, Fleet
from ohmstead.simulator.manners import WORKS, Manners
from ohmstead.simulator.station import Station
from ohmstead.station.identity import InvalidIdentity, station_identity
from ohmstead.station.states import StopReason
from ohmstead.station.tokens import PresentedToken, TokenKind

type Args = dict[str, Argument]

CARD_AFTER_PLUG_S = 5.0
MOST_LISTED = 2_000


async def serve(fleet: Fleet, bus: Bus) -> None:
    """Answer requests on the bus until cancelled."""

    async def heard(message: Message) -> None:
        request = message.decode(ControlRequest)
        await message.respond(perform(fleet, request))

    await bus.subscribe(SUBJECT, heard)
    await asyncio.get_running_loop().create_future()


def perform(fleet: Fleet, request: ControlRequest) -> ControlReply:
    """Do it at every station the identity fits; what cannot be done is said, not raised."""
    try:
        checked(request.identity, request.verb, request.args)
    except ControlRefused as refusal:
        return ControlReply(done=False, sentence=str(refusal))
    if request.verb == "add":
        return _add(fleet, request)
    stations = fleet.matching(request.identity)
    if request.verb == "list":
        shown = [described(station) for station in stations[:MOST_LISTED]]
        return ControlReply(done=True, sentence=f"{len(stations)} stations.", stations=shown)
    if not stations:
        return ControlReply(done=False, sentence=f"No simulated station is called {request.identity}.")
    done, refusals = 0, []
    for station in stations:
        try:
            ACTIONS[request.verb](station, request.args)
            done += 1
        except (sessions.Impossible, ControlRefused) as refusal:
            refusals.append(f"{station.identity}: {refusal}")
    sentence = " ".join(refusals[:5]) or f"{request.verb}: done at {done} station{'s' if done > 1 else ''}."
    return ControlReply(done=not refusals, sentence=sentence)


def _add(fleet: Fleet, request: ControlRequest) -> ControlReply:
    try:
        station_identity(request.identity)
        fleet.add(request.identity, str(request.args["organisation"]), str(request.args.get("ocpp", "1.6")))
    except (InvalidIdentity, CannotAdd) as refusal:
        return ControlReply(done=False, sentence=str(refusal))
    return ControlReply(done=True, sentence=f"{request.identity} is put up.")


def described(station: Station) -> dict[str, Any]:
    return {
        "identity": station.identity,
        "ocpp": station.voice.dialect.subprotocol.removeprefix("ocpp"),
        "vendor": station.nameplate.vendor,
        "model": station.nameplate.model,
        "firmware": station.firmware,
        "online": station.online,
        "refused": station.link.last_refusal,
        "waiting_messages": len(station.outbox.stored),
        "evses": [_described_evse(evse) for evse in station.evses],
    }


def _described_evse(evse: Evse) -> dict[str, Any]:
    shown: dict[str, Any] = {"number": evse.number, "state": str(evse.state), "register_wh": evse.meter.register_wh}
    if evse.car:
        shown |= {"car": evse.car.model.name, "soc_percent": round(evse.car.soc * 100, 1)}
    if evse.session:
        token = evse.session.token
        shown |= {
            "session": evse.session.key,
            "token": token.uid if token else None,
            "energy_wh": evse.meter.register_wh - evse.session.begin_wh,
            "power_w": round(evse.meter.flow.power_w),
        }
    if evse.fault:
        shown["fault"] = evse.fault.code
    return shown


def _evse(station: Station, args: Args) -> Evse:
    try:
        number = int(args.get("evse", 1))
    except ValueError:
        raise ControlRefused("evse is a number.") from None
    evse = station.evse(number)
    if evse is None:
        raise ControlRefused(f"There is no EVSE {number}; this station has {len(station.evses)}.")
    return evse


def _number(args: Args, name: str) -> float | None:
    try:
        return float(args[name]) if name in args else None
    except ValueError:
        raise ControlRefused(f"{name} is a number.") from None


def plug(station: Station, args: Args) -> None:
    evse = _evse(station, args)
    name = str(args.get("car", "saloon" if evse.outlet.dc_power_w else "hatchback"))
    if name not in CAR_BY_NAME:
        raise ControlRefused(f"{name!r} is not a car; there are {', '.join(CAR_BY_NAME)}.")
    soc = _number(args, "soc")
    share = station.random.uniform(0.2, 0.5) if soc is None else min(100.0, max(0.0, soc)) / 100
    sessions.plug(station, evse, Car(CAR_BY_NAME[name], share, mac_address="02005E00FFFF"))
    if args.get("card"):
        station.spawn(_present(station, evse, _token(args), wait_s=CARD_AFTER_PLUG_S))


def unplug(station: Station, args: Args) -> None:
    sessions.unplug(station, _evse(station, args))


def card(station: Station, args: Args) -> None:
    evse = _evse(station, args)
    if evse.fault:
        raise sessions.Impossible(f"EVSE {evse.number} is faulted.")
    station.spawn(_present(station, evse, _token(args)))


async def _present(station: Station, evse: Evse, token: PresentedToken, wait_s: float = 0.0) -> None:
    await station.pace.wait(wait_s)
    try:
        verdict = await sessions.present(station, evse, token)
        station.note(f"card {token.uid} at EVSE {evse.number}: {verdict.status}")
    except sessions.Impossible as impossible:
        station.note(f"card {token.uid} at EVSE {evse.number}: {impossible}")


def _token(args: Args) -> PresentedToken:
    try:
        return PresentedToken(str(args["card"]), TokenKind(str(args.get("kind", "rfid"))))
    except ValueError:
        raise ControlRefused(f"{args['kind']!r} is not a kind of token.") from None


def stop(station: Station, args: Args) -> None:
    evse = _evse(station, args)
    if not evse.session:
        raise sessions.Impossible(f"No session runs at EVSE {evse.number}.")
    sessions.stop(station, evse, StopReason.DRIVER, Trigger.STOP_AUTHORISED)


def emergency(station: Station, args: Args) -> None:
    evse = _evse(station, args)
    sessions.end(station, evse, StopReason.EMERGENCY_STOP, Trigger.FAULT)
    sessions.fail(station, evse, Fault("OtherError", "emergency stop pressed", "EMERGENCY"))


def fault(station: Station, args: Args) -> None:
    code, info = str(args.get("code", "GroundFailure")), str(args.get("info", ""))
    sessions.fail(station, _evse(station, args), Fault(code, info, str(args.get("vendor_code", ""))))


def repair(station: Station, args: Args) -> None:
    sessions.repair(station, _evse(station, args))


def offline(station: Station, args: Args) -> None:
    for_s = _number(args, "for_s")
    station.link.go_offline()
    if for_s is not None:
        station.after("offline", for_s, station.link.come_online)


def online(station: Station, args: Args) -> None:
    station.cancel_timer("offline")
    station.link.come_online()


def reboot(station: Station, args: Args) -> None:
    for evse in station.evses:
        if evse.session:
            sessions.end(station, evse, StopReason.REBOOT, Trigger.RESET)
    station.reboot("LocalReset")


def power_cut(station: Station, args: Args) -> None:
    forget = str(args.get("forget", "")).lower() in ("true", "1", "yes")

    def back() -> None:
        for evse in station.evses:
            if forget:
                evse.session, evse.finishing = None, evse.car is not None
            elif evse.session:
                sessions.end(station, evse, StopReason.POWER_LOSS, Trigger.FAULT)

    station.lose_power(back)


def refuse(station: Station, args: Args) -> None:
    station.manners.refuse(str(args["action"]), str(args.get("why", "")))


def ignore(station: Station, args: Args) -> None:
    station.manners.ignore(str(args["action"]))


def spoil(station: Station, args: Args) -> None:
    work = str(args["work"])
    if work not in WORKS:
        raise ControlRefused(f"{work!r} cannot be spoilt; there are {', '.join(WORKS)}.")
    station.manners.spoilt.add(work)


def obey(station: Station, args: Args) -> None:
    station.manners = Manners()


def tilt(station: Station, args: Args) -> None:
    info = str(args.get("info", "cover opened"))
    station.say(station.voice.security_event("TamperDetectionActivated", station.pace.now(), info))


ACTIONS: dict[str, Callable[[Station, Args], None]] = {
    "plug": plug,
    "unplug": unplug,
    "card": card,
    "stop": stop,
    "emergency": emergency,
    "fault": fault,
    "repair": repair,
    "offline": offline,
    "online": online,
    "reboot": reboot,
    "power_cut": power_cut,
    "refuse": refuse,
    "ignore": ignore,
    "spoil": spoil,
    "obey": obey,
    "tilt": tilt,
}
