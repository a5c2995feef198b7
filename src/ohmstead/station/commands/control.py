"""The station as a whole and its outlets."""

from typing import Annotated, Any

from ohmstead.station.commands.base import Command, suggesting

type Trigger = Annotated[
    str,
    suggesting(
        "BootNotification", "CustomTrigger", "DiagnosticsStatusNotification", "FirmwareStatusNotification", "Heartbeat",
        "LogStatusNotification", "MeterValues", "PublishFirmwareStatusNotification", "SignChargingStationCertificate",
        "SignCombinedCertificate", "SignV2G20Certificate", "SignV2GCertificate", "StatusNotification",
        "TransactionEvent",
    ),
]  # fmt: skip


class ResetStation(Command, frozen=True, kw_only=True):
    """Restart the station or one outlet, at once or when no session runs. OCPP: Reset."""

    immediate: bool = False
    evse: int | None = None
    resume: bool = False  # at once, and sessions go on afterwards


class UnlockConnector(Command, frozen=True, kw_only=True):
    """Release the plug at an outlet. OCPP: UnlockConnector."""

    evse: int
    connector: int = 1


class ChangeAvailability(Command, frozen=True, kw_only=True):
    """Take the station, an outlet or a connector out of use, or back into use. OCPP: ChangeAvailability."""

    operative: bool
    evse: int | None = None
    connector: int | None = None


class TriggerMessage(Command, frozen=True, kw_only=True):
    """Ask the station to send one of its messages now. OCPP: TriggerMessage, ExtendedTriggerMessage."""

    message: Trigger
    evse: int | None = None
    connector: int | None = None
    custom: str | None = None  # the vendor's own word, with the message CustomTrigger


class SendVendorData(Command, frozen=True, kw_only=True):
    """Send data of the vendor's own kind. OCPP: DataTransfer."""

    vendor: str
    message: str | None = None
    data: Any = None
