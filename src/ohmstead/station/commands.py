"""What we ask of a station, whatever dialect it speaks."""

from datetime import datetime
from typing import Any

import msgspec

from ohmstead.station.tokens import PresentedToken


class Command(msgspec.Struct, frozen=True, tag=True, kw_only=True, omit_defaults=True):
    """Base of all commands."""


class StartSession(Command, frozen=True, kw_only=True):
    token: PresentedToken
    evse: int | None = None
    remote_start_id: int


class StopSession(Command, frozen=True, kw_only=True):
    transaction_id: str


class ResetStation(Command, frozen=True, kw_only=True):
    immediate: bool = False
    evse: int | None = None


class UnlockConnector(Command, frozen=True, kw_only=True):
    evse: int
    connector: int = 1


class ChangeAvailability(Command, frozen=True, kw_only=True):
    operative: bool
    evse: int | None = None


class TriggerMessage(Command, frozen=True, kw_only=True):
    """`message` is the OCPP name: BootNotification, StatusNotification, MeterValues ..."""

    message: str
    evse: int | None = None


class ChangePassword(Command, frozen=True, kw_only=True):
    """1.6 AuthorizationKey, 2.x SecurityCtrlr.BasicAuthPassword."""

    password: str


class DeliverCertificate(Command, frozen=True, kw_only=True):
    """CertificateSigned: the chain in PEM, leaf first."""

    chain_pem: str
    purpose: str = "station"
    request_id: int | None = None


class SetSetting(Command, frozen=True, kw_only=True):
    """One configuration key (1.6) or variable (2.x, written `Component.Variable`)."""

    name: str
    value: str


class GetSettings(Command, frozen=True, kw_only=True):
    names: tuple[str, ...] = ()


class RawCommand(Command, frozen=True, kw_only=True):
    action: str
    payload: dict[str, Any]


type AnyCommand = (
    StartSession
    | StopSession
    | ResetStation
    | UnlockConnector
    | ChangeAvailability
    | TriggerMessage
    | ChangePassword
    | DeliverCertificate
    | SetSetting
    | GetSettings
    | RawCommand
)


class CommandOutcome(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a command ended, in the words every dialect shares.

    `state`: accepted, rejected, timed_out, offline, failed. `reason` is the station's word or our sentence.
    """

    state: str
    reason: str | None = None
    payload: dict[str, Any] | None = None
    answered_at: datetime | None = None
