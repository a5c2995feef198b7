"""Sessions and what happens around them: started, stopped, reserved, paid."""

from decimal import Decimal
from typing import Annotated, Literal

import msgspec

from ohmstead.station.commands.base import Command, Count, Moment, RequestId, new_request_id, suggesting
from ohmstead.station.commands.power import ChargingProfile
from ohmstead.station.tokens import PresentedToken

type EnergyTransfer = Literal[
    "AC_single_phase", "AC_two_phase", "AC_three_phase", "DC", "AC_BPT", "AC_BPT_DER", "AC_DER",
    "DC_BPT", "DC_ACDP", "DC_ACDP_BPT", "WPT",
]  # fmt: skip

type ConnectorType = Annotated[
    str,
    suggesting(
        "cCCS1", "cCCS2", "cG105", "cTesla", "cType1", "cType2", "s309-1P-16A", "s309-1P-32A", "s309-3P-16A",
        "s309-3P-32A", "sBS1361", "sCEE-7-7", "sType2", "sType3", "Other1PhMax16A", "Other1PhOver16A", "Other3Ph",
        "Pan", "wInductive", "wResonant", "Undetermined", "Unknown",
    ),
]  # fmt: skip


class StartSession(Command, frozen=True, kw_only=True):
    """Start a session for a token. OCPP: RemoteStartTransaction, RequestStartTransaction."""

    token: PresentedToken
    evse: int | None = None
    remote_start_id: int
    profile: ChargingProfile | None = None


class StopSession(Command, frozen=True, kw_only=True):
    """Stop a running session. OCPP: RemoteStopTransaction, RequestStopTransaction."""

    transaction_id: str


class GetSessionStatus(Command, frozen=True, kw_only=True):
    """Ask whether a session runs and whether messages still wait at the station. OCPP: GetTransactionStatus."""

    transaction_id: str | None = None


class SetPriorityCharging(Command, frozen=True, kw_only=True):
    """Let a session charge ahead of the others, or no longer. OCPP: UsePriorityCharging."""

    transaction_id: str
    active: bool = True


class AllowEnergyTransfer(Command, frozen=True, kw_only=True):
    """Say which ways of transferring energy a session may use. OCPP: NotifyAllowedEnergyTransfer."""

    transaction_id: str
    modes: tuple[EnergyTransfer, ...]


class RequestBatterySwap(Command, frozen=True, kw_only=True):
    """Let a token swap batteries at the station. OCPP: RequestBatterySwap."""

    token: PresentedToken
    request_id: RequestId = msgspec.field(default_factory=new_request_id)


class ShowCost(Command, frozen=True, kw_only=True):
    """Show what a running session costs so far, in the station's currency. OCPP: CostUpdated."""

    transaction_id: str
    total_cost: Decimal


class AnnounceWebPayment(Command, frozen=True, kw_only=True):
    """Tell the station that a driver has begun to pay on the web for an outlet. OCPP: NotifyWebPaymentStarted."""

    evse: Count
    timeout_s: Count


class ReserveEvse(Command, frozen=True, kw_only=True):
    """Keep an outlet, or any of the station, free for a token. OCPP: ReserveNow."""

    reservation_id: Count
    token: PresentedToken
    expires_at: Moment
    evse: int | None = None
    connector_type: ConnectorType | None = None


class CancelReservation(Command, frozen=True, kw_only=True):
    """Give a reserved outlet free. OCPP: CancelReservation."""

    reservation_id: Count
