"""Our calls to one station: one outstanding, the rest in a bounded queue, every one ends."""

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Final

import msgspec

from ohmstead import wire
from ohmstead.bus.messages import CallReply
from ohmstead.journal.entry import EntryKind
from ohmstead.kit.ids import uuid7
from ohmstead.station.commands import AnyCommand, TriggerMessage
from ohmstead.station.commands.operations import masked
from ohmstead.wire.frames import CallError, CallResult

if TYPE_CHECKING:
    from ohmstead.gateway.link import Link

_LATE_KEPT: Final = 16  # calls that timed out, remembered to know their late answers
HIDDEN: Final = "[hidden]"


class OurCall:
    """A call on its way; `journaled` is the frame without secrets."""

    __slots__ = ("action", "deadline", "frame", "future", "journaled", "message_id", "timer")

    def __init__(self, link: "Link", command: AnyCommand, timeout_s: float, message_id: str | None = None) -> None:
        loop = asyncio.get_running_loop()
        self.message_id = message_id or str(uuid7())
        self.action, self.frame = wire.write_command(link.dialect, command, message_id=self.message_id)
        self.journaled = self.frame
        shown = masked(command, HIDDEN)
        if shown != msgspec.to_builtins(command):
            hidden = msgspec.convert(shown, type(command))
            _, self.journaled = wire.write_command(link.dialect, hidden, message_id=self.message_id)
        self.deadline = loop.time() + timeout_s
        self.future: asyncio.Future[CallReply] = loop.create_future()
        self.timer: asyncio.TimerHandle | None = None


class _Answered:
    """Lets the one who asked know, once the answer is stored."""

    __slots__ = ("call", "reply")

    def __init__(self, call: OurCall, reply: CallReply) -> None:
        self.call, self.reply = call, reply

    def committed(self, _: bytes | None) -> None:
        if not self.call.future.done():
            self.call.future.set_result(self.reply)


class OurCalls:
    """The direction from us to the station; never waits for the other direction."""

    __slots__ = ("_current", "_late", "_link", "_queue", "triggered")

    def __init__(self, link: "Link") -> None:
        self.triggered: frozenset[str] = frozenset()  # messages we asked for, welcome before admission too
        self._link = link
        self._current: OurCall | None = None
        self._queue: deque[OurCall] | None = None  # made at the first call: most lines are idle
        self._late: dict[str, OurCall] | None = None

    async def ask(self, command: AnyCommand, timeout_s: float, message_id: str | None = None) -> CallReply:
        """Send the command when its turn comes; how it ended, stored before it is told."""
        try:
            call = OurCall(self._link, command, timeout_s, message_id)
        except wire.CommandNotInDialect as error:
            return CallReply(state="failed", reason=str(error))
        if self._queue is None:
            self._queue, self._late = deque(), {}
        if len(self._queue) >= self._link.board.settings.limits.queued_commands:
            return CallReply(state="failed", reason="Too many commands wait for this station already.")
        if isinstance(command, TriggerMessage):
            self.triggered |= {command.message}
        call.timer = asyncio.get_running_loop().call_at(call.deadline, self._timed_out, call)
        self._queue.append(call)
        self._next()
        return await call.future

    def answered(self, data: bytes, frame: CallResult | CallError) -> None:
        """A CALLRESULT or CALLERROR arrived."""
        call = self._current
        if call is not None and call.message_id == frame.message_id:
            self._current = None
            self._journal(call, data, self._read(call, frame))
            self._next()
        elif self._late and (late := self._late.pop(frame.message_id, None)) is not None:
            self._link.board.counts.late_answers += 1
            self._journal(late, data, None)
        else:
            self._link.board.counts.unknown_answers += 1

    def end(self, reason: str) -> None:
        """The line is gone."""
        waiting = list(self._queue or ())
        if self._current is not None:
            self._journal(self._current, None, CallReply(state="offline", reason=reason))
        for call in waiting:
            self._finish(call, CallReply(state="offline", reason=reason))
        self._current = None
        if self._queue:
            self._queue.clear()

    def _next(self) -> None:
        if self._current is not None or not self._queue:
            return
        call = self._current = self._queue.popleft()
        link = self._link
        link.board.counts.commands += 1
        link.send(call.frame)
        link.write(EntryKind.SENT, call.action, call.journaled, None, None)

    def _timed_out(self, call: OurCall) -> None:
        reply = CallReply(state="timed_out", reason="The station did not answer.", message_id=call.message_id)
        if call is self._current:
            self._current = None
            self._link.board.counts.command_timeouts += 1
            assert self._late is not None
            self._late[call.message_id] = call
            if len(self._late) > _LATE_KEPT:
                del self._late[next(iter(self._late))]
            self._journal(call, None, reply)
            self._next()
        elif self._queue and call in self._queue:
            self._queue.remove(call)
            self._finish(call, msgspec.structs.replace(reply, reason="Not sent: earlier calls were still waiting."))

    def _read(self, call: OurCall, frame: CallResult | CallError) -> CallReply:
        if isinstance(frame, CallError):
            reason = f"{frame.code}: {frame.text}" if frame.text else frame.code
            return CallReply(state="failed", reason=reason[:300], message_id=call.message_id)
        outcome = wire.read_outcome(self._link.dialect, call.action, frame.payload)
        return CallReply(
            state=outcome.state,
            reason=outcome.reason,
            payload=msgspec.Raw(bytes(frame.payload)),
            message_id=call.message_id,
        )

    def _journal(self, call: OurCall, data: bytes | None, reply: CallReply | None) -> None:
        if call.timer is not None:
            call.timer.cancel()
        waiter = None if reply is None else _Answered(call, reply)
        self._link.write(EntryKind.ANSWERED, call.action, data, call.journaled, waiter)

    def _finish(self, call: OurCall, reply: CallReply) -> None:
        if call.timer is not None:
            call.timer.cancel()
        if not call.future.done():
            call.future.set_result(reply)
