"""What a station tells us, whatever dialect it speaks.

An event carries what was said. Who said it, when it arrived and on which connection stands in the
journal entry the event was read from.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from ohmstead.station.readings import Reading
from ohmstead.station.states import ChargingState, PlugState, StopReason
from ohmstead.station.tokens import PresentedToken, TokenVerdict


class Event(msgspec.Struct, frozen=True, gc=False, tag=True, kw_only=True, omit_defaults=True):
    """Base of all events."""


class Connected(Event, frozen=True, kw_only=True):
    dialect: str  # ocpp1.6, ocpp2.0.1, ocpp2.1
    gateway: str
    remote_address: str
    security_profile: int


class Disconnected(Event, frozen=True, kw_only=True):
    reason: str


class Booted(Event, frozen=True, kw_only=True):
    vendor: str
    model: str
    serial: str | None = None
    firmware: str | None = None
    reason: str | None = None
    iccid: str | None = None
    imsi: str | None = None
    meter_type: str | None = None
    meter_serial: str | None = None


class Alive(Event, frozen=True, kw_only=True):
    """Heartbeat."""


class PlugStateChanged(Event, frozen=True, kw_only=True):
    """`evse` None speaks for the whole station; `connector` is set by 2.x only."""

    evse: int | None
    connector: int | None = None
    state: PlugState
    at: datetime
    error_code: str | None = None  # the station's own word; None when it reports no error
    vendor_error_code: str | None = None
    info: str | None = None


class TokenPresented(Event, frozen=True, kw_only=True):
    """Authorize, with the verdict we gave."""

    token: PresentedToken
    verdict: TokenVerdict
    evse: int | None = None


class TransactionStarted(Event, frozen=True, kw_only=True):
    """`transaction_id` is the 2.x id, or the derived 1.6 id as decimal text: the one that stands in our answer.

    `evse` 0: no outlet is chosen yet.
    """

    transaction_id: str
    evse: int
    connector: int | None = None
    at: datetime
    at_as_sent: str  # raw text of the time, part of the content identity of a 1.6 start
    register_wh: Decimal | None = None
    token: PresentedToken | None = None
    verdict: TokenVerdict | None = None
    charging_state: ChargingState | None = None
    reservation_id: int | None = None
    remote_start_id: int | None = None
    seq_no: int | None = None
    offline: bool = False
    readings: tuple[Reading, ...] = ()


class TransactionUpdated(Event, frozen=True, kw_only=True):
    """2.x only: TransactionEvent Updated."""

    transaction_id: str
    evse: int | None = None
    connector: int | None = None
    at: datetime
    trigger: str | None = None
    charging_state: ChargingState | None = None
    token: PresentedToken | None = None
    verdict: TokenVerdict | None = None
    remote_start_id: int | None = None
    seq_no: int | None = None
    offline: bool = False
    readings: tuple[Reading, ...] = ()


class TransactionEnded(Event, frozen=True, kw_only=True):
    """`transaction_id` None: the station does not know it (1.6 sends -1); match by connector, token and time."""

    transaction_id: str | None
    evse: int | None = None
    at: datetime
    register_wh: Decimal | None = None
    token: PresentedToken | None = None
    reason: StopReason = StopReason.DRIVER
    reason_as_sent: str | None = None
    charging_state: ChargingState | None = None
    seq_no: int | None = None
    offline: bool = False
    readings: tuple[Reading, ...] = ()


class MeterSampled(Event, frozen=True, kw_only=True):
    """MeterValues; `transaction_id` None is a station reading outside any transaction."""

    evse: int | None
    transaction_id: str | None = None
    readings: tuple[Reading, ...]


class FirmwareStatusChanged(Event, frozen=True, kw_only=True):
    status: str
    request_id: int | None = None


class LogStatusChanged(Event, frozen=True, kw_only=True):
    status: str
    request_id: int | None = None


class SecurityEventRaised(Event, frozen=True, kw_only=True):
    kind: str
    at: datetime
    info: str | None = None


class CertificateRequested(Event, frozen=True, kw_only=True):
    """SignCertificate: a signing request in PEM. `purpose` is 'station' or 'v2g'."""

    csr_pem: str
    purpose: str = "station"
    request_id: int | None = None


class StationNotice(Event, frozen=True, kw_only=True):
    """Any other message, kept whole so that nothing said is lost: projected to the station's timeline."""

    action: str
    payload: dict[str, Any]


class CommandAnswered(Event, frozen=True, kw_only=True):
    """The answer to one of our calls. `error_code` set means the station answered CALLERROR or never answered."""

    message_id: str
    action: str
    payload: dict[str, Any] | None = None
    error_code: str | None = None
    error_text: str | None = None


class FrameRejected(Event, frozen=True, kw_only=True):
    """A frame we could not understand; `code` is the error we answered with, if the protocol lets us."""

    code: str
    text: str
    action: str | None = None


type AnyEvent = (
    Connected
    | Disconnected
    | Booted
    | Alive
    | PlugStateChanged
    | TokenPresented
    | TransactionStarted
    | TransactionUpdated
    | TransactionEnded
    | MeterSampled
    | FirmwareStatusChanged
    | LogStatusChanged
    | SecurityEventRaised
    | CertificateRequested
    | StationNotice
    | CommandAnswered
    | FrameRejected
)
