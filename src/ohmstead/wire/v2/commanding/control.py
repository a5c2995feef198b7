"""OCPP 2.x: the station as a whole and its outlets."""

from typing import Any, Final, get_args

from ohmstead.station import commands as c
from ohmstead.wire.refusals import CommandNotInDialect
from ohmstead.wire.saying import Sayings, made, said


def reset(m: Any, command: c.ResetStation) -> Any:
    word = "Immediate" if command.immediate else "OnIdle"
    return m.ResetRequest(type="ImmediateAndResume" if command.resume else word, evse_id=command.evse)


def unlock(m: Any, command: c.UnlockConnector) -> Any:
    return m.UnlockConnectorRequest(evse_id=command.evse, connector_id=command.connector)


def availability(m: Any, command: c.ChangeAvailability) -> Any:
    return m.ChangeAvailabilityRequest(
        operational_status="Operative" if command.operative else "Inoperative",
        evse=_evse(m, command.evse, command.connector),
    )


def trigger(m: Any, command: c.TriggerMessage) -> Any:
    """A StatusNotification is asked for one connector (2.0.1 F06.FR.12), so the first one is named."""
    if command.message not in get_args(m.MessageTriggerEnum):
        raise CommandNotInDialect(f"An OCPP 2.x station cannot be asked for {command.message}.")
    connector = command.connector
    if command.message == "StatusNotification" and connector is None:
        connector = 1
    return made(
        m.TriggerMessageRequest,
        requested_message=command.message,
        evse=_evse(m, command.evse, connector),
        custom_trigger=command.custom,
    )


def _evse(m: Any, evse: int | None, connector: int | None) -> Any:
    return m.EVSE(id=evse, connector_id=connector) if evse else None


def vendor_data(m: Any, command: c.SendVendorData) -> Any:
    return m.DataTransferRequest(vendor_id=command.vendor, message_id=command.message, data=command.data)


SAYINGS: Final[Sayings] = {
    c.ResetStation: said(reset, "Reset"),
    c.UnlockConnector: said(unlock, "UnlockConnector"),
    c.ChangeAvailability: said(availability, "ChangeAvailability"),
    c.TriggerMessage: said(trigger, "TriggerMessage"),
    c.SendVendorData: said(vendor_data, "DataTransfer"),
}
