"""What travels on the bus, as JSON."""

from datetime import datetime
from uuid import UUID

import msgspec

from ohmstead.station.answers import Admission
from ohmstead.station.certificates import CertificateState, ContractChain, ContractQuestion, OcspQuestion
from ohmstead.station.tokens import TokenKind, TokenVerdict


class AdmitRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A station stands at the door. `password_hash` is the keyed hash of what it gave, never the password."""

    identity: str
    organisation: str | None  # slug from the address, None: the default organisation
    gateway: str
    remote_address: str
    subprotocol: str
    security_profile: int  # 0 plain, 1 plain + password, 2 TLS + password, 3 TLS + client certificate
    password_hash: str | None = None
    certificate_fingerprint: str | None = None  # SHA-256 of the verified client certificate, hex
    certificate_name: str | None = None  # its common name


class AdmitReply(msgspec.Struct, frozen=True, kw_only=True):
    """`admission` refused carries `reason`, a sentence for the installer, and the HTTP status to close with."""

    admission: Admission
    reason: str | None = None
    http_status: int = 101
    station_id: UUID | None = None
    organisation_id: UUID | None = None
    epoch: int = 0
    heartbeat_interval_s: int = 300
    vendor: str | None = None
    model: str | None = None
    firmware: str | None = None


class AuthoriseRequest(msgspec.Struct, frozen=True, kw_only=True):
    organisation_id: UUID
    station_id: UUID
    uid: str
    kind: TokenKind
    purpose: str  # authorise, start, stop
    evse: int | None = None
    transaction_id: str | None = None


class AuthoriseReply(msgspec.Struct, frozen=True, kw_only=True):
    verdict: TokenVerdict
    reason: str
    until: datetime | None = None
    parent_uid: str | None = None


class CertificateQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """What a car asks through its station (ISO 15118): the state of a chain, or a contract.

    Where the station passed the `chain` itself on, we check it up to the roots of the organisation.
    """

    station_id: UUID
    organisation_id: UUID | None = None
    chain: ContractChain | None = None
    ocsp: tuple[OcspQuestion, ...] = ()
    contract: ContractQuestion | None = None


class CertificateAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """`data` is base64: the first OCSP answer (DER) or the contract (EXI); None with a sentence in `note`."""

    data: str | None = None
    note: str | None = None
    state: CertificateState | None = None


class GatewaySeen(msgspec.Struct, frozen=True, kw_only=True):
    gateway: str
    stream: int
    connections: int
    entries_total: int
    draining: bool = False


class LinkTaken(msgspec.Struct, frozen=True, kw_only=True):
    station_id: UUID
    epoch: int
    gateway: str


class StationChanged(msgspec.Struct, frozen=True, kw_only=True):
    """`admission` is the new one; `close` asks the holder of the socket to close it with this reason."""

    station_id: UUID
    admission: Admission
    close: str | None = None


class CallRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Send `command` (JSON of a station.commands struct) to a station; answer when it answered or timed out."""

    station_id: UUID
    command: msgspec.Raw
    timeout_s: float = 30.0
    message_id: str | None = None  # of the CALL; a command row's own id, so that the journal can name the row


class CallReply(msgspec.Struct, frozen=True, kw_only=True):
    """`state` as in station.commands.CommandOutcome; 'offline' when this gateway does not hold the station."""

    state: str
    reason: str | None = None
    payload: msgspec.Raw = msgspec.Raw(b"null")
    message_id: str | None = None


class JournalAppended(msgspec.Struct, frozen=True, kw_only=True):
    """A wake-up for readers: this stream has entries up to `seq`. Losing it only costs them a poll."""

    stream: int
    seq: int


class DoorRefused(msgspec.Struct, frozen=True, kw_only=True):
    """A station was turned away before anybody was asked: no common subprotocol, a user that is not its identity."""

    identity: str
    organisation: str | None
    gateway: str
    remote_address: str
    code: str
    sentence: str
    http_status: int
