"""What we ask of a station, whatever dialect it speaks."""

from ohmstead.station.commands.base import (
    Command,
    CommandOutcome,
    Item,
    Part,
    RawCommand,
    new_request_id,
)
from ohmstead.station.commands.certificates import (
    CertificateId,
    DeleteCertificate,
    DeliverCertificate,
    InstallCertificate,
    ListCertificates,
)
from ohmstead.station.commands.control import (
    ChangeAvailability,
    ResetStation,
    SendVendorData,
    TriggerMessage,
    UnlockConnector,
)
from ohmstead.station.commands.display import (
    ClearDisplayMessage,
    DisplayText,
    GetDisplayMessages,
    SetDisplayMessage,
)
from ohmstead.station.commands.grid import (
    ClearGridControls,
    CurvePoint,
    DischargeLimit,
    EnterService,
    FixedPowerFactor,
    FixedVar,
    FrequencyDroop,
    GetGridControls,
    GridCurve,
    Hysteresis,
    MeanVoltageTrip,
    Ramp,
    SetGridControl,
    VoltVarReference,
)
from ohmstead.station.commands.monitoring import (
    AdjustEventStream,
    ClearMonitors,
    GetEventStreams,
    GetMonitors,
    Monitor,
    SetMonitoringBase,
    SetMonitoringLevel,
    SetMonitors,
    StreamPace,
)
from ohmstead.station.commands.power import (
    ChargingProfile,
    ChargingSchedule,
    ClearChargingProfiles,
    Flow,
    FrequencyPoint,
    GetChargingProfiles,
    GetCompositeSchedule,
    LimitFromCharge,
    ScheduleStep,
    SendFrequencySignal,
    SetChargingProfile,
    SignalPoint,
    UpdateDynamicSchedule,
)
from ohmstead.station.commands.sessions import (
    AllowEnergyTransfer,
    AnnounceWebPayment,
    CancelReservation,
    GetSessionStatus,
    RequestBatterySwap,
    ReserveEvse,
    SetPriorityCharging,
    ShowCost,
    StartSession,
    StopSession,
)
from ohmstead.station.commands.settings import (
    Apn,
    AttributeName,
    AttributeValue,
    ChangePassword,
    GetInventory,
    GetReport,
    GetSettings,
    ReadVariables,
    SetNetworkProfile,
    SetSetting,
    VariableName,
    Vpn,
    WriteVariables,
)
from ohmstead.station.commands.tariffs import (
    ChangeSessionTariff,
    ClearTariffs,
    CostBound,
    EnergyPrice,
    EnergyPrices,
    FixedPrice,
    FixedPrices,
    FixedPriceWhen,
    GetTariffs,
    MinutePrice,
    MinutePrices,
    PriceWhen,
    SetDefaultTariff,
    StationTariff,
    Tax,
)
from ohmstead.station.commands.tokens import (
    ClearTokenCache,
    GetCustomerInformation,
    GetTokenListVersion,
    ListedToken,
    SendTokenList,
)
from ohmstead.station.commands.upkeep import (
    GetLog,
    PublishFirmware,
    UnpublishFirmware,
    UpdateFirmware,
)

type AnyCommand = (
    StartSession
    | StopSession
    | GetSessionStatus
    | SetPriorityCharging
    | AllowEnergyTransfer
    | RequestBatterySwap
    | ShowCost
    | AnnounceWebPayment
    | ReserveEvse
    | CancelReservation
    | ResetStation
    | UnlockConnector
    | ChangeAvailability
    | TriggerMessage
    | SendVendorData
    | ChangePassword
    | SetSetting
    | GetSettings
    | ReadVariables
    | WriteVariables
    | GetInventory
    | GetReport
    | SetNetworkProfile
    | SendTokenList
    | GetTokenListVersion
    | ClearTokenCache
    | GetCustomerInformation
    | SetChargingProfile
    | ClearChargingProfiles
    | GetChargingProfiles
    | GetCompositeSchedule
    | UpdateDynamicSchedule
    | SendFrequencySignal
    | UpdateFirmware
    | PublishFirmware
    | UnpublishFirmware
    | GetLog
    | DeliverCertificate
    | InstallCertificate
    | ListCertificates
    | DeleteCertificate
    | SetMonitors
    | ClearMonitors
    | GetMonitors
    | SetMonitoringBase
    | SetMonitoringLevel
    | GetEventStreams
    | AdjustEventStream
    | SetDisplayMessage
    | GetDisplayMessages
    | ClearDisplayMessage
    | SetDefaultTariff
    | GetTariffs
    | ClearTariffs
    | ChangeSessionTariff
    | SetGridControl
    | GetGridControls
    | ClearGridControls
    | RawCommand
)

__all__ = [
    "AdjustEventStream",
    "AllowEnergyTransfer",
    "AnnounceWebPayment",
    "AnyCommand",
    "Apn",
    "AttributeName",
    "AttributeValue",
    "CancelReservation",
    "CertificateId",
    "ChangeAvailability",
    "ChangePassword",
    "ChangeSessionTariff",
    "ChargingProfile",
    "ChargingSchedule",
    "ClearChargingProfiles",
    "ClearDisplayMessage",
    "ClearGridControls",
    "ClearMonitors",
    "ClearTariffs",
    "ClearTokenCache",
    "Command",
    "CommandOutcome",
    "CostBound",
    "CurvePoint",
    "DeleteCertificate",
    "DeliverCertificate",
    "DischargeLimit",
    "DisplayText",
    "EnergyPrice",
    "EnergyPrices",
    "EnterService",
    "FixedPowerFactor",
    "FixedPrice",
    "FixedPriceWhen",
    "FixedPrices",
    "FixedVar",
    "Flow",
    "FrequencyDroop",
    "FrequencyPoint",
    "GetChargingProfiles",
    "GetCompositeSchedule",
    "GetCustomerInformation",
    "GetDisplayMessages",
    "GetEventStreams",
    "GetGridControls",
    "GetInventory",
    "GetLog",
    "GetMonitors",
    "GetReport",
    "GetSessionStatus",
    "GetSettings",
    "GetTariffs",
    "GetTokenListVersion",
    "GridCurve",
    "Hysteresis",
    "InstallCertificate",
    "Item",
    "LimitFromCharge",
    "ListCertificates",
    "ListedToken",
    "MeanVoltageTrip",
    "MinutePrice",
    "MinutePrices",
    "Monitor",
    "Part",
    "PriceWhen",
    "PublishFirmware",
    "Ramp",
    "RawCommand",
    "ReadVariables",
    "RequestBatterySwap",
    "ReserveEvse",
    "ResetStation",
    "ScheduleStep",
    "SendFrequencySignal",
    "SendTokenList",
    "SendVendorData",
    "SetChargingProfile",
    "SetDefaultTariff",
    "SetDisplayMessage",
    "SetGridControl",
    "SetMonitoringBase",
    "SetMonitoringLevel",
    "SetMonitors",
    "SetNetworkProfile",
    "SetPriorityCharging",
    "SetSetting",
    "ShowCost",
    "SignalPoint",
    "StartSession",
    "StationTariff",
    "StopSession",
    "StreamPace",
    "Tax",
    "TriggerMessage",
    "UnlockConnector",
    "UnpublishFirmware",
    "UpdateDynamicSchedule",
    "UpdateFirmware",
    "VariableName",
    "VoltVarReference",
    "Vpn",
    "WriteVariables",
    "new_request_id",
]
