"""Admission: every handshake is read, asked about at the desk, and ends as a link or as a refusal with a reason."""

import asyncio
import hashlib
import logging
from typing import TYPE_CHECKING, Any

from ohmstead.bus import subjects
from ohmstead.bus.client import Bus, BusUnavailable
from ohmstead.bus.messages import AdmitReply, AdmitRequest, DoorRefused
from ohmstead.gateway.doorman import Doorman
from ohmstead.gateway.link import Link
from ohmstead.gateway.settings import ADMITTED
from ohmstead.gateway.upgrade import Upgrade, UpgradeRefused, hashed

if TYPE_CHECKING:
    from ohmstead.gateway.switchboard import Switchboard

log = logging.getLogger(__name__)

_ASK_AGAIN_S = 0.2
_ONE_QUESTION_S = 4.0
_WRONG_PASSWORDS_WINDOW_S = 60.0
_MOST_REMEMBERED = 10_000


type _Guesser = tuple[str | None, str, str]  # organisation, identity, remote address


class Door:
    """Handshakes of one gateway: bounded in number, in rate and in questions at once."""

    def __init__(self, board: "Switchboard", bus: Bus) -> None:
        limits = board.settings.limits
        self.head_timeout_s, self.frame_bytes = limits.handshake_s, limits.frame_bytes
        self.open = True
        self._board, self._bus, self._limits = board, bus, limits
        self._inside: set[Doorman] = set()
        self._asking = asyncio.Semaphore(limits.admissions_at_once)
        self._next_turn = 0.0
        self._wrong: dict[_Guesser, tuple[float, int]] = {}

    @property
    def waiting(self) -> int:
        return len(self._inside)

    def arrived(self, doorman: Doorman) -> bool:
        """False when there is no room."""
        if not self.open or len(self._inside) >= self._limits.handshakes_waiting:
            return False
        if len(self._board.links) + len(self._inside) >= self._limits.connections:
            return False
        self._inside.add(doorman)
        return True

    def left(self, doorman: Doorman) -> None:
        self._inside.discard(doorman)

    def knock(self, doorman: Doorman, upgrade: Upgrade) -> None:
        self._board.counts.handshakes += 1
        if self._tried_too_often(_guesser(doorman, upgrade)):
            sentence = f"Too many wrong passwords for {upgrade.identity}. Wait a minute."
            self.refused(doorman, upgrade.organisation, upgrade.identity, UpgradeRefused(429, "too_many", sentence))
        else:
            self._board.own(self._admit(doorman, upgrade))

    def refused(
        self, doorman: Doorman, organisation: str | None, identity: str, why: UpgradeRefused, *, tell: bool = True
    ) -> None:
        """Say it to the station, to the log and, for the console, to the desk."""
        self._board.counts.refused += 1
        log.warning("Refused %r from %s: %s", identity, doorman.remote_address, why.sentence)
        if tell and identity:
            news = DoorRefused(
                identity=identity,
                organisation=organisation,
                gateway=self._board.settings.name,
                remote_address=doorman.remote_address,
                code=why.code,
                sentence=why.sentence,
                http_status=why.status,
            )
            self._board.own(self._bus.publish(subjects.DOOR_REFUSED, news))
        doorman.refuse(why.status, why.sentence)

    async def _admit(self, doorman: Doorman, upgrade: Upgrade) -> None:
        request = self._request(doorman, upgrade)
        await self._turn()
        reply = None
        if not doorman.gone:
            async with self._asking:
                reply = await self._ask(doorman, request)
        if doorman.gone:
            return
        if reply is None:
            doorman.refuse(503, "Nobody can decide about this station just now. Try again in a moment.")
            self._board.counts.refused += 1
        elif reply.admission in ADMITTED and reply.station_id is not None:
            self._let_in(doorman, upgrade, request, reply)
        else:
            if reply.http_status == 401:
                self._remember_wrong(_guesser(doorman, upgrade))
            status = reply.http_status if reply.http_status >= 400 else 403
            why = UpgradeRefused(status, "desk", reply.reason or "This station is not admitted.")
            self.refused(doorman, upgrade.organisation, upgrade.identity, why, tell=False)

    def _let_in(self, doorman: Doorman, upgrade: Upgrade, request: AdmitRequest, reply: AdmitReply) -> None:
        if not self.open:
            doorman.refuse(503, "This gateway is about to restart. Try again at once.")
            return
        self._wrong.pop(_guesser(doorman, upgrade), None)
        link = Link(
            self._board,
            reply,
            upgrade.dialect,
            remote_address=request.remote_address,
            security_profile=request.security_profile,
        )
        doorman.hand_over(link, upgrade)

    def _request(self, doorman: Doorman, upgrade: Upgrade) -> AdmitRequest:
        fingerprint, name = client_certificate(doorman.ssl_object)
        if fingerprint is not None:
            profile = 3
        elif doorman.secure:
            profile = 2
        else:
            profile = 0 if upgrade.password is None else 1
        return AdmitRequest(
            identity=upgrade.identity,
            organisation=upgrade.organisation,
            gateway=self._board.settings.name,
            remote_address=doorman.remote_address,
            subprotocol=upgrade.dialect.subprotocol,
            security_profile=profile,
            password_hash=hashed(upgrade, self._board.settings.secret_key),
            certificate_fingerprint=fingerprint,
            certificate_name=name,
        )

    async def _ask(self, doorman: Doorman, request: AdmitRequest) -> AdmitReply | None:
        """None when nobody answered in all the time we give."""
        loop = asyncio.get_running_loop()
        until = loop.time() + self._limits.admission_s
        while (left := until - loop.time()) > 0 and not doorman.gone:
            try:
                return await self._bus.request(subjects.ADMIT, request, AdmitReply, min(left, _ONE_QUESTION_S))
            except BusUnavailable:
                await asyncio.sleep(min(_ASK_AGAIN_S, left))
        return None

    async def _turn(self) -> None:
        """At most `handshakes_per_s`; the others wait their turn, in order."""
        now = asyncio.get_running_loop().time()
        self._next_turn = max(now - 1.0, self._next_turn) + 1 / self._limits.handshakes_per_s
        if self._next_turn > now:
            await asyncio.sleep(self._next_turn - now)

    def _tried_too_often(self, guesser: _Guesser) -> bool:
        since, count = self._wrong.get(guesser, (0.0, 0))
        now = self._board.clock.monotonic()
        return count >= self._limits.wrong_passwords and now - since < _WRONG_PASSWORDS_WINDOW_S

    def _remember_wrong(self, guesser: _Guesser) -> None:
        now = self._board.clock.monotonic()
        since, count = self._wrong.pop(guesser, (now, 0))
        if now - since >= _WRONG_PASSWORDS_WINDOW_S:
            since, count = now, 0
        self._wrong[guesser] = (since, count + 1)
        if len(self._wrong) > _MOST_REMEMBERED:
            del self._wrong[next(iter(self._wrong))]


def _guesser(doorman: Doorman, upgrade: Upgrade) -> _Guesser:
    """With the address, so that a stranger's guesses do not lock the station itself out."""
    return upgrade.organisation, upgrade.identity, doorman.remote_address


def client_certificate(ssl_object: Any) -> tuple[str | None, str | None]:
    """(SHA-256 in hex, common name) of the certificate a station showed; the listener has verified it."""
    der = ssl_object.getpeercert(True) if ssl_object is not None else None
    if not der:
        return None, None
    subject = dict(pair for part in ssl_object.getpeercert().get("subject", ()) for pair in part)
    return hashlib.sha256(der).hexdigest(), subject.get("commonName")
