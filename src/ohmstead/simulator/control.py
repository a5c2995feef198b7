"""Control by hand: the verbs, and the question on the bus that carries them to a running simulator."""

from dataclasses import dataclass
from typing import Any, Final

import msgspec

from ohmstead.bus.client import Bus, BusUnavailable

SUBJECT: Final = "ohm.simulator.control"
TIMEOUT_S: Final = 5.0

type Argument = str | int | float | bool


class ControlRequest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`identity` may contain * and ? to mean several stations; `list` takes "*"."""

    identity: str
    verb: str
    args: dict[str, Argument] = {}


class ControlReply(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`sentence` is for a person; `stations` is the answer to `list`."""

    done: bool
    sentence: str
    stations: list[dict[str, Any]] = []


@dataclass(frozen=True, slots=True)
class Verb:
    """`takes` names the arguments with one line of help each; those in `needs` must be given."""

    name: str
    help: str
    takes: dict[str, str]
    needs: tuple[str, ...] = ()


EVSE = "number of the EVSE (1.6: connector), counted from 1; 1 if left out"
_ALL: Final = (
    Verb("list", "Show the stations: connection, plugs, cars, sessions.", {}),
    Verb(
        "plug",
        "A driver plugs a car in, and presents a card if one is given.",
        {
            "evse": EVSE,
            "card": "number of the card to present after plugging in",
            "car": "city, hatchback, saloon, estate, van or plug-in hybrid",
            "soc": "how full the battery is, in percent",
        },
    ),
    Verb("unplug", "The driver takes the plug out; a running session ends.", {"evse": EVSE}),
    Verb(
        "card",
        "Present a card: starts a session, or stops the one it started.",
        {"evse": EVSE, "card": "number of the card", "kind": "rfid (if left out), emaid, mac_address, keycode"},
        ("card",),
    ),
    Verb("stop", "Press the stop button at the station.", {"evse": EVSE}),
    Verb("emergency", "Emergency stop: the session ends, the EVSE is faulted until repaired.", {"evse": EVSE}),
    Verb(
        "fault",
        "Something breaks; a running session ends with its last reading.",
        {
            "evse": EVSE,
            "code": "OCPP 1.6 error code; GroundFailure if left out",
            "info": "the station's own words",
            "vendor_code": "the maker's own code",
        },
    ),
    Verb("repair", "The fault is gone.", {"evse": EVSE}),
    Verb(
        "offline",
        "Pull the network cable; sessions go on and their messages wait.",
        {"for_s": "come back after so many seconds of real time"},
    ),
    Verb("online", "Put the network cable back.", {}),
    Verb("reboot", "Restart; running sessions end with reason Reboot.", {}),
    Verb(
        "power_cut",
        "The power goes and comes back; sessions end with reason PowerLoss after the restart.",
        {"forget": "true: the station remembers nothing of its sessions"},
    ),
    Verb(
        "add",
        "Put up one more station under this identity, as if somebody had just mounted it.",
        {"organisation": "short name of the organisation it connects to", "ocpp": "1.6 (if left out), 2.0.1 or 2.1"},
        ("organisation",),
    ),
    Verb(
        "refuse",
        "Say no to one kind of message until told to obey.",
        {"action": "name of the message, such as Reset or RequestStartTransaction", "why": "the station's own words"},
        ("action",),
    ),
    Verb(
        "ignore",
        "Leave one kind of message without an answer until told to obey.",
        {"action": "name of the message, such as Reset or RequestStartTransaction"},
        ("action",),
    ),
    Verb(
        "spoil",
        "The next work of this kind is begun and fails.",
        {"work": "firmware (its download breaks off) or log (it cannot be sent)"},
        ("work",),
    ),
    Verb("obey", "Answer every message as usual again; nothing is spoilt any more.", {}),
    Verb("tilt", "Send a security event, as a tampering contact would.", {"info": "the station's own words"}),
)  # fmt: skip
VERBS: Final = {verb.name: verb for verb in _ALL}


class ControlRefused(Exception):
    """No such verb or argument, or no simulator runs; the message is a sentence for a person."""


def checked(identity: str, verb: str, args: dict[str, Argument]) -> ControlRequest:
    """The request, if the verb and its arguments exist; raises ControlRefused."""
    known = VERBS.get(verb)
    if known is None:
        raise ControlRefused(f"{verb!r} is not a verb; there are {', '.join(VERBS)}.")
    for name in args:
        if name not in known.takes:
            raise ControlRefused(f"{verb} takes no {name!r}; it takes {', '.join(known.takes) or 'nothing'}.")
    for name in known.needs:
        if not args.get(name):
            raise ControlRefused(f"{verb} needs {name}: {known.takes[name]}.")
    return ControlRequest(identity=identity, verb=verb, args=args)


async def send(bus: Bus, identity: str, verb: str, args: dict[str, Argument] | None = None) -> ControlReply:
    """Ask the simulator that runs on this bus; raises ControlRefused when none does."""
    request = checked(identity, verb, {name: value for name, value in (args or {}).items() if value not in ("", None)})
    try:
        return await bus.request(SUBJECT, request, ControlReply, TIMEOUT_S)
    except BusUnavailable as error:
        raise ControlRefused(f"No simulator answers: {error}") from error


async def send_once(nats_url: str, identity: str, verb: str, args: dict[str, Argument] | None = None) -> ControlReply:
    """As `send`, with a connection of its own: for a command line."""
    bus = await Bus("simulator control").connect(nats_url)
    try:
        return await send(bus, identity, verb, args)
    finally:
        await bus.close()
