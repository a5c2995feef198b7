"""The words of OCPP 2.x beside ours."""

from typing import Final

from ohmstead.station.states import ChargingState, PlugState, StopReason
from ohmstead.station.tokens import TokenKind, TokenVerdict

PLUG_STATES: Final = {
    "Available": PlugState.AVAILABLE,
    "Occupied": PlugState.OCCUPIED,
    "Reserved": PlugState.RESERVED,
    "Unavailable": PlugState.UNAVAILABLE,
    "Faulted": PlugState.FAULTED,
}
CHARGING_STATES: Final = {
    "Idle": ChargingState.IDLE,
    "EVConnected": ChargingState.CONNECTED,
    "Charging": ChargingState.CHARGING,
    "SuspendedEV": ChargingState.SUSPENDED_CAR,
    "SuspendedEVSE": ChargingState.SUSPENDED_STATION,
}
STOP_REASONS: Final = {
    None: StopReason.DRIVER,  # 2.0.1 TransactionType.stoppedReason: may only be omitted when it is Local
    "Local": StopReason.DRIVER,
    "DeAuthorized": StopReason.DEAUTHORISED,
    "EmergencyStop": StopReason.EMERGENCY_STOP,
    "EnergyLimitReached": StopReason.LIMIT_REACHED,
    "CostLimitReached": StopReason.LIMIT_REACHED,
    "EVDisconnected": StopReason.CAR_UNPLUGGED,
    "GroundFault": StopReason.FAULT,
    "ImmediateReset": StopReason.HARD_RESET,
    "LocalOutOfCredit": StopReason.LIMIT_REACHED,
    "MasterPass": StopReason.OTHER,
    "OvercurrentFault": StopReason.FAULT,
    "PowerLoss": StopReason.POWER_LOSS,
    "PowerQuality": StopReason.FAULT,
    "Reboot": StopReason.REBOOT,
    "Remote": StopReason.REMOTE,
    "SOCLimitReached": StopReason.LIMIT_REACHED,
    "StoppedByEV": StopReason.CAR_FULL,
    "TimeLimitReached": StopReason.LIMIT_REACHED,
    "Timeout": StopReason.TIMEOUT,
}
TOKEN_KINDS: Final = {
    "Central": TokenKind.APP,
    "DirectPayment": TokenKind.DIRECT_PAYMENT,
    "eMAID": TokenKind.EMAID,
    "EVCCID": TokenKind.MAC_ADDRESS,
    "ISO14443": TokenKind.RFID,
    "ISO15693": TokenKind.RFID,
    "KeyCode": TokenKind.KEYCODE,
    "Local": TokenKind.LOCAL,
    "MacAddress": TokenKind.MAC_ADDRESS,
    "NoAuthorization": TokenKind.NO_AUTHORIZATION,
    "VIN": TokenKind.VIN,
}
TOKEN_WORDS: Final = {
    TokenKind.APP: "Central",
    TokenKind.DIRECT_PAYMENT: "DirectPayment",
    TokenKind.EMAID: "eMAID",
    TokenKind.GUEST: "Central",
    TokenKind.KEYCODE: "KeyCode",
    TokenKind.LOCAL: "Local",
    TokenKind.MAC_ADDRESS: "MacAddress",
    TokenKind.NO_AUTHORIZATION: "NoAuthorization",
    TokenKind.PLATE: "Central",
    TokenKind.RFID: "ISO14443",
    TokenKind.VIN: "VIN",
}
VERDICT_WORDS: Final = {
    TokenVerdict.ACCEPTED: "Accepted",
    TokenVerdict.BLOCKED: "Blocked",
    TokenVerdict.CONCURRENT_TX: "ConcurrentTx",
    TokenVerdict.EXPIRED: "Expired",
    TokenVerdict.INVALID: "Invalid",
    TokenVerdict.NO_CREDIT: "NoCredit",
    TokenVerdict.NOT_ALLOWED_TYPE_EVSE: "NotAllowedTypeEVSE",
    TokenVerdict.NOT_AT_THIS_LOCATION: "NotAtThisLocation",
    TokenVerdict.NOT_AT_THIS_TIME: "NotAtThisTime",
    TokenVerdict.UNKNOWN: "Unknown",
}
VERDICTS: Final = {word: verdict for verdict, word in VERDICT_WORDS.items()}
