"""Load: stations that ask as fast as they are answered, or at set times whatever happens."""

import gc
import select
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bench.lines import Line, LineBroken

_READ_BYTES = 65536


def _nothing() -> None:
    """Nobody measures at this end of the window."""


@dataclass(slots=True)
class Driven:
    """What a run of load saw: answers inside the measured window, and their latencies."""

    answers: int = 0
    seconds: float = 0.0
    latencies_ns: list[int] = field(default_factory=list)
    late_ns: int = 0  # how far the load itself fell behind its plan at worst

    @property
    def per_s(self) -> float:
        return self.answers / self.seconds

    def percentile_ms(self, percent: float) -> float:
        ordered = sorted(self.latencies_ns)
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))] / 1e6


def closed_loop(
    lines: Sequence[Line],
    warm_s: float,
    run_s: float,
    at_start: Callable[[], None] = _nothing,
    at_end: Callable[[], None] = _nothing,
) -> Driven:
    """Each station sends its next frame when the last one is answered; the window opens after the warm-up."""
    with _Poll(lines) as poll:
        for line in lines:
            _send(line)
        _answer_until(poll, time.perf_counter() + warm_s, Driven())
        at_start()
        run = Driven()
        begin = time.perf_counter()
        _answer_until(poll, begin + run_s, run)
        run.seconds = time.perf_counter() - begin
        at_end()
        _drain(poll, lines)
    return run


def open_loop(lines: Sequence[Line], per_s: float, warm_s: float, run_s: float) -> Driven:
    """Messages at fixed times round the stations; latency counts from the planned time, waiting included."""
    run = Driven()
    interval_ns = int(1e9 / per_s)
    planned = int((warm_s + run_s) * 1e9) // interval_ns
    waiting: dict[int, deque[int]] = {line.socket.fileno(): deque() for line in lines}
    with _Poll(lines) as poll:
        begin_ns = time.perf_counter_ns()
        warm_until_ns = begin_ns + int(warm_s * 1e9)
        sent = answered = 0
        while answered < planned:
            now_ns = time.perf_counter_ns()
            while sent < planned and (due_ns := begin_ns + sent * interval_ns) <= now_ns:
                line = lines[sent % len(lines)]
                queue = waiting[line.socket.fileno()]
                queue.append(due_ns)
                if len(queue) == 1:
                    _send(line)
                run.late_ns = max(run.late_ns, now_ns - due_ns)
                sent += 1
            for line, count in poll.answers(0.0 if sent < planned else 0.5):
                queue = waiting[line.socket.fileno()]
                for _ in range(count):
                    due_ns = queue.popleft()
                    answered += 1
                    if due_ns >= warm_until_ns:
                        run.latencies_ns.append(time.perf_counter_ns() - due_ns)
                if queue:
                    _send(line)
    run.answers, run.seconds = len(run.latencies_ns), run_s
    return run


class _Poll:
    """epoll over the lines, with Python's own garbage collector out of the way."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._epoll = select.epoll()
        self._by_number = {line.socket.fileno(): line for line in lines}

    def __enter__(self) -> "_Poll":
        gc.collect()
        gc.disable()
        for number, line in self._by_number.items():
            line.socket.setblocking(False)
            self._epoll.register(number, select.EPOLLIN)
        return self

    def __exit__(self, *_: object) -> None:
        for line in self._by_number.values():
            line.socket.settimeout(20)
        self._epoll.close()
        gc.enable()

    def answers(self, timeout_s: float) -> list[tuple[Line, int]]:
        """Lines that got answers, with how many."""
        found = []
        for number, _ in self._epoll.poll(timeout_s, 256):
            line = self._by_number[number]
            data = line.socket.recv(_READ_BYTES)
            if not data:
                raise LineBroken(f"{line.identity} was closed without a word")
            if _one_answer(data, line.is_station):
                found.append((line, 1))
                continue
            payloads = line.feed(data)
            for payload in payloads:
                if payload.startswith(b"[4"):
                    raise LineBroken(f"{line.identity} was answered {payload!r}")
            if payloads:
                found.append((line, len(payloads)))
        return found


def _one_answer(data: bytes, is_station: bool) -> bool:
    """The usual case, seen without taking the bytes apart: exactly one text frame, and a CALLRESULT."""
    size = data[1]
    if size < 126:
        return len(data) == size + 2 and data[0] == 0x81 and data[3] == 0x33
    return not is_station and size == 126 and len(data) == 4 + (data[2] << 8 | data[3])


def _send(line: Line) -> None:
    frame = next(line.frames)
    line.sent_at_ns = time.perf_counter_ns()
    if line.socket.send(frame) != len(frame):
        raise LineBroken(f"{line.identity}: the socket took only a part of a frame")


def _answer_until(poll: _Poll, until: float, run: Driven) -> None:
    latencies = run.latencies_ns
    while time.perf_counter() < until:
        for line, count in poll.answers(0.2):
            run.answers += count
            latencies.append(time.perf_counter_ns() - line.sent_at_ns)
            _send(line)


def _drain(poll: _Poll, lines: Sequence[Line]) -> None:
    """Take the one answer each station still waits for, so that the lines can be used again."""
    waiting = len(lines)
    deadline = time.perf_counter() + 20
    while waiting and time.perf_counter() < deadline:
        waiting -= sum(count for _, count in poll.answers(0.5))
    if waiting:
        raise LineBroken(f"{waiting} stations were never answered")
