"""The tables of charging, a module per noun."""

from ohmstead.charging.models.app_starts import AppStart, SessionLimit
from ohmstead.charging.models.authorisation import (
    ListState,
    LocalList,
    MayReserve,
    OfflinePolicy,
    SiteRules,
    TokenRefusal,
)
from ohmstead.charging.models.plates import Camera, PlateOffer, PlateOfferState
from ohmstead.charging.models.reservations import (
    OPEN_RESERVATIONS,
    OPEN_WAITS,
    EnforcedBy,
    Reservation,
    ReservationState,
    Wait,
    WaitState,
)
from ohmstead.charging.models.sessions import (
    NO_SESSION,
    Closing,
    Mark,
    MeterReading,
    QuarantinedEntry,
    Session,
    SessionState,
    Standing,
    StrayStop,
)

__all__ = [
    "NO_SESSION",
    "OPEN_RESERVATIONS",
    "OPEN_WAITS",
    "AppStart",
    "Camera",
    "Closing",
    "EnforcedBy",
    "ListState",
    "LocalList",
    "Mark",
    "MayReserve",
    "MeterReading",
    "OfflinePolicy",
    "PlateOffer",
    "PlateOfferState",
    "QuarantinedEntry",
    "Reservation",
    "ReservationState",
    "Session",
    "SessionLimit",
    "SessionState",
    "SiteRules",
    "Standing",
    "StrayStop",
    "TokenRefusal",
    "Wait",
    "WaitState",
]
