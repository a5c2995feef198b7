"""What a driver presents to be let in."""

from enum import StrEnum

import msgspec


class TokenKind(StrEnum):
    RFID = "rfid"  # 1.6 idTag; ISO14443 and ISO15693 in 2.x
    APP = "app"  # 2.x Central: a start from our side
    LOCAL = "local"
    KEYCODE = "keycode"
    MAC_ADDRESS = "mac_address"  # Autocharge
    EMAID = "emaid"  # Plug & Charge contract
    VIN = "vin"
    DIRECT_PAYMENT = "direct_payment"
    NO_AUTHORIZATION = "no_authorization"


class PresentedToken(msgspec.Struct, frozen=True, gc=False):
    """A token exactly as the station sent it; `uid` keeps the station's spelling."""

    uid: str
    kind: TokenKind = TokenKind.RFID
    group_uid: str | None = None

    @property
    def canonical_uid(self) -> str:
        return canonical_uid(self.uid)


def canonical_uid(uid: str) -> str:
    """The spelling under which tokens are compared: OCPP compares without case, readers add separators."""
    return uid.replace("\x00", "").strip().replace(":", "").replace("-", "").replace(" ", "").upper()


class TokenVerdict(StrEnum):
    """The answer to a presented token; dialects translate it (1.6 knows only some)."""

    ACCEPTED = "accepted"
    BLOCKED = "blocked"
    EXPIRED = "expired"
    INVALID = "invalid"
    CONCURRENT_TX = "concurrent_tx"
    NO_CREDIT = "no_credit"
    NOT_ALLOWED_TYPE_EVSE = "not_allowed_type_evse"
    NOT_AT_THIS_LOCATION = "not_at_this_location"
    NOT_AT_THIS_TIME = "not_at_this_time"
    UNKNOWN = "unknown"
