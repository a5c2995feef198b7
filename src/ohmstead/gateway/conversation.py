"""The station's calls on one connection: in order, each with one effect, answered from the journal."""

from collections import deque
from datetime import datetime
from typing import TYPE_CHECKING, Final

from ohmstead import wire
from ohmstead.gateway.answers import RecentAnswers
from ohmstead.gateway.holding import Hold
from ohmstead.journal import rows
from ohmstead.journal.entry import EntryKind
from ohmstead.station.answers import Admission, Answer, Need
from ohmstead.station.certificates import CertificateState
from ohmstead.station.events import Booted
from ohmstead.station.tokens import PresentedToken, TokenVerdict
from ohmstead.wire.dialect import Dialect
from ohmstead.wire.frames import Call, Send
from ohmstead.wire.refusals import CallRefused, Fault, FrameRefused, error_code

if TYPE_CHECKING:
    from ohmstead.gateway.link import Link

_RECEIVED: Final = int(EntryKind.RECEIVED)
_UNREADABLE: Final = int(EntryKind.UNREADABLE)
_NOTHING: Final = Need.NOTHING
_ACCEPTED: Final = Admission.ACCEPTED
_MOST_KNOWN_ACTIONS: Final = 512
_read_call: Final = wire.read_call
_write_answer: Final = wire.write_answer
_write_receipt: Final = wire.write_receipt
_action_columns: Final[dict[str, bytes]] = {}


def action_column(action: str) -> bytes:
    """Packed once per name; the bound keeps invented names from piling up."""
    column = _action_columns.get(action)
    if column is None:
        column = rows.action(action)
        if len(_action_columns) < _MOST_KNOWN_ACTIONS:
            _action_columns[action] = column
    return column


class Conversation:
    """The direction from the station to us. While a call waits for a decision the next ones wait behind it."""

    __slots__ = ("_answers", "_deciding", "_link", "_queue")

    def __init__(self, link: "Link") -> None:
        self._link = link
        self._answers = RecentAnswers()
        self._deciding = False
        self._queue: deque[tuple[bytes, Call | Send, datetime]] | None = None

    def hear(self, data: bytes, call: Call | Send) -> None:
        board = self._link.board
        board.counts.calls += 1
        key = hash(data)
        if self._answers.repeated(call.message_id, key) and call.action != "Heartbeat":
            self._again(key)
        elif self._deciding:
            self._wait_behind(key, data, call)
        else:
            self._take(data, call, board.moment.now(), key)

    def unreadable(self, data: bytes, refused: FrameRefused) -> None:
        """Kept raw, and answered when the protocol has an answer for it."""
        link = self._link
        link.board.counts.unreadable += 1
        reply = wire.write_refusal(link.dialect, refused.message_id, refused) if refused.answerable else None
        self._store(link.board.moment.now(), _UNREADABLE, rows.NULL, data, reply, hash(data))

    def disputed(self, data: bytes) -> None:
        """2.1: the station could not take one of our answers."""
        self._link.board.counts.unreadable += 1
        self._store(self._link.board.moment.now(), _UNREADABLE, rows.NULL, data, None, hash(data))

    def age(self) -> None:
        self._answers.age()

    def _again(self, key: int) -> None:
        link = self._link
        link.board.counts.duplicate_calls += 1
        reply = self._answers.reply(key)
        if reply is not None:
            link.count_unanswered(0)
            link.board.journal.follow(link, reply)

    def _take(self, data: bytes, call: Call | Send, now: datetime, key: int) -> None:
        link = self._link
        try:
            asked = _read_call(
                link.dialect,
                call,
                station_id=link.station_id,
                epoch=link.epoch,
                quirks=link.quirks,
                received_at=now,
            )
            if link.admission is not _ACCEPTED:
                self._check_pending(asked)
        except CallRefused as refused:
            link.board.counts.unreadable += 1
            reply = wire.write_refusal(link.dialect, call.message_id, refused)
            self._store(now, _UNREADABLE, action_column(call.action), data, None if type(call) is Send else reply, key)
            return
        need = asked.need
        if need is _NOTHING:
            receipt = None if type(call) is Send else _write_receipt(asked, call.message_id)
            if receipt is None:
                self._answer(data, call, asked, now, Answer(now=now), key)
            else:
                self._store(now, _RECEIVED, action_column(call.action), data, receipt, key)
        elif need is Need.ADMISSION:
            self._answer_boot(data, call, asked, now, key)
        else:
            self._answers.remember(key, None)
            self._deciding = True
            link.board.decide(self._decide(data, call, asked, now, key))

    def _answer_boot(self, data: bytes, call: Call | Send, asked: wire.Asked, now: datetime, key: int) -> None:
        link = self._link
        accepted = link.admission is _ACCEPTED
        interval_s = link.heartbeat_s if accepted else link.board.settings.policy.pending_retry_s
        answer = Answer(now=now, admission=link.admission, interval_s=interval_s)
        reply = self._answer(data, call, asked, now, answer, key)
        told = wire.events_of_call(
            link.dialect,
            data,
            reply,
            station_id=link.station_id,
            epoch=link.epoch,
            quirks=link.quirks,
            received_at=now,
        )
        for event in told.events:
            if isinstance(event, Booted):
                link.set_quirks(wire.quirk_mask(event.vendor, event.model, event.firmware))

    async def _decide(self, data: bytes, call: Call | Send, asked: wire.Asked, now: datetime, key: int) -> None:
        """Ask whoever knows, answer, then go on with what waited behind."""
        link = self._link
        try:
            if asked.need is Need.VERDICT and asked.token is not None:
                answer = await self._verdict(asked, asked.token)
            else:
                said = await link.board.verdicts.certificate(link.station_id, asked.ocsp, asked.contract)
                now_answered = link.board.moment.now()
                answer = Answer(now=now_answered, certificate_data=said.data, certificate_note=said.note)
            self._answer(data, call, asked, now, answer, key)
        finally:
            self._deciding = False
        while self._queue and not self._deciding:
            waiting_data, waiting_call, waiting_now = self._queue.popleft()
            self._take(waiting_data, waiting_call, waiting_now, hash(waiting_data))
        if not self._queue:
            self._queue = None
            link.release(Hold.DECIDING)

    async def _verdict(self, asked: wire.Asked, token: PresentedToken) -> Answer:
        link, board = self._link, self._link.board
        if link.admission is not _ACCEPTED:
            return Answer(now=board.moment.now(), verdict=TokenVerdict.INVALID)
        found = board.verdicts.fresh(link.station_id, token, asked.purpose) or await board.verdicts.ask(
            link.organisation_id, link.station_id, token, asked.purpose, asked.evse, asked.transaction_id
        )
        verdict, state = found.verdict, None
        if asked.ocsp:
            state = (await board.verdicts.certificate(link.station_id, asked.ocsp, None)).state
            if state is CertificateState.REVOKED and verdict is TokenVerdict.ACCEPTED:
                verdict = TokenVerdict.INVALID
        return Answer(
            now=board.moment.now(),
            verdict=verdict,
            certificate_state=state,
            verdict_until=found.until,
            parent_uid=found.parent_uid,
        )

    def _wait_behind(self, key: int, data: bytes, call: Call | Send) -> None:
        if self._queue is None:
            self._queue = deque()
        self._queue.append((data, call, self._link.board.moment.now()))
        self._answers.remember(key, None)
        if len(self._queue) >= self._link.board.most_unanswered:
            self._link.hold(Hold.DECIDING)

    def _check_pending(self, asked: wire.Asked) -> None:
        """OCPP 2.0.1 B02.FR.09: before admission only the boot and what we asked for; 1.6 has no such answer."""
        link = self._link
        if link.dialect is Dialect.V16 or asked.need is Need.ADMISSION:
            return
        if asked.action == "NotifyReport" or asked.action in link.calls.triggered:
            return
        raise CallRefused(error_code(link.dialect, Fault.SECURITY), "This station waits for the operator's approval.")

    def _answer(
        self, data: bytes, call: Call | Send, asked: wire.Asked, now: datetime, answer: Answer, key: int
    ) -> bytes | None:
        reply = None if type(call) is Send else _write_answer(asked, answer, message_id=call.message_id)
        self._store(now, _RECEIVED, action_column(call.action), data, reply, key)
        return reply

    def _store(self, now: datetime, kind: int, action: bytes, data: bytes, reply: bytes | None, key: int) -> None:
        link = self._link
        self._answers.remember(key, reply)
        link.board.journal.append(link.line, link.board.moment.us(now), kind, action, data, reply, link)
        link.count_unanswered(len(data))
