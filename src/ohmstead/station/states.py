"""The states of a plug and of a session, as the business speaks of them."""

from enum import StrEnum


class PlugState(StrEnum):
    """State of an EVSE or connector. 2.x says only OCCUPIED; its charging state tells the rest."""

    AVAILABLE = "available"
    PREPARING = "preparing"
    CHARGING = "charging"
    SUSPENDED_CAR = "suspended_car"
    SUSPENDED_STATION = "suspended_station"
    FINISHING = "finishing"
    OCCUPIED = "occupied"
    RESERVED = "reserved"
    UNAVAILABLE = "unavailable"
    FAULTED = "faulted"
    UNKNOWN = "unknown"


class ChargingState(StrEnum):
    """What happens inside a transaction (OCPP 2.0.1 ChargingStateEnumType; 1.6 tells it by connector status)."""

    IDLE = "idle"
    CONNECTED = "connected"
    CHARGING = "charging"
    SUSPENDED_CAR = "suspended_car"
    SUSPENDED_STATION = "suspended_station"


class StopReason(StrEnum):
    DRIVER = "driver"  # Local
    REMOTE = "remote"
    CAR_UNPLUGGED = "car_unplugged"
    EMERGENCY_STOP = "emergency_stop"
    DEAUTHORISED = "deauthorised"
    POWER_LOSS = "power_loss"
    REBOOT = "reboot"
    HARD_RESET = "hard_reset"
    SOFT_RESET = "soft_reset"
    UNLOCKED = "unlocked"
    LIMIT_REACHED = "limit_reached"
    CAR_FULL = "car_full"
    FAULT = "fault"
    TIMEOUT = "timeout"
    OTHER = "other"
    LOST = "lost"  # ours: the station never spoke of it again
