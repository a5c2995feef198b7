"""Drivers, what they present and keep with us, what they are told, and what was noticed."""

from ohmstead.drivers.models.accounts import (
    AccountExport,
    CodePurpose,
    Consent,
    ConsentKind,
    ExportState,
    Favourite,
    Preferences,
    Prefers,
    SignInCode,
    Vehicle,
)
from ohmstead.drivers.models.joining import GroupDomain
from ohmstead.drivers.models.notices import (
    Channel,
    Notice,
    NoticeChoice,
    NoticeKind,
    PushKey,
    PushSubscription,
    Sending,
    SendingState,
)
from ohmstead.drivers.models.people import Driver, Group, GroupKind, GroupMember
from ohmstead.drivers.models.seen import Alarm, AlarmKind, Sighting
from ohmstead.drivers.models.tokens import Token, TokenStatus

__all__ = [
    "AccountExport",
    "Alarm",
    "AlarmKind",
    "Channel",
    "CodePurpose",
    "Consent",
    "ConsentKind",
    "Driver",
    "ExportState",
    "Favourite",
    "Group",
    "GroupDomain",
    "GroupKind",
    "GroupMember",
    "Notice",
    "NoticeChoice",
    "NoticeKind",
    "Preferences",
    "Prefers",
    "PushKey",
    "PushSubscription",
    "Sending",
    "SendingState",
    "Sighting",
    "SignInCode",
    "Token",
    "TokenStatus",
    "Vehicle",
]
