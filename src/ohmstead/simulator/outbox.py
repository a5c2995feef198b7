"""What a station has to say: calls for now, and transaction messages that outlive a lost connection."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

MOST_DIRECT = 200
MOST_STORED = 2_000


class CallFailed(Exception):
    """A call without a result: CALLERROR code, "Timeout", or "Offline"."""

    def __init__(self, code: str, text: str = "") -> None:
        super().__init__(f"{code}: {text}" if text else code)
        self.code = code


type Done = Callable[[dict[str, Any] | None, CallFailed | None], None]


@dataclass(slots=True)
class Outgoing:
    """One call; `fill` completes the payload just before it leaves, when ids are known that were not before."""

    action: str
    payload: dict[str, Any]
    done: Done | None = None
    fill: Callable[[dict[str, Any]], dict[str, Any]] | None = None
    before_boot: bool = False
    may_drop: bool = False  # a stored meter sample between the first and the last message
    attempts: int = 0
    body: dict[str, Any] = field(default_factory=dict)  # as it left


@dataclass(slots=True)
class Outbox:
    """Direct calls go first; stored ones keep their order and stay until answered.

    When the store is full the oldest sample in the middle of a transaction goes, never a start or an end
    (OCPP 2.0.1 E04). When the direct queue is full the oldest call goes and fails as "Offline".
    """

    direct: deque[Outgoing] = field(default_factory=deque)
    stored: deque[Outgoing] = field(default_factory=deque)
    dropped: int = 0
    paused: bool = False  # the network refused the first stored one; it is tried again after a while

    def say(self, call: Outgoing) -> None:
        if len(self.direct) >= MOST_DIRECT:
            self._fail(self.direct.popleft())
        self.direct.append(call)

    def store(self, call: Outgoing) -> None:
        if len(self.stored) >= MOST_STORED:
            self._make_room()
        self.stored.append(call)

    def next(self, *, booted: bool) -> Outgoing | None:
        """The call to send now; a direct one leaves the box, a stored one stays until `answered`."""
        for call in self.direct:
            if booted or call.before_boot:
                self.direct.remove(call)
                return call
        return self.stored[0] if booted and self.stored and not self.paused else None

    def answered(self, call: Outgoing) -> None:
        if self.stored and self.stored[0] is call:
            self.stored.popleft()

    def give_up_direct(self) -> None:
        """The link is gone: what was meant for this moment is no longer true."""
        while self.direct:
            self._fail(self.direct.popleft())

    def _make_room(self) -> None:
        for place, call in enumerate(self.stored):
            if place and call.may_drop:  # the first may be on its way
                del self.stored[place]
                self.dropped += 1
                return

    def _fail(self, call: Outgoing) -> None:
        self.dropped += 1
        if call.done:
            call.done(None, CallFailed("Offline"))
