"""Who sends which message of OCPP 2.1."""

from typing import Final

from ohmstead.wire.v2 import directions as shared

FROM_BOTH: Final = shared.FROM_BOTH
FROM_STATION: Final = shared.FROM_STATION | {
    "BatterySwap",
    "ClosePeriodicEventStream",
    "GetCertificateChainStatus",
    "NotifyDERAlarm",
    "NotifyDERStartStop",
    "NotifyPeriodicEventStream",
    "NotifyPriorityCharging",
    "NotifySettlement",
    "OpenPeriodicEventStream",
    "PullDynamicScheduleUpdate",
    "ReportDERControl",
    "VatNumberValidation",
}
