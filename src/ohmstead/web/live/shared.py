"""One rendering for all who look at the same thing at the same time."""

import threading
import time
from collections.abc import Callable, Iterable
from typing import Final

_MOST_KEYS: Final = 1_000


def of_one_turn(shared: "Shared", turn: int, key: Iterable[object], make: Callable[[], str]) -> str:
    """What all who heard the same at the same beat of the hub may show; nothing is shared without a beat."""
    return shared.get(" ".join(map(str, (turn, *key))), make) if turn else make()


class Shared:
    """The first who asks makes it, the others wait for that; it stays good for `fresh_s` seconds."""

    def __init__(self, fresh_s: float) -> None:
        self._fresh_s = fresh_s
        self._made: dict[str, tuple[float, str]] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, key: str, make: Callable[[], str]) -> str:
        with self._lock:
            if len(self._locks) > _MOST_KEYS:
                self._made.clear()
                self._locks.clear()
            lock = self._locks.setdefault(key, threading.Lock())
        with lock:
            made_at, text = self._made.get(key, (float("-inf"), ""))
            if time.monotonic() - made_at > self._fresh_s:
                text = make()
                self._made[key] = (time.monotonic(), text)
            return text
