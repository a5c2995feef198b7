"""OCPP 1.6: sessions and reservations."""

from typing import Final

from ohmstead.station import commands as c
from ohmstead.wire.saying import Sayings, made, said
from ohmstead.wire.v16 import messages as m
from ohmstead.wire.v16.commanding.power import LACKS, profile_of
from ohmstead.wire.v16.commanding.tokens import group_tag, tag
from ohmstead.wire.v16.transactions import transaction_number


def start(command: c.StartSession) -> m.Message:
    """1.6 has no room for a remote start id: the session is recognised by card and connector."""
    return m.RemoteStartTransactionRequest(
        id_tag=tag(command.token),
        connector_id=command.evse or None,
        charging_profile=profile_of(command.profile) if command.profile else None,
    )


def stop(command: c.StopSession) -> m.Message:
    return m.RemoteStopTransactionRequest(transaction_id=transaction_number(command.transaction_id))


def reserve(command: c.ReserveEvse) -> m.Message:
    """Connector 0 is any of the station."""
    return made(
        m.ReserveNowRequest,
        connector_id=command.evse or 0,
        expiry_date=command.expires_at,
        id_tag=tag(command.token),
        parent_id_tag=group_tag(command.token),
        reservation_id=command.reservation_id,
    )


def cancel(command: c.CancelReservation) -> m.Message:
    return m.CancelReservationRequest(reservation_id=command.reservation_id)


SAYINGS: Final[Sayings] = {
    c.StartSession: said(
        start, "RemoteStartTransaction", without=LACKS, ignores=("remote_start_id", "token.group_uid", "token.kind")
    ),
    c.StopSession: said(stop, "RemoteStopTransaction"),
    c.ReserveEvse: said(reserve, "ReserveNow", without=("connector_type",), ignores=("token.kind",)),
    c.CancelReservation: said(cancel, "CancelReservation"),
}
