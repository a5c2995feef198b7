"""What a station can do, as far as it has said: an operation is offered until something speaks against it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

# OCPP 1.6: messages that belong to a feature profile; all others belong to Core, or to no profile at all.
_PROFILE_OF: Final = {
    "GetDiagnostics": "FirmwareManagement",
    "UpdateFirmware": "FirmwareManagement",
    "GetLocalListVersion": "LocalAuthListManagement",
    "SendLocalList": "LocalAuthListManagement",
    "ReserveNow": "Reservation",
    "CancelReservation": "Reservation",
    "SetChargingProfile": "SmartCharging",
    "ClearChargingProfile": "SmartCharging",
    "GetCompositeSchedule": "SmartCharging",
    "TriggerMessage": "RemoteTrigger",
}
# OCPP 2.x: the controller whose variable Available says whether the messages do anything.
_CONTROLLER_OF: Final = {
    "GetLocalListVersion": "LocalAuthListCtrlr",
    "SendLocalList": "LocalAuthListCtrlr",
    "ClearCache": "AuthCacheCtrlr",
    "ReserveNow": "ReservationCtrlr",
    "CancelReservation": "ReservationCtrlr",
    "SetChargingProfile": "SmartChargingCtrlr",
    "ClearChargingProfile": "SmartChargingCtrlr",
    "GetChargingProfiles": "SmartChargingCtrlr",
    "GetCompositeSchedule": "SmartChargingCtrlr",
    "UpdateDynamicSchedule": "SmartChargingCtrlr",
    "UsePriorityCharging": "SmartChargingCtrlr",
    "SetDisplayMessage": "DisplayMessageCtrlr",
    "GetDisplayMessages": "DisplayMessageCtrlr",
    "ClearDisplayMessage": "DisplayMessageCtrlr",
    "CostUpdated": "TariffCostCtrlr",
    "SetDefaultTariff": "TariffCostCtrlr",
    "GetTariffs": "TariffCostCtrlr",
    "ClearTariffs": "TariffCostCtrlr",
    "ChangeTransactionTariff": "TariffCostCtrlr",
    "SetMonitoringBase": "MonitoringCtrlr",
    "SetMonitoringLevel": "MonitoringCtrlr",
    "SetVariableMonitoring": "MonitoringCtrlr",
    "ClearVariableMonitoring": "MonitoringCtrlr",
    "GetMonitoringReport": "MonitoringCtrlr",
    "NotifyAllowedEnergyTransfer": "V2XChargingCtrlr",
    "AFRRSignal": "V2XChargingCtrlr",
}
PROFILES_KEY: Final = "SupportedFeatureProfiles"


@dataclass(frozen=True, slots=True)
class Learned:
    """`profiles` None: the station has not said; `absent` are controllers it said it has not."""

    profiles: frozenset[str] | None
    absent: frozenset[str]
    refused: Mapping[str, Mapping[str, str]]  # OCPP message -> word and time


def against(actions: Collection[str], learned: Learned) -> str:
    """Why a station would not do any of these messages; empty when nothing is known against one of them."""
    reasons = [_against(action, learned) for action in actions]
    return "" if not reasons or "" in reasons else reasons[0]


def _against(action: str, learned: Learned) -> str:
    refusal = learned.refused.get(action)
    if refusal is not None:
        return f"The station answered {action} with {refusal['word']} on {refusal['at'][:10]}."
    profile = _PROFILE_OF.get(action)
    if learned.profiles is not None and profile is not None and profile not in learned.profiles:
        return f"The station says that it has not the feature profile {profile}."
    controller = _CONTROLLER_OF.get(action)
    if controller in learned.absent:
        return f"The station says that {controller} is not available."
    return ""


def profiles_in(value: str) -> frozenset[str] | None:
    """The names in SupportedFeatureProfiles; None when that says nothing one could rely on."""
    names = frozenset(part.strip() for part in value.split(",") if part.strip())
    return names if "Core" in names else None
