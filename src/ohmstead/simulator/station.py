"""A charging station: boots, stays in touch, tells its states, and keeps what it must not lose."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterable
from datetime import datetime
from random import Random

from ohmstead.simulator.chores import Chores
from ohmstead.simulator.evse import Evse
from ohmstead.simulator.link import Backoff, CallRefused, Door, Link
from ohmstead.simulator.manners import Manners
from ohmstead.simulator.meter import Meter
from ohmstead.simulator.nameplate import LocalList, Nameplate
from ohmstead.simulator.ocmf import SignedReading, SignedText, Signer, signer_of
from ohmstead.simulator.outbox import CallFailed, Outbox, Outgoing
from ohmstead.simulator.pace import Pace
from ohmstead.simulator.profiles import ChargingProfile
from ohmstead.simulator.security import Keys
from ohmstead.simulator.settings import Settings
from ohmstead.simulator.stamps import stamp
from ohmstead.simulator.voice import Payload, Said, Verdict, Voice
from ohmstead.wire.dialect import Dialect

log = logging.getLogger(__name__)

REBOOT_S = 25.0
RESTART_GRACE_S = 0.5  # real time: the answer and the last transaction messages leave first
FIRST_BOOT_RETRY_S = 5.0
JOURNAL_LINES = 40


class Station(Chores):
    """The state every dialect shares. A link owns the socket, a voice the words, this the truth."""

    def __init__(
        self,
        identity: str,
        nameplate: Nameplate,
        voice: Voice,
        door: Callable[["Station"], Door],
        pace: Pace,
        seed: int | str,
        keys: Keys,
    ) -> None:
        super().__init__(identity)
        self.identity = identity
        self.nameplate = nameplate
        self.firmware = nameplate.firmware
        self.keys = keys
        self.voice = voice
        self.pace = pace
        self.random = Random(f"{seed}:{identity}")
        self.evses = _evses(nameplate, Random(f"{seed}:{identity}:noise"))
        self.settings = Settings()
        self.settings.put("connectors", str(len(self.evses)))
        self.profiles: list[ChargingProfile] = []
        self.local_list = LocalList()
        self.cache: dict[str, Verdict] = {}
        self.certificates: dict[str, str] = {}  # PEM, and what it is for
        self.messages: dict[int, Payload] = {}  # for the display
        self.manners = Manners()
        self.operative = True
        self.powered = True
        self.outbox = Outbox()
        self.booted = False
        self.boot_reason = "PowerUp"
        self.next_clock_at: float | None = None
        self.firmware_status = self.log_status = "Idle"
        self.when_idle: Callable[[], None] | None = None
        self.when_booted: Callable[[], None] | None = None
        self.remember: Callable[[], None] = _forget
        self.journal: deque[str] = deque(maxlen=JOURNAL_LINES)
        self.habit: Callable[[str, Payload], Payload] | None = None  # a vendor's bad habits
        self.link = Link(identity, lambda: door(self), self, Backoff(Random(f"{seed}:{identity}:backoff")))
        self._seed = seed
        self._signer: Signer | None = None
        self._pages = 0
        self._all_told: asyncio.Event | None = None
        self._boot_wanted = True

    # life

    async def run(self) -> None:
        """Live until cancelled."""
        try:
            await self.link.run()
        finally:
            self.end_chores()

    async def told_everything(self) -> None:
        """Wait until the last stored message is acknowledged; at once when the network is away."""
        if self.online and self.outbox.stored:
            self._all_told = asyncio.Event()
            await self._all_told.wait()

    @property
    def online(self) -> bool:
        return self.link.up and self.booted

    def evse(self, number: int) -> Evse | None:
        return self.evses[number - 1] if 0 < number <= len(self.evses) else None

    def when_idle_do(self, then: Callable[[], None]) -> None:
        """Now if no session runs, else when the last one has ended."""
        if any(evse.session for evse in self.evses):
            self.when_idle = then
        else:
            then()

    def session_ended(self) -> None:
        self.remember()
        if self.when_idle and not any(evse.session for evse in self.evses):
            then, self.when_idle = self.when_idle, None
            self.soon(then)

    def note(self, line: str) -> None:
        """A line for the station's own log, which the network may ask for."""
        self.journal.append(f"{self.pace.now().isoformat(timespec='seconds')} {line}")

    def align_clock(self) -> None:
        """Set the next clock-aligned reading: intervals count from midnight UTC."""
        interval_s = self.settings.seconds("clock_interval_s")
        wait_s = interval_s - self.pace.now().timestamp() % interval_s if interval_s else 0.0
        self.next_clock_at = self.pace.clock.monotonic() + wait_s if interval_s else None

    def signed(self, evse: Evse, kind: str, register_wh: int, at: datetime) -> SignedText | None:
        """The reading with the meter's signature, from models that have a calibrated meter."""
        if not self.nameplate.signed:
            return None
        if self._signer is None:
            self._signer = signer_of(self._seed, self.identity, f"M{self.nameplate.serial}")
        self._pages += 1
        token = evse.session.token if evse.session else None
        reading = SignedReading(self._pages, kind, at, register_wh, token.uid if token else None)
        return SignedText(self._signer.sign(reading), self._signer.public_key_hex)

    # speaking

    def say(self, said: Said, done: Callable[[Payload | None, CallFailed | None], None] | None = None) -> None:
        """A call for now; dropped when the link is down, since by then it would no longer be true."""
        if not self.link.up:
            if done:
                done(None, CallFailed("Offline"))
            return
        self.outbox.say(Outgoing(said.action, said.payload, done, before_boot=said.action == "BootNotification"))
        self.link.advance()

    async def ask(self, said: Said) -> Payload:
        """A call whose answer matters; raises CallFailed."""
        answer: asyncio.Future[Payload] = asyncio.get_running_loop().create_future()

        def done(result: Payload | None, failure: CallFailed | None) -> None:
            if answer.done():
                return
            if failure:
                answer.set_exception(failure)
            else:
                answer.set_result(result or {})

        self.say(said, done)
        return await answer

    def say_payload(self, action: str, payload: Payload) -> None:
        self.say(Said(action, payload))

    def stamp(self) -> str:
        return stamp(self.pace.now())

    def store(self, call: Outgoing) -> None:
        """A transaction message: kept until the network acknowledges it, in order."""
        self.outbox.store(call)
        self.link.advance()

    def tell_status(self, evse: Evse | None = None, *, always: bool = False) -> None:
        """Announce the state of one EVSE if it changed since last said."""
        if evse is None:
            self.say(self.voice.status(self, None))
        elif (always or evse.state != evse.said) and self.online:
            evse.said = evse.state
            self.say(self.voice.status(self, evse))

    def tell_some(self, evses: Iterable[Evse]) -> None:
        for evse in evses:
            self.tell_status(evse, always=True)

    # the link speaks

    def link_up(self) -> None:
        self.outbox.paused = False
        if self._boot_wanted:
            self._boot()
        elif self.booted:
            self._in_touch()

    def link_down(self) -> None:
        self.outbox.give_up_direct()
        self.cancel_timer("heartbeat")
        for evse in self.evses:
            evse.said = None

    def next_call(self) -> Outgoing | None:
        call = self.outbox.next(booted=self.booted)
        if call:
            body = call.fill(call.payload) if call.fill else call.payload
            call.body = self.habit(call.action, body) if self.habit else body
        return call

    def call_ended(self, call: Outgoing, result: Payload | None, failure: CallFailed | None) -> None:
        stored = bool(self.outbox.stored) and self.outbox.stored[0] is call
        if stored and not self._settle_stored(call, failure):
            return
        if call.done:
            call.done(result, failure)

    def asked(self, action: str, payload: Payload) -> Payload:
        handler = self.voice.handlers.get(action)
        if handler is None:
            raise CallRefused("NotImplemented", f"{action} is unknown here")
        refusal = self.manners.answer(action, self.voice.dialect)
        if refusal is not None:
            return refusal
        try:
            return handler(self, payload)
        except (KeyError, TypeError, ValueError, AttributeError) as wrong:  # a field is missing or of the wrong kind
            log.info("%s cannot read %s: %r", self.identity, action, wrong)
            code = "FormationViolation" if self.voice.dialect is Dialect.V16 else "FormatViolation"
            raise CallRefused(code, f"{type(wrong).__name__}: {wrong}"[:255]) from wrong

    # inside

    def _settle_stored(self, call: Outgoing, failure: CallFailed | None) -> bool:
        """A stored message leaves when acknowledged, or refused as often as the settings allow."""
        refused = failure is not None and failure.code not in ("Offline", "Timeout")
        if failure is not None and (not refused or call.attempts < self.settings.number("message_attempts")):
            self.outbox.paused = self.link.up
            self.after("retry", self.settings.seconds("retry_s") * call.attempts, self._resume)
            return False
        self.outbox.answered(call)
        if self._all_told and not self.outbox.stored:
            self._all_told.set()
        return True

    def _resume(self) -> None:
        self.outbox.paused = False
        self.link.advance()

    def boot_again(self) -> None:
        """BootNotification because the network asked; an accepted station stays accepted meanwhile."""
        self.say(self.voice.boot(self, "Triggered"), self._boot_answered)

    def _boot(self) -> None:
        self.booted = False
        self.say(self.voice.boot(self, self.boot_reason), self._boot_answered)

    def _boot_answered(self, result: Payload | None, failure: CallFailed | None) -> None:
        if result is None:
            if self.link.up:
                self.after("boot", FIRST_BOOT_RETRY_S, self._boot)
            return
        answer = self.voice.boot_answer(result)
        if answer.status != "Accepted":
            self.after("boot", max(1, answer.interval_s), self._boot)
            return
        self._boot_wanted, self.booted = False, True
        if answer.interval_s > 0:
            self.settings.put("heartbeat_s", str(answer.interval_s))
        self._in_touch()
        if self.when_booted:
            then, self.when_booted = self.when_booted, None
            then()

    def _in_touch(self) -> None:
        self.link.backoff.reset()
        if self.voice.dialect is Dialect.V16:
            self.tell_status()
        self.tell_some(self.evses)
        self.beat_later()
        self.link.advance()

    def beat_later(self) -> None:
        self.after("heartbeat", self.settings.seconds("heartbeat_s"), self._beat)

    def _beat(self) -> None:
        if self.online:
            self.say(self.voice.heartbeat())
        self.beat_later()

    # restarts

    def reboot(self, reason: str, *, then: Callable[[], None] | None = None) -> None:
        """Go away, lose what lives in memory only, and boot again with this reason."""
        self.note(f"restart: {reason}")
        self._boot_wanted, self.boot_reason = True, reason
        self.after("reboot", RESTART_GRACE_S, lambda: self._go_dark(then))

    def lose_power(self, then: Callable[[], None]) -> None:
        """Dead at once, without a word; `then` runs when the power is back, before the boot."""
        self.booted, self._boot_wanted, self.boot_reason = False, True, "PowerUp"
        self.outbox.give_up_direct()
        for evse in self.evses:
            evse.meter.rest()
        self.powered = False
        self.link.go_offline()

        def back() -> None:
            self.powered = True
            then()
            self.link.come_online()

        self.after("reboot", self.pace.real_s(REBOOT_S), back)

    def _go_dark(self, then: Callable[[], None] | None) -> None:
        self.booted = False
        self.outbox.give_up_direct()
        self.link.go_offline(graceful=True)

        def back() -> None:
            if then:
                then()
            self.link.come_online()

        self.after("reboot", self.pace.real_s(REBOOT_S), back)


def _evses(nameplate: Nameplate, noise: Random) -> list[Evse]:
    """Meters begin somewhere in their first ten megawatt-hours."""
    return [
        Evse(
            number,
            outlet,
            Meter(noise, outlet.phases, outlet.dc_power_w is not None, noise.randrange(10_000_000_000)),
        )
        for number, outlet in enumerate(nameplate.outlets, start=1)
    ]


def _forget() -> None:
    """A station without a folder starts anew each time."""
