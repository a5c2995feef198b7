"""What a driver presents to be let in."""

import re
from enum import StrEnum
from typing import Final

import msgspec


class TokenKind(StrEnum):
    RFID = "rfid"  # 1.6 idTag; ISO14443 and ISO15693 in 2.x
    APP = "app"  # 2.x Central: a start from our side
    GUEST = "guest"  # one charge without an account; stations hear Central
    LOCAL = "local"
    KEYCODE = "keycode"
    MAC_ADDRESS = "mac_address"  # Autocharge
    EMAID = "emaid"  # Plug & Charge contract
    VIN = "vin"
    PLATE = "plate"  # read by a camera of ours; stations hear Central
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
    """The spelling under which tokens are compared: OCPP compares without case, readers add separators.

    The check digit of a contract id is optional (ISO 15118-2, annex H), so a right one is left away.
    """
    plain = uid.replace("\x00", "").strip().replace(":", "").replace("-", "").replace(" ", "").upper()
    if len(plain) == 15 and _EMAID.fullmatch(plain) and emaid_check_digit(plain[:14]) == plain[14]:
        return plain[:14]
    return plain


_EMAID: Final = re.compile(r"[A-Z]{2}[A-Z0-9]{13}")
_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

type _Pair = tuple[int, int]


def emaid_check_digit(emaid: str) -> str:
    """Of 14 letters and digits; eMI3's code: two linear codes, modulo 2 and 3, whose sums with the digit are zero."""
    return next(digit for digit in _ALPHABET if _sums(emaid + digit) == ((0, 0), (0, 0)))


def _sums(emaid: str) -> tuple[_Pair, _Pair]:
    twos: _Pair = (0, 0)
    threes: _Pair = (0, 0)
    for character in reversed(emaid):  # Horner: the last character is multiplied most often
        twos, threes = _stepped(twos, threes, _ALPHABET.index(character))
    return twos, threes


def _stepped(twos: _Pair, threes: _Pair, number: int) -> tuple[_Pair, _Pair]:
    """Add a character, then multiply by [[0 1] [1 1]] modulo 2 and by [[0 1] [1 2]] modulo 3."""
    a, b = twos[0] + number // 18, twos[1] + number // 9 % 2
    c, d = threes[0] + number % 9 // 3, threes[1] + number % 3
    return (b % 2, (a + b) % 2), (d % 3, (c + 2 * d) % 3)


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
