"""One station's connection: frames in, answers out when they are stored, and signs of life."""

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING, Final

import msgspec
from picows import WSCloseCode, WSFrame, WSListener, WSMsgType, WSTransport

from ohmstead import wire
from ohmstead.bus.messages import AdmitReply
from ohmstead.gateway.calls import OurCalls
from ohmstead.gateway.conversation import Conversation
from ohmstead.gateway.holding import Hold
from ohmstead.journal import rows
from ohmstead.journal.entry import EntryKind, shard_of
from ohmstead.journal.writer import Waiter
from ohmstead.station.events import Connected, Disconnected
from ohmstead.wire.dialect import Dialect
from ohmstead.wire.frames import Call, CallError, CallResult, Send, parse_frame
from ohmstead.wire.refusals import FrameRefused

if TYPE_CHECKING:
    from ohmstead.gateway.switchboard import Switchboard

_TEXT: Final = WSMsgType.TEXT
_BINARY: Final = WSMsgType.BINARY
_CONTINUATION: Final = WSMsgType.CONTINUATION
_PING: Final = WSMsgType.PING
_PONG: Final = WSMsgType.PONG
_CLOSE: Final = WSMsgType.CLOSE
_MOST_CLOSE_REASON_BYTES: Final = 120
_CLOSE_WAIT_S: Final = 2.0
_TOLERATED_UNANSWERED: Final = 4  # OCPP allows one; more than a few is a station that does not wait
_PRICE_OF_NOT_WAITING: Final = 10
_encode: Final = msgspec.json.Encoder().encode


class Link(WSListener):
    """Owned by the switchboard from `on_ws_connected` until `closed_by` says why it ended."""

    __slots__ = (
        "_arrivals",
        "_calls_left",
        "_fragments",
        "_held",
        "_no_ping",
        "_presses",
        "_transport",
        "_unanswered_bytes",
        "_waiting",
        "admission",
        "board",
        "calls",
        "closed_by",
        "conversation",
        "dialect",
        "epoch",
        "heartbeat_s",
        "line",
        "organisation_id",
        "quiet",
        "quirks",
        "remote_address",
        "security_profile",
        "station_id",
        "unanswered",
    )

    def __init__(
        self,
        board: "Switchboard",
        admitted: AdmitReply,
        dialect: Dialect,
        *,
        remote_address: str,
        security_profile: int,
    ) -> None:
        assert admitted.station_id is not None
        assert admitted.organisation_id is not None
        self.board = board
        self._arrivals = board.arrivals
        self._waiting: bytes | None = None  # one of the arrivals
        self.station_id, self.organisation_id = admitted.station_id, admitted.organisation_id
        self.epoch, self.admission, self.dialect = admitted.epoch, admitted.admission, dialect
        self.heartbeat_s = admitted.heartbeat_interval_s
        self.remote_address, self.security_profile = remote_address, security_profile
        self.closed_by: str | None = None
        self.unanswered = self._unanswered_bytes = 0
        self.quiet = self._presses = self._held = 0
        self._calls_left = board.most_calls_per_sweep
        self._fragments: bytearray | None = None
        self._transport: WSTransport | None = None
        self.set_quirks(wire.quirk_mask(admitted.vendor, admitted.model, admitted.firmware))
        self.conversation = Conversation(self)
        self.calls = OurCalls(self)

    def set_quirks(self, quirks: int) -> None:
        self.quirks = quirks
        self._no_ping = wire.has_no_ping(quirks)
        shard, stream = shard_of(self.station_id), self.board.journal.stream
        self.line = rows.line(shard, self.station_id, self.epoch, self.dialect, quirks, stream)

    # what picows calls

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._transport = transport
        hello = Connected(
            dialect=self.dialect.subprotocol,
            gateway=self.board.settings.name,
            remote_address=self.remote_address,
            security_profile=self.security_profile,
        )
        self.write(EntryKind.CONNECTED, None, _encode(hello), None, None)
        self.board.enter(self)

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        self.quiet = 0
        if self.closed_by is not None:
            self._after_the_end(transport, frame)
            return
        kind = frame.msg_type
        if kind == _TEXT and frame.fin and self._fragments is None:
            data = frame.get_payload_as_bytes()
        else:
            whole = self._other(transport, frame, kind)
            if whole is None:
                return
            data = whole
        arrivals = self._arrivals
        if self._waiting is not None:
            arrivals.hear()
        self._waiting = data
        links = arrivals.links
        if not links:
            arrivals.expect()
        links.append(self)

    def hear(self, now: datetime) -> None:
        """Take the frame that waits."""
        data, self._waiting = self._waiting, None
        assert data is not None
        self._calls_left -= 1 if self.unanswered < _TOLERATED_UNANSWERED else _PRICE_OF_NOT_WAITING
        if self._calls_left < 0:
            self._slow_down()
        if not self.conversation.hear_plain(data, now):
            self._hear(data)

    def _hear(self, data: bytes) -> None:
        """A frame that is no plain call."""
        try:
            parsed = parse_frame(data, self.dialect)
        except FrameRefused as refused:
            self.conversation.unreadable(data, refused)
            return
        if isinstance(parsed, Call):
            self.conversation.hear(data, parsed)
        elif isinstance(parsed, (CallResult, CallError)):
            self.calls.answered(data, parsed)
        elif isinstance(parsed, Send):
            self.conversation.hear(data, parsed)
        else:
            self.conversation.disputed(data)

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self._end("connection lost")
        self.board.closing.discard(self)

    def pause_writing(self) -> None:
        self.hold(Hold.NOT_READING)

    def resume_writing(self) -> None:
        self.release(Hold.NOT_READING)

    # what the journal calls

    def committed(self, reply: bytes | None) -> None:
        self.unanswered -= 1
        if reply is not None and self.closed_by is None and self._transport is not None:
            self._transport.send(_TEXT, reply)
            self.board.counts.answers += 1
        if not self.unanswered:
            self._unanswered_bytes = 0
            if self._held and self._held & Hold.UNANSWERED:
                self.release(Hold.UNANSWERED)

    # what conversation, calls and switchboard call

    def send(self, data: bytes) -> None:
        if self.closed_by is None and self._transport is not None:
            self._transport.send(_TEXT, data)

    def write(
        self, kind: EntryKind, action: str | None, frame: bytes | None, reply: bytes | None, waiter: Waiter | None
    ) -> None:
        """An entry of now that the station does not wait for."""
        moment = self.board.moment
        moment.now()
        self.board.journal.append(rows.head(kind, action), self.line, moment.at_us, frame, reply, waiter)

    def count_unanswered(self, size: int) -> None:
        """A call of the station went into the journal and will be answered from there."""
        self.unanswered += 1
        self._unanswered_bytes += size
        board = self.board
        if self.unanswered >= board.most_unanswered or self._unanswered_bytes >= board.most_unanswered_bytes:
            self.hold(Hold.UNANSWERED)
        if board.journal.full:
            self.hold(Hold.JOURNAL_FULL)
            board.waiting_for_room[self] = None

    def hold(self, why: Hold) -> None:
        if not self._held and self.closed_by is None and self._transport is not None:
            self._transport.underlying_transport.pause_reading()
        self._held |= why

    def release(self, why: Hold) -> None:
        if not self._held & why:
            return
        self._held &= ~why
        if not self._held and self.closed_by is None and self._transport is not None:
            self._transport.underlying_transport.resume_reading()

    def look(self) -> None:
        """Once per sweep: calls are counted anew, a quiet line is pinged, a dead one closed."""
        self._calls_left = self.board.most_calls_per_sweep
        if self._held & Hold.TOO_FAST:
            self._let_go_or_close()
        elif self._presses:
            self._presses -= 1
        if self._held:
            self.quiet = 0  # it is we who do not listen
            return
        self.quiet += 1
        if self._no_ping:
            if self.quiet * self.board.settings.sweep_s > 2 * max(self.heartbeat_s, self.board.settings.ping_s):
                self._dead()
        elif self.quiet >= 2 * self.board.sweeps_per_ping:
            self._dead()
        elif self.quiet == self.board.sweeps_per_ping and self._transport is not None:
            self._transport.send_ping(b"")

    def close(self, reason: str, code: WSCloseCode = WSCloseCode.OK, *, now: bool = False) -> None:
        """End the connection and say why; `now` does not wait for the other side to agree."""
        transport = self._transport
        self._end(reason)
        if transport is None or transport.is_disconnected:
            return
        transport.send_close(code, reason.encode()[:_MOST_CLOSE_REASON_BYTES].decode("utf-8", "ignore"))
        if now:
            transport.disconnect(False)
            return
        # A socket closed with unread bytes is reset and the reason lost: read on until the other side closes. Not from
        # one that floods: it has the time until the reset.
        self.board.closing.add(self)
        if self._held and not self._held & Hold.TOO_FAST:
            transport.underlying_transport.resume_reading()
        asyncio.get_running_loop().call_later(_CLOSE_WAIT_S, transport.disconnect, False)

    # inside

    def _end(self, reason: str) -> None:
        if self.closed_by is not None:
            return
        self._arrivals.hear()
        self.closed_by = reason
        self.write(EntryKind.DISCONNECTED, None, _encode(Disconnected(reason=reason)), None, None)
        self.calls.end(reason)
        self.board.leave(self)

    def _after_the_end(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type == _CLOSE:
            transport.disconnect()
        else:
            self.board.counts.late_frames += 1

    def _dead(self) -> None:
        self.board.counts.dead_peers += 1
        seconds = self.quiet * self.board.settings.sweep_s
        self.close(f"no sign of life for {seconds:g} s", WSCloseCode.GOING_AWAY, now=True)

    def _slow_down(self) -> None:
        if self._held & Hold.TOO_FAST:
            return
        self.board.counts.slowed += 1
        if self.unanswered > _TOLERATED_UNANSWERED:
            self._presses += 1
        self.hold(Hold.TOO_FAST)

    def _let_go_or_close(self) -> None:
        if self._presses * self.board.settings.sweep_s >= self.board.settings.limits.slowed_s:
            self.board.counts.flooders_closed += 1
            limit = self.board.settings.limits.calls_per_s
            self.close(
                f"sends more than {limit} calls per second without waiting for answers", WSCloseCode.POLICY_VIOLATION
            )
        else:
            self.release(Hold.TOO_FAST)

    def _other(self, transport: WSTransport, frame: WSFrame, kind: WSMsgType) -> bytes | None:
        """Everything but a whole text frame; bytes when a message is complete."""
        if kind == _PING:
            transport.send_pong(frame.get_payload_as_bytes())
        elif kind == _CLOSE:
            code, words = frame.get_close_code(), (frame.get_close_message() or b"").decode("utf-8", "replace")
            self.close(f"the station closed: {int(code)} {words}".strip(), code)
            transport.disconnect()
        elif kind in (_TEXT, _BINARY, _CONTINUATION):
            return self._assemble(frame, kind)
        return None

    def _assemble(self, frame: WSFrame, kind: WSMsgType) -> bytes | None:
        if kind == _CONTINUATION:
            if self._fragments is None:
                self.close("a continuation of nothing", WSCloseCode.PROTOCOL_ERROR)
                return None
        elif self._fragments is not None:
            self.close("a new message inside a fragmented one", WSCloseCode.PROTOCOL_ERROR)
            return None
        else:
            self._fragments = bytearray()
        self._fragments += frame.get_payload_as_bytes()
        if len(self._fragments) > self.board.settings.limits.frame_bytes:
            self.close("message too long", WSCloseCode.MESSAGE_TOO_BIG)
            return None
        if not frame.fin:
            return None
        data, self._fragments = bytes(self._fragments), None
        return data
