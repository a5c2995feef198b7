"""What is known of one session. Facts only accumulate: the same set of facts in any order gives the same value.

Of each kind the earliest few are kept; "the k smallest of a union" is commutative, associative and idempotent.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

import msgspec

from ohmstead.charging.rules.meter import MeterState
from ohmstead.charging.rules.sequence import add_number
from ohmstead.station.events import TransactionEnded, TransactionStarted, TransactionUpdated
from ohmstead.station.tokens import PresentedToken, TokenVerdict, canonical_uid

_RESOLUTION_WH: Final = Decimal("0.001")
_BEYOND_ANY_METER: Final = Decimal(10) ** 14
KEPT: Final = 4  # differing tellings of one start or stop that are kept


class StartFact(msgspec.Struct, frozen=True, omit_defaults=True):
    at: datetime
    evse: int | None = None
    connector: int | None = None
    register_wh: Decimal | None = None


class EndFact(msgspec.Struct, frozen=True, omit_defaults=True):
    at: datetime
    reason: str
    register_wh: Decimal | None = None


class TokenFact(msgspec.Struct, frozen=True, omit_defaults=True):
    at: datetime
    uid: str
    kind: str
    verdict: str | None = None


class SessionFacts(msgspec.Struct, omit_defaults=True):
    """`first_at`, `last_at`: span of everything said under the transaction's own id."""

    starts: list[StartFact] = []
    ends: list[EndFact] = []
    tokens: list[TokenFact] = []
    evse: int | None = None
    connector: int | None = None
    first_at: datetime | None = None
    last_at: datetime | None = None
    numbers: list[tuple[int, int]] = []
    remote_start_id: int | None = None
    offline: bool = False
    untimed: bool = False  # some of its times are those of arrival, because the station's own could not be true
    meter: MeterState = msgspec.field(default_factory=MeterState)

    def heard_start(self, event: TransactionStarted) -> None:
        self.starts = earliest(
            self.starts, StartFact(event.at, place(event.evse), place(event.connector), exact(event.register_wh))
        )
        self._heard(event)

    def heard_update(self, event: TransactionUpdated) -> None:
        self._heard(event)

    def heard_end(self, event: TransactionEnded) -> None:
        self.ends = earliest(self.ends, EndFact(event.at, event.reason.value, exact(event.register_wh)))
        self.spoken_of(event.at)
        self.at_evse(event.evse)
        self.numbers = add_number(self.numbers, event.seq_no)
        self.offline = self.offline or event.offline

    def spoken_of(self, at: datetime) -> None:
        if self.last_at is None or at > self.last_at:
            self.last_at = at
        if self.first_at is None or at < self.first_at:
            self.first_at = at

    def at_evse(self, evse: int | None, connector: int | None = None) -> None:
        self.evse = least(self.evse, place(evse))
        self.connector = least(self.connector, place(connector))

    def _heard(self, event: TransactionStarted | TransactionUpdated) -> None:
        self.spoken_of(event.at)
        self.at_evse(event.evse, event.connector)
        self.numbers = add_number(self.numbers, event.seq_no)
        if event.remote_start_id is not None and abs(event.remote_start_id) < 2**63:
            self.remote_start_id = least(self.remote_start_id, event.remote_start_id)
        self.offline = self.offline or event.offline
        if event.token is not None:
            self.tokens = earliest(self.tokens, token_fact(event.at, event.token, event.verdict))

    @property
    def start(self) -> StartFact | None:
        """The earliest telling, completed by later ones."""
        if len(self.starts) < 2:
            return self.starts[0] if self.starts else None
        register_wh = next((start.register_wh for start in self.starts if start.register_wh is not None), None)
        return StartFact(self.starts[0].at, self.starts[0].evse, self.starts[0].connector, register_wh)

    @property
    def end(self) -> EndFact | None:
        """The earliest telling, completed by later ones."""
        if len(self.ends) < 2:
            return self.ends[0] if self.ends else None
        register_wh = next((end.register_wh for end in self.ends if end.register_wh is not None), None)
        return EndFact(self.ends[0].at, self.ends[0].reason, register_wh)

    @property
    def token(self) -> TokenFact | None:
        """Whose session it is: the first token that was let in, else one nobody judged, else the first presented."""
        for verdict in (TokenVerdict.ACCEPTED, None):
            for token in self.tokens:
                if token.verdict == verdict:
                    return token
        return self.tokens[0] if self.tokens else None

    @property
    def refused(self) -> bool:
        token = self.token
        return token is not None and token.verdict not in (None, TokenVerdict.ACCEPTED)

    def started_at(self) -> datetime:
        start = self.start
        at = start.at if start is not None else self.first_at
        assert at is not None, "a session exists because something was said of it"
        return at


def token_fact(at: datetime, token: PresentedToken, verdict: TokenVerdict | None) -> TokenFact:
    return TokenFact(
        at, canonical_uid(token.uid)[:255], token.kind.value, verdict.value if verdict is not None else None
    )


def place(number: int | None) -> int | None:
    """The number of an EVSE or connector; 0 stands for none in particular, and no station has 32,768 of them."""
    return number if number is not None and 0 < number < 2**15 else None


def least(one: int | None, other: int | None) -> int | None:
    if one is None or other is None:
        return other if one is None else one
    return min(one, other)


def exact(value: Decimal | None) -> Decimal | None:
    """One spelling for equal amounts, at the resolution that is stored, 0.001 Wh; what no meter can show is None."""
    if value is None or not abs(value) < _BEYOND_ANY_METER:
        return None
    return value.quantize(_RESOLUTION_WH)


def earliest[F: StartFact | EndFact | TokenFact](kept: Sequence[F], fact: F) -> list[F]:
    if fact in kept:
        return list(kept)
    return sorted([*kept, fact], key=_rank)[:KEPT]


def _rank(fact: StartFact | EndFact | TokenFact) -> tuple[datetime, bytes]:
    return fact.at, msgspec.json.encode(fact)
