"""OCPP 2.x: sessions, reservations, costs."""

from typing import Any, Final

from ohmstead.station import commands as c
from ohmstead.wire.saying import Sayings, made, said
from ohmstead.wire.v2.commanding.power import profile_of
from ohmstead.wire.v2.commanding.tokens import group_token, id_token


def start(m: Any, command: c.StartSession) -> Any:
    return made(
        m.RequestStartTransactionRequest,
        id_token=id_token(m, command.token),
        remote_start_id=command.remote_start_id,
        evse_id=command.evse or None,
        group_id_token=group_token(m, command.token),
        charging_profile=profile_of(m, command.profile) if command.profile else None,
    )


def stop(m: Any, command: c.StopSession) -> Any:
    return m.RequestStopTransactionRequest(transaction_id=command.transaction_id)


def status(m: Any, command: c.GetSessionStatus) -> Any:
    return m.GetTransactionStatusRequest(transaction_id=command.transaction_id)


def cost(m: Any, command: c.ShowCost) -> Any:
    return made(m.CostUpdatedRequest, total_cost=command.total_cost, transaction_id=command.transaction_id)


def reserve(m: Any, command: c.ReserveEvse) -> Any:
    return made(
        m.ReserveNowRequest,
        id=command.reservation_id,
        expiry_date_time=command.expires_at,
        id_token=id_token(m, command.token),
        connector_type=command.connector_type,
        evse_id=command.evse or None,
        group_id_token=group_token(m, command.token),
    )


def cancel(m: Any, command: c.CancelReservation) -> Any:
    return m.CancelReservationRequest(reservation_id=command.reservation_id)


SAYINGS: Final[Sayings] = {
    c.StartSession: said(start, "RequestStartTransaction"),
    c.StopSession: said(stop, "RequestStopTransaction"),
    c.GetSessionStatus: said(status, "GetTransactionStatus"),
    c.ShowCost: said(cost, "CostUpdated"),
    c.ReserveEvse: said(reserve, "ReserveNow"),
    c.CancelReservation: said(cancel, "CancelReservation"),
}
