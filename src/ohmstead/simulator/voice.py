"""What a dialect must be able to say and to understand for a station; behaviour lives elsewhere."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from ohmstead.simulator.evse import Evse, Session, Trigger
from ohmstead.simulator.meter import Sample
from ohmstead.simulator.ocmf import SignedText
from ohmstead.station.readings import ReadingContext
from ohmstead.station.states import StopReason
from ohmstead.station.tokens import PresentedToken
from ohmstead.wire.dialect import Dialect

if TYPE_CHECKING:
    from ohmstead.simulator.station import Station

type Payload = dict[str, Any]
type Handler = Callable[["Station", Payload], Payload]


@dataclass(frozen=True, slots=True)
class Said:
    action: str
    payload: Payload


@dataclass(frozen=True, slots=True)
class Verdict:
    accepted: bool
    status: str
    group_uid: str | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class BootAnswer:
    status: str  # Accepted, Pending, Rejected
    interval_s: int


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment of a transaction, before a dialect puts it into words."""

    kind: str  # began, moved, sampled, ended
    trigger: Trigger
    at: datetime
    sample: Sample
    context: ReadingContext
    offline: bool
    reason: StopReason | None = None
    token: PresentedToken | None = None
    signed: SignedText | None = None


class Voice(Protocol):
    dialect: Dialect
    handlers: Mapping[str, Handler]

    def boot(self, station: "Station", reason: str) -> Said: ...
    def boot_answer(self, result: Payload) -> BootAnswer: ...
    def heartbeat(self) -> Said: ...
    def status(self, station: "Station", evse: Evse | None) -> Said: ...
    def authorise(self, token: PresentedToken, evse: Evse) -> Said: ...
    def verdict(self, result: Payload) -> Verdict: ...
    def transaction(self, station: "Station", evse: Evse, session: Session, moment: Moment) -> Said | None: ...
    def fill(self, session: Session, payload: Payload) -> Payload:
        """Complete a stored payload with what is known only when it leaves."""
        ...

    def transaction_answer(self, session: Session, action: str, result: Payload) -> Verdict | None: ...
    def meter_values(self, station: "Station", evse: Evse, moment: Moment) -> Said: ...
    def firmware_status(self, status: str, request_id: int | None) -> Said: ...
    def log_status(self, status: str, request_id: int | None) -> Said: ...
    def security_event(self, kind: str, at: datetime, info: str) -> Said: ...
    def sign_certificate(self, csr_pem: str) -> Said: ...
    def reservation_over(self, reservation_id: int, status: str) -> Said | None: ...
