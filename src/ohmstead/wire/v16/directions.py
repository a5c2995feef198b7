"""Who sends which message of OCPP 1.6; what is not named here is sent by us."""

from typing import Final

FROM_BOTH: Final = frozenset({"DataTransfer"})
FROM_STATION: Final = frozenset(
    {
        "Authorize",
        "BootNotification",
        "DiagnosticsStatusNotification",
        "FirmwareStatusNotification",
        "Heartbeat",
        "LogStatusNotification",
        "MeterValues",
        "SecurityEventNotification",
        "SignCertificate",
        "SignedFirmwareStatusNotification",
        "StartTransaction",
        "StatusNotification",
        "StopTransaction",
    }
)
