"""OCPP 1.6: the station as a whole and its connectors."""

from typing import Any, Final, get_args

import msgspec

from ohmstead.station import commands as c
from ohmstead.wire.refusals import CommandNotInDialect
from ohmstead.wire.saying import Sayings, said
from ohmstead.wire.v16 import messages as m

_EXTENDED: Final = {"SignChargingStationCertificate": "SignChargePointCertificate"}


def reset(command: c.ResetStation) -> m.Message:
    if command.evse:
        raise CommandNotInDialect("An OCPP 1.6 station can only be reset as a whole.")
    return m.ResetRequest(type="Hard" if command.immediate else "Soft")


def unlock(command: c.UnlockConnector) -> m.Message:
    return m.UnlockConnectorRequest(connector_id=command.evse)


def availability(command: c.ChangeAvailability) -> m.Message:
    return m.ChangeAvailabilityRequest(
        connector_id=command.evse or 0, type="Operative" if command.operative else "Inoperative"
    )


def trigger(command: c.TriggerMessage) -> m.Message:
    """The core message where it knows the word, the one of the security extension for the others."""
    word: Any = _EXTENDED.get(command.message, command.message)
    if word in get_args(m.TriggerMessageRequestRequestedMessage):
        return m.TriggerMessageRequest(requested_message=word, connector_id=command.evse)
    if word in get_args(m.MessageTriggerEnum):
        return m.ExtendedTriggerMessageRequest(requested_message=word, connector_id=command.evse)
    raise CommandNotInDialect(f"An OCPP 1.6 station cannot be asked for {command.message}.")


def vendor_data(command: c.SendVendorData) -> m.Message:
    """1.6 sends text; anything else goes as JSON in a text."""
    data = command.data
    if data is not None and not isinstance(data, str):
        data = msgspec.json.encode(data).decode()
    return m.DataTransferRequest(vendor_id=command.vendor, message_id=command.message, data=data)


SAYINGS: Final[Sayings] = {
    c.ResetStation: said(reset, "Reset", without=("evse", "resume")),
    c.UnlockConnector: said(unlock, "UnlockConnector", ignores=("connector",)),
    c.ChangeAvailability: said(availability, "ChangeAvailability", without=("connector",)),
    c.TriggerMessage: said(
        trigger, "TriggerMessage", "ExtendedTriggerMessage", without=("custom",), ignores=("connector",)
    ),
    c.SendVendorData: said(vendor_data, "DataTransfer"),
}
