"""One ear on the bus per process, many listeners: each holds what changed for it since it last looked."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Final
from uuid import UUID

import msgspec

from ohmstead.bus.client import Bus, Message

BEAT_S: Final = 0.1  # what is heard within it is told to everybody at once, so that they can share a rendering
_MOST_PENDING: Final = 5_000  # ids a listener may owe before it is told to reload
MOST_PER_USER: Final = 20


class TooManyStreams(Exception):
    """One person has more pages open than a person can look at."""


class _Ids(msgspec.Struct):
    ids: tuple[UUID, ...] = ()


@dataclass(slots=True)
class Changes:
    """Ids by topic; a set says a thing changed, however often it did.

    `turn` names the beat that told the last of them, 0 when none did: what was rendered for the same ids at the same
    turn is the same for everybody.
    """

    stations: set[UUID] = field(default_factory=set)
    sessions: set[UUID] = field(default_factory=set)
    commands: set[UUID] = field(default_factory=set)
    overflowed: bool = False
    turn: int = 0

    def __len__(self) -> int:
        return len(self.stations) + len(self.sessions) + len(self.commands)


class Listener:
    def __init__(self, organisation_id: UUID) -> None:
        self.organisation = organisation_id.hex
        self._pending = Changes()
        self._woken = asyncio.Event()

    def hear(self, topic: str, ids: tuple[UUID, ...], turn: int = 0) -> None:
        self._pending.turn = turn
        if topic == "stations":
            self._pending.stations.update(ids)
        elif topic == "sessions":
            self._pending.sessions.update(ids)
        elif topic == "commands":
            self._pending.commands.update(ids)
        if len(self._pending) > _MOST_PENDING:
            self._pending = Changes(overflowed=True)
        self._woken.set()

    async def changes(self, timeout_s: float) -> Changes | None:
        """Everything since the last call, as soon as there is something; None when nothing came in time."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._woken.wait()
        except TimeoutError:
            return None
        self._woken.clear()
        pending, self._pending = self._pending, Changes()
        return pending


class Hub:
    def __init__(self, nats_url: str) -> None:
        self._nats_url = nats_url
        self._bus = Bus("web")
        self._listeners: dict[str, set[Listener]] = {}
        self._connecting: asyncio.Task[None] | None = None
        self._heard_of: list[tuple[str, str, tuple[UUID, ...]]] = []  # organisation, topic, ids; since the last beat
        self._told_at = float("-inf")
        self._telling: asyncio.TimerHandle | None = None

    @contextmanager
    def listening(self, organisation_id: UUID, user_id: UUID) -> Iterator[Listener]:
        if is_full_for(user_id):
            raise TooManyStreams
        self._ensure_connected()
        listener = Listener(organisation_id)
        _streams[user_id] += 1
        self._listeners.setdefault(listener.organisation, set()).add(listener)
        try:
            yield listener
        finally:
            self._listeners[listener.organisation].discard(listener)
            _streams[user_id] -= 1

    def _ensure_connected(self) -> None:
        if self._connecting is None:
            self._connecting = asyncio.create_task(self._connect(), name="live hub")

    async def _connect(self) -> None:
        await self._bus.connect(self._nats_url)
        await self._bus.subscribe("ohm.live.>", self._heard)
        await self._bus.flush()

    async def connected(self) -> None:
        """Return when everything said from now on is heard."""
        self._ensure_connected()
        assert self._connecting is not None
        await asyncio.shield(self._connecting)

    async def close(self) -> None:
        if self._telling is not None:
            self._telling.cancel()
        if self._connecting is not None:
            self._connecting.cancel()
            await asyncio.gather(self._connecting, return_exceptions=True)
        if self._bus.connected:
            await self._bus.close()
        _hubs.pop(id(asyncio.get_running_loop()), None)

    async def _heard(self, message: Message) -> None:
        _, _, organisation, topic = message.subject.split(".", 3)
        if not self._listeners.get(organisation):
            return
        self._heard_of.append((organisation, topic, message.decode(_Ids).ids))
        if self._telling is None:
            loop = asyncio.get_running_loop()
            self._telling = loop.call_at(max(loop.time(), self._told_at + BEAT_S), self._tell)

    def _tell(self) -> None:
        """At once after a quiet while, otherwise on the beat."""
        heard, self._heard_of, self._telling = self._heard_of, [], None
        self._told_at = asyncio.get_running_loop().time()
        turn = next(_turns)
        for organisation, topic, ids in heard:
            for listener in self._listeners.get(organisation, ()):
                listener.hear(topic, ids, turn)


_turns = count(1)  # of this process: renderings are shared between its loops
_hubs: dict[int, Hub] = {}
_streams: Counter[UUID] = Counter()  # of this process, by who reads them


def is_full_for(user_id: UUID) -> bool:
    return _streams[user_id] >= MOST_PER_USER


def hub(nats_url: str) -> Hub:
    """The hub of the running loop."""
    return _hubs.setdefault(id(asyncio.get_running_loop()), Hub(nats_url))
